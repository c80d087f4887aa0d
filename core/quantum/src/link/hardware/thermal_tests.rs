use super::*;
use proptest::prelude::*;

/// The same law, integrated in small steps (Runge and Kutta, fourth order).
fn integrated(e: &Thermal, dt_s: f64) -> f64 {
    let p = &e.params;
    let rate = |t_c: f64| {
        let own = if e.emitting { p.emission_heat_w } else { 0.0 };
        let idle = (own + p.air_coupling_w_per_k * (e.air_c - t_c)) / p.heat_capacity_j_per_k;
        if !e.powered {
            return idle;
        }
        let wish =
            (p.control_rate_per_s * (p.set_point_c - t_c)).clamp(-p.ramp_max_k_per_s, p.ramp_max_k_per_s);
        let asked_w = (idle - wish) * p.heat_capacity_j_per_k;
        let limit_w = e.cooler_health
            * p.cooler_max_w
            * (1.0 - (e.air_c + p.hot_side_rise_k - t_c) / p.cooler_max_difference_k);
        idle - asked_w.clamp(-p.heater_max_w, limit_w.max(0.0)) / p.heat_capacity_j_per_k
    };
    let n = 4_000;
    let h = dt_s / f64::from(n);
    let mut t_c = e.temperature_c;
    for _ in 0..n {
        let a = rate(t_c);
        let b = rate(t_c + h / 2.0 * a);
        let c = rate(t_c + h / 2.0 * b);
        let d = rate(t_c + h * c);
        t_c += h / 6.0 * (a + 2.0 * b + 2.0 * c + d);
    }
    t_c
}

fn any_params() -> impl Strategy<Value = EmitterParams> {
    (0.0f64..3.0, 0.5f64..50.0, 0.005f64..0.3, 0.0f64..4.0, 40.0f64..80.0, 0.01f64..1.0, 0.05f64..2.0)
        .prop_map(|(heat, capacity, coupling, cooler, difference, rate, ramp)| EmitterParams {
            emission_heat_w: heat,
            heat_capacity_j_per_k: capacity,
            air_coupling_w_per_k: coupling,
            cooler_max_w: cooler,
            cooler_max_difference_k: difference,
            control_rate_per_s: rate,
            ramp_max_k_per_s: ramp,
            ..EmitterParams::default()
        })
}

fn any_thermal() -> impl Strategy<Value = Thermal> {
    (any_params(), any::<bool>(), -40.0f64..85.0, -40.0f64..60.0, 0.0f64..1.0, any::<bool>()).prop_map(
        |(params, powered, temperature_c, air_c, cooler_health, emitting)| Thermal {
            params,
            temperature_c,
            air_c,
            cooler_health,
            powered,
            emitting,
        },
    )
}

proptest! {
    #[test]
    fn the_exact_course_is_the_integrated_one(e in any_thermal(), dt_s in 0.1f64..400.0) {
        let (exact, stepped) = (e.flow(dt_s), integrated(&e, dt_s));
        prop_assert!((exact - stepped).abs() < 1e-3, "{exact} and {stepped}");
    }

    #[test]
    fn one_long_way_is_two_short_ones(e in any_thermal(), a in 0.01f64..300.0, b in 0.01f64..300.0) {
        let then = Thermal { temperature_c: e.flow(a), ..e.clone() };
        prop_assert!((then.flow(b) - e.flow(a + b)).abs() < 1e-7);
        // Between inputs the temperature goes one way.
        let (x, y, z) = (e.temperature_c, e.flow(a), e.flow(a + b));
        prop_assert!((y - x) * (z - y) >= -1e-9, "{x} {y} {z}");
    }

    #[test]
    fn crossings_are_where_they_are_said_to_be(e in any_thermal(), share in 0.05f64..0.95) {
        let end = e.flow(1e9);
        let target = e.temperature_c + share * (end - e.temperature_c);
        prop_assume!((end - e.temperature_c).abs() > 0.01);
        let Some(t_s) = e.time_to(target) else { return Err(TestCaseError::fail("never")) };
        prop_assert!((e.flow(t_s) - target).abs() < 1e-6, "{} of {target}", e.flow(t_s));
        prop_assert_eq!(e.time_to(end + (end - e.temperature_c)), None);
    }

    /// The controller never makes it worse: the temperature ends no farther out than air, emission and set point.
    #[test]
    fn the_end_lies_between_air_and_set_point(e in any_thermal()) {
        let p = &e.params;
        let own = if e.emitting { p.emission_heat_w / p.air_coupling_w_per_k } else { 0.0 };
        let (low, high) = (e.air_c.min(p.set_point_c), (e.air_c + own).max(p.set_point_c));
        let end = e.flow(1e9);
        prop_assert!((low - 1e-6..=high + 1e-6).contains(&end), "{low} {end} {high}");
    }
}

#[test]
fn the_default_passes_its_own_check_and_bad_ones_do_not() {
    let good = EmitterParams::default();
    assert_eq!(good.check(), Ok(()));
    assert_eq!(
        EmitterParams { set_point_c: 34.0, ..good.clone() }.check().map_err(|e| e.field),
        Err("set_point_c".into())
    );
    assert!(EmitterParams { heat_capacity_j_per_k: f64::NAN, ..good.clone() }.check().is_err());
    assert!(EmitterParams { tolerance_k: 9.0, ..good }.check().is_err());
}

#[test]
fn a_cooler_is_at_its_load_line() {
    // 45 °C outside, hot side at 55 °C: 2 W (1 - 30/67) = 1.104 W at the set point; the load is 0.3 W and 0.4 W.
    let e = Thermal {
        params: EmitterParams::default(),
        temperature_c: 25.0,
        air_c: 45.0,
        cooler_health: 1.0,
        powered: true,
        emitting: true,
    };
    assert!((e.cooler_load() - 0.7 / (2.0 * (1.0 - 30.0 / 67.0))).abs() < 1e-12);
    assert_eq!(Thermal { cooler_health: 0.0, ..e }.cooler_load(), f64::INFINITY);
}
