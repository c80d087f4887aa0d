use super::*;

/// What Fowler et al. 2023, section 6.2 warn of: the cooling fails while the source emits.
#[test]
fn a_failed_cooler_interlocks_and_a_mended_one_comes_back() {
    let p = EmitterParams::default();
    let mut e = Emitter::ready(&p, 25.0);
    e.set_emitting(true);
    assert_eq!(e.due(), None, "held at the set point nothing is due");
    e.set_world(25.0, 0.0);
    // From 25 °C towards 40 °C with 8 J/K over 0.02 W/K = 400 s: 33 °C after 400 s ln(15/7).
    let (trip, due) = e.due().expect("it warms");
    assert_eq!(due, Due::Interlock);
    assert!((trip.as_secs() - 400.0 * libm::log(15.0 / 7.0)).abs() < 1e-6, "{}", trip.as_secs());
    e.step(trip);
    e.fire(due);
    assert_eq!((e.state(), e.emitting()), (EmitterState::Interlocked, false));
    assert!((e.temperature_c() - 33.0).abs() < 1e-6);
    e.set_emitting(true);
    assert!(!e.emitting(), "an interlocked source does not emit");
    e.set_world(25.0, 1.0);
    let mut at_s = trip.as_secs();
    for wanted in [Due::EnterBand, Due::Settled] {
        let (t, due) = e.due().expect("it comes back");
        assert_eq!(due, wanted);
        e.step(t);
        e.fire(due);
        at_s = t.as_secs();
    }
    assert_eq!(e.state(), EmitterState::Ready);
    // 8 K off the set point to 1 K at 0.2 K/s, then ln 5 time constants of 5 s to 0.2 K, and 20 s to settle.
    assert!((at_s - trip.as_secs() - (35.0 + 5.0 * libm::log(5.0) + 20.0)).abs() < 1e-3, "{at_s}");
}
