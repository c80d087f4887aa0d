use super::*;
use crate::link::params::Source;
use crate::studies::rates::F_EC;

fn span(loss_db: Option<f64>) -> Span {
    Span { range_m: 300.0, conditions: Conditions::default(), loss_db }
}

#[test]
fn lines_add_up_to_the_loss_and_with_the_detector_to_the_transmittance() {
    for loss_db in [None, Some(10.0)] {
        let budget = Budget::new(&Params::default(), &span(loss_db), F_EC);
        let all: f64 = budget.losses.iter().map(|l| l.loss_db).sum();
        let channel: f64 = budget.losses.iter().filter(|l| !l.of_detector()).map(|l| l.loss_db).sum();
        assert!((channel - budget.loss_db).abs() < 1e-9);
        assert!((libm::pow(10.0, -all / 10.0) / budget.transmittance - 1.0).abs() < 1e-9);
        assert_eq!(
            (budget.range_m.is_none(), budget.losses.len()),
            (loss_db.is_some(), if loss_db.is_some() { 3 } else { 10 })
        );
        assert!(budget.losses.iter().all(|l| !l.source.is_empty()));
    }
    assert_eq!(Budget::new(&Params::default(), &span(Some(10.0)), F_EC).loss_db, 10.0);
}

fn set(assignments: &[&str]) -> Result<Params, String> {
    let assignments: Vec<String> = assignments.iter().map(ToString::to_string).collect();
    with_params(&Params::default(), &assignments).map_err(|e| e.to_string())
}

#[test]
fn any_field_is_set_by_its_path() {
    let params = set(&[
        "receiver.aperture_mm=80",
        "source.mu=[0.5,0.1,0]",
        "source.mu[1]=0.2",
        "source.kind=ideal",
        "block_pulses=100000000",
        "terminal.emitter.heat_w=null",
    ]);
    // What is not there is refused; without it all of them hold.
    assert!(params.is_err());
    let params =
        set(&["receiver.aperture_mm=80", "source.mu=[0.5,0.1,0]", "source.mu[1]=0.2", "source.kind=ideal"])
            .unwrap();
    assert_eq!(params.receiver.aperture_mm, 80.0);
    assert_eq!(params.source, Source { mu: [0.5, 0.2, 0.0], kind: SourceKind::Ideal, ..Source::default() });
    // Two that only hold together.
    assert!(set(&["source.mu_probability[0]=0.8", "source.mu_probability=[0.8,0.1,0.1]"]).is_ok());
}

#[test]
fn what_cannot_be_set_is_named_with_its_range_and_unit() {
    for (assignment, message) in [
        ("receiver.aperture_mm=0", "receiver.aperture_mm: 0; expected a number from 1 to 2000 mm"),
        ("detector.dead_time_ns=-1", "detector.dead_time_ns: -1; expected a number from 0 to 1000000 ns"),
        ("p_x=1", "p_x: 1; expected a number from 0.05 to 0.99"),
        (
            "receiver.aperture_mm",
            "param: receiver.aperture_mm; expected name=value, such as receiver.aperture_mm=80",
        ),
        ("source.mu[7]=1", "source.mu[7]: 7; expected one of 0, 1, 2"),
        ("p_x.y=1", "p_x.y: y; expected no `y`, for what is before it is one value"),
    ] {
        assert_eq!(set(&[assignment]).unwrap_err(), message);
    }
    let unknown = set(&["detector.colour=1"]).unwrap_err();
    assert!(
        unknown.starts_with("detector.colour: colour; expected one of ") && unknown.contains("efficiency"),
        "{unknown}"
    );
    let kind = set(&["source.kind=laser"]).unwrap_err();
    assert!(kind.contains("laser") && kind.contains("single_photon"), "{kind}");
    assert!(
        set(&["detector.efficiency=high"]).unwrap_err().starts_with("detector.efficiency: high; expected")
    );
}

#[test]
fn noon_is_brighter_and_rougher_than_midnight() {
    let scenario = Scenario::warwick();
    let (noon, night) = (conditions(&scenario, 12.0, 20.0, 0.0), conditions(&scenario, 0.0, 20.0, 0.0));
    assert!(noon.sky_radiance > 100.0 * night.sky_radiance && noon.cn2_m23 > night.cn2_m23);
    assert!((noon.wind_mps - Weather::default().wind_mps).abs() < 1e-9, "across the link");
    assert!(conditions(&scenario, 12.0, 20.0, 10.0).air.precipitation.rates_mm_h().0 > 9.0);
}
