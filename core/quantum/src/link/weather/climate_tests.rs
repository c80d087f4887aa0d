use super::*;
use crate::ground::Streams;
use proptest::prelude::*;

fn climate(params: &ClimateParams, seed: u64) -> Climate {
    Climate::new(params, &START, Streams::new(seed).stream("weather"))
}

/// The campus at midnight of 15 January 2022.
const START: Start = Start { latitude_deg: 52.38, longitude_deg: -1.56, unix_s: 1_642_204_800.0 };

#[test]
fn the_climates_pass_their_check_and_have_their_shares() {
    let (summer, winter) = (ClimateParams::default(), ClimateParams::winter());
    assert_eq!((summer.check(), winter.check()), (Ok(()), Ok(())));
    for (params, shares) in [
        (&summer, [0.3276, 0.5868, 0.0755, 0.0100, 0.0]),
        (&winter, [0.1884, 0.6653, 0.0909, 0.0362, 0.0192]),
    ] {
        for (ours, theirs) in params.shares().iter().zip(shares) {
            assert!((ours - theirs).abs() < 1e-4, "{ours} {theirs}");
        }
    }
    let mut odd = summer;
    odd.next[1][1] = 0.1;
    assert_eq!(odd.check().map_err(|e| e.field), Err("next[1][1]".into()));
}

#[test]
fn in_the_long_run_each_regime_has_its_share() {
    let params = ClimateParams { step_s: 600.0, ..ClimateParams::winter() };
    let mut climate = climate(&params, 1);
    let mut counts = [0u32; 5];
    let (mut rain_mm, mut log_rain, mut log_sq, mut wet) = (0.0, 0.0, 0.0, 0u32);
    // Ten years of winter.
    let n = 10 * 365 * 144;
    for k in 0..n {
        let t_s = f64::from(k) * 600.0;
        let regime = climate.regime_at(t_s);
        counts[regime as usize] += 1;
        let w = climate.at(t_s);
        rain_mm += (w.rain_mm_h + w.snow_mm_h) / 6.0;
        if regime == Regime::Rain {
            let log = libm::log(w.rain_mm_h + w.snow_mm_h);
            log_rain += log;
            log_sq += log * log;
            wet += 1;
        }
    }
    for (count, share) in counts.iter().zip(params.shares()) {
        let ours = f64::from(*count) / f64::from(n);
        assert!((ours - share).abs() < 0.1 * share + 0.002, "{counts:?}");
    }
    // Log-normal rain: median 0.6 mm/h, spread 1.
    let mean = log_rain / f64::from(wet);
    let sd = (log_sq / f64::from(wet) - mean * mean).sqrt();
    assert!((mean - libm::log(0.6)).abs() < 0.1 && (sd - 1.0).abs() < 0.07, "{mean} {sd}");
    assert!(rain_mm > 7_000.0 && rain_mm < 11_000.0, "{rain_mm} mm in ten winters' years");
}

#[test]
fn fog_is_thick_moist_and_calm_and_nights_are_cold() {
    let mut climate = climate(&ClimateParams::winter(), 3);
    let (mut fog, mut clear) = (Vec::new(), Vec::new());
    let (mut day, mut night) = ((0.0, 0u32), (0.0, 0u32));
    for k in 0..60 * 24 * 30 {
        let t_s = f64::from(k) * 120.0;
        let w = climate.at(t_s);
        match climate.regime_at(t_s) {
            Regime::Fog => fog.push(w),
            Regime::Clear => clear.push(w),
            _ => {}
        }
        let h = START.sun(t_s).temporal_hour * START.sun(t_s).day_length_h / 12.0;
        if (5.0..7.0).contains(&h) {
            day = (day.0 + w.temperature_c, day.1 + 1);
        } else if (-3.0..-1.0).contains(&h) {
            night = (night.0 + w.temperature_c, night.1 + 1);
        }
    }
    let mean = |ws: &[Weather], f: fn(&Weather) -> f64| ws.iter().map(f).sum::<f64>() / ws.len() as f64;
    assert!(fog.len() > 100 && clear.len() > 100);
    assert!(mean(&fog, |w| w.visibility_km) < 2.0 && mean(&clear, |w| w.visibility_km) > 20.0);
    assert!(mean(&fog, |w| w.humidity_percent) > 93.0);
    assert!(mean(&fog, |w| w.wind_mps) < mean(&clear, |w| w.wind_mps));
    assert!(fog.iter().all(|w| w.fog != Fog::None) && clear.iter().all(|w| w.fog == Fog::None));
    let warmer = day.0 / f64::from(day.1) - night.0 / f64::from(night.1);
    assert!(warmer > 1.0 && warmer < 6.0, "{warmer}");
}

proptest! {
    /// Every number in its range, whatever the climate; one seed, one course, however it is asked for.
    #[test]
    fn one_seed_is_one_course_in_range(
        seed in any::<u64>(),
        lowest in -35.0f64..45.0,
        swing in 0.0f64..5.0,
        wind in 0.1f64..20.0,
        rain in 0.01f64..50.0,
        sigma in 0.0f64..2.0,
        step in 1.0f64..3_600.0,
        times in prop::collection::vec(0.0f64..200_000.0, 1..20),
    ) {
        let params = ClimateParams {
            lowest_c: lowest,
            highest_c: lowest + swing,
            wind_mps: wind,
            rain_mm_h: rain,
            rain_sigma: sigma,
            step_s: step.max(60.0),
            ..ClimateParams::winter()
        };
        prop_assert_eq!(params.check(), Ok(()));
        let mut course = climate(&params, seed);
        for &t_s in &times {
            let w = course.at(t_s);
            prop_assert_eq!(w.check(), Ok(()));
            prop_assert_eq!(climate(&params, seed).at(t_s), w);
            let mut at_s = t_s;
            for _ in 0..50 {
                let next_s = course.next_change_after(at_s);
                prop_assert!(next_s > at_s && next_s <= at_s + params.step_s * 1.001);
                at_s = next_s;
            }
        }
    }
}
