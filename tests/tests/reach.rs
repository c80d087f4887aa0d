//! The study of reach and the budget of a link, as the terminal prints them.
#![cfg(not(target_arch = "wasm32"))]

use keyway_core::link::{Conditions, Params};
use keyway_core::sim::Scenario;
use keyway_core::studies::budget::{Budget, Span, with_params};
use keyway_core::studies::{self, Agreement, reach};
use serde_json::Value;

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// `keyway study reach --json`: the study's name and its points, each with the fields that programs read.
#[test]
fn the_study_prints_points_whose_rates_fall_with_distance() {
    let printed = json(&reach::outcome(&Scenario::warwick()));
    assert_eq!(printed.as_object().unwrap().keys().collect::<Vec<_>>(), ["points", "study"]);
    assert_eq!(printed["study"], "reach");
    let points = printed["points"].as_array().unwrap();
    let number =
        |point: &Value, name: &str| point[name].as_f64().unwrap_or_else(|| panic!("{name}: {point}"));
    // What is the same along a link that only grows longer.
    let place = |p: &Value| {
        ["visibility_km", "source", "hour_utc", "cn2_m23", "cn2_of_hour"].map(|name| p[name].to_string())
    };
    let mut compared = 0;
    for (i, p) in points.iter().enumerate() {
        let (qber, endless) = (number(p, "qber"), number(p, "skr_asymptotic_bps"));
        assert!((0.0..=0.5).contains(&qber) && number(p, "loss_db") > 0.0);
        assert!(0.0 <= number(p, "skr_finite_bps") && number(p, "skr_finite_bps") <= endless);
        let next = points[i + 1..].iter().find(|q| place(q) == place(p));
        for q in next.into_iter() {
            assert!(
                number(q, "range_m") > number(p, "range_m") && number(q, "loss_db") > number(p, "loss_db")
            );
            for rate in ["skr_asymptotic_bps", "skr_finite_bps"] {
                assert!(number(q, rate) <= number(p, rate), "{rate}: {p} {q}");
            }
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared}");
    let best = |source: &str| {
        let of = points.iter().filter(|p| p["source"] == source).map(|p| number(p, "skr_asymptotic_bps"));
        of.fold(0.0, f64::max)
    };
    assert!(best("ideal") > best("single_photon") && best("single_photon") > 0.0 && best("decoy") > 0.0);
}

/// The study as a page shows it: nothing that was published with its parameters comes out otherwise, but for the
/// links of which too little is told.
#[test]
fn the_report_differs_only_where_it_says_why() {
    let mut shares = Vec::new();
    let study = studies::find("reach").unwrap();
    let report = study.run(&Scenario::warwick(), 1, &mut |share| shares.push(share));
    let differs = report.claims.iter().filter(|c| c.agrees == Agreement::Differs);
    let differs: Vec<&str> = differs.map(|c| c.what.as_str()).collect();
    assert_eq!(
        differs,
        [
            "secret key of BB84 with decoys at about 10 dB overall, 10 MHz",
            "secret key over 300 m in Madrid by full daylight, 850 nm, gigahertz clock",
            "secret key over 145 m in Padua by full daylight, 1550 nm"
        ]
    );
    assert!(report.claims.len() >= 12 && report.claims.iter().all(|c| !c.why.is_empty()));
    for table in &report.tables {
        assert!(!table.rows.is_empty() && table.rows.iter().all(|row| row.len() == table.columns.len()));
    }
    for plot in &report.plots {
        assert!(plot.y.log && !plot.lines.is_empty(), "{}", plot.title);
        let points = || plot.lines.iter().flat_map(|line| &line.points);
        assert!(points().all(|p| p.1 > 0.0 && (!plot.x.log || p.0 > 0.0)), "a logarithm knows nothing else");
        assert!(plot.lines.iter().all(|line| line.points.is_sorted_by(|a, b| a.0 < b.0)));
    }
    assert!(shares.len() > 15 && shares.is_sorted());
}

/// What `keyway link --loss-db X` computes with the standard detector of TNO's program is what that program gives, from
/// 0 to 30 dB: gain and error to the last digits, endless decoys and single photons within 1 %, and vacuum and weak
/// decoy within 1 % of those of their linear programs.
#[test]
fn a_links_budget_is_that_of_tnos_program() {
    let recorded: Value = serde_json::from_str(include_str!("../data/tno_key_rate.json")).unwrap();
    let detector = |name: &str| recorded["detector"][name].as_f64().unwrap();
    let gate_ns = detector("detection_window");
    let dark_hz = -libm::log1p(-detector("dark_count_rate")) / (gate_ns * 1e-9);
    let drift = libm::sin(detector("polarization_drift"));
    let hardware = |kind: &str| {
        let assignments = [
            format!("source.kind={kind}"),
            format!("source.mu={}", recorded["intensities"]),
            format!("source.pulse_rate_hz={}", detector("detection_frequency")),
            format!("detector.efficiency={}", detector("efficiency_party")),
            format!("detector.dark_counts_hz={dark_hz}"),
            format!("detector.gate_ns={gate_ns}"),
            "detector.dead_time_ns=0".into(),
            format!("receiver.misalignment={}", drift * drift),
        ];
        with_params(&Params::default(), &assignments).unwrap()
    };
    let (decoy, ideal) = (hardware("decoy"), hardware("ideal"));
    let rows = recorded["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 13);
    for row in rows {
        let theirs = |name: &str| row[name].as_f64().unwrap();
        let near = |name: &str, ours: f64, within: f64| {
            assert!((ours / theirs(name) - 1.0).abs() < within, "{name}: {ours} at {} dB", row["loss_db"]);
        };
        let conditions = Conditions { sky_radiance: 0.0, ..Conditions::default() };
        let span = Span { range_m: 300.0, conditions, loss_db: Some(theirs("loss_db")) };
        let budget = Budget::new(&decoy, &span, 1.0);
        assert_eq!(budget.loss_db, theirs("loss_db"));
        near("gain_mu_0.5", budget.rates.light[0].gain_x, 1e-9);
        near("error_mu_0.5", budget.rates.light[0].error_x, 1e-9);
        near("decoy_rate_mu_0.5", budget.rates.signal_bits_endless.unwrap(), 0.01);
        near("single_photon_rate", Budget::new(&ideal, &span, 1.0).rates.signal_bits, 0.01);
        // Their linear programs allow at most 1 for each yield, which the bound in closed form does not know.
        let (bounded, programs) = (budget.rates.signal_bits, theirs("three_intensities_rate"));
        assert!(
            bounded <= programs + 1e-9 && bounded > programs - 0.01 * theirs("decoy_rate_mu_0.5"),
            "{bounded}"
        );
    }
    // The fields that programs read of `keyway link --json`.
    let printed = json(&Budget::new(
        &decoy,
        &Span { range_m: 300.0, conditions: Conditions::default(), loss_db: None },
        1.0,
    ));
    for name in
        ["range_m", "loss_db", "transmittance", "qber", "sifted_bps", "skr_asymptotic_bps", "skr_finite_bps"]
    {
        assert!(printed[name].is_number(), "{name}: {printed}");
    }
    assert_eq!((&printed["source"], printed["losses"].as_array().unwrap().len()), (&"decoy".into(), 10));
}
