//! Time series of a run, for charts and for export: which there are ([`channels`]) and their values at an instant
//! ([`sample`]), in the same order. A floor that has more to show adds a channel; whoever draws them finds its chart by
//! `chart` and needs to know nothing of it.

use super::snapshot::{Scene, Snapshot};
use serde::{Deserialize, Serialize};

/// Seconds of simulated time between two samples.
pub const EVERY_S: f64 = 0.5;

/// One series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Name in an export: `pool/naic-eng/level`.
    pub id: String,
    /// Floor of the core that it comes from.
    pub floor: String,
    /// Title of the chart that it is drawn in, together with others of the same title.
    pub chart: String,
    /// What it is called in that chart.
    pub label: String,
    /// Unit.
    pub unit: String,
}

/// The series of a scene, in the order of [`sample`].
#[must_use]
pub fn channels(scene: &Scene) -> Vec<Channel> {
    let mut all = Vec::new();
    let mut add = |id: String, floor: &str, chart: &str, label: &str, unit: &str| {
        let (floor, chart, label, unit) = (floor.into(), chart.into(), label.into(), unit.into());
        all.push(Channel { id, floor, chart, label, unit });
    };
    for (name, floor, chart, unit) in [
        ("level", "kmm", "Level of the pools", "kbit"),
        ("in", "kmm", "Key into the pools", "bit/s"),
        ("out", "kmm", "Key out of the pools", "bit/s"),
    ] {
        scene.links.iter().for_each(|l| add(format!("pool/{}/{name}", l.id), floor, chart, &l.name, unit));
    }
    for (name, chart, unit) in [
        ("qber", "Quantum bit error rate", "%"),
        ("key_rate", "Secret key rate while sending", "bit/s"),
        ("loss", "Loss of the channel now, with its fading", "dB"),
        ("clicks", "Detections", "1/s"),
        ("emitter", "Temperature of the emitters", "°C"),
    ] {
        scene.links.iter().for_each(|l| add(format!("link/{}/{name}", l.id), "link", chart, &l.name, unit));
    }
    for (name, floor, chart, label, unit) in [
        ("keys/secret", "distill", "Secret key made in all", "secret bits", "kbit"),
        ("keys/delivered", "kmm", "Keys handed out", "keys", ""),
        ("dpn/members", "zap", "Members of the private network", "members", ""),
        ("dpn/epoch", "zap", "Epoch of the private network", "epoch", ""),
        ("cpm/believed", "its", "Messages at the car", "believed", ""),
        ("cpm/fake_believed", "its", "Messages at the car", "fakes believed", ""),
        ("cpm/rejected", "its", "Messages at the car", "dropped", ""),
        ("cpm/fake_sent", "its", "Faked messages sent", "faked", ""),
        ("car/driven", "road", "Way driven", "driven", "m"),
        ("car/speed", "road", "Speed of the car", "speed", "km/h"),
    ] {
        add(name.into(), floor, chart, label, unit);
    }
    all
}

/// The values at an instant; not a number where there is none.
#[must_use]
pub fn sample(shot: &Snapshot) -> Vec<f32> {
    let (pools, links, counts) = (&shot.pools, &shot.links, &shot.counts);
    let finite = |x: f64| if x.is_finite() { x } else { f64::NAN };
    let values = pools
        .iter()
        .map(|p| p.level_bits / 1e3)
        .chain(pools.iter().map(|p| p.in_bps))
        .chain(pools.iter().map(|p| p.out_bps))
        .chain(links.iter().map(|l| l.qber * 100.0))
        .chain(links.iter().map(|l| l.key_rate_bps))
        .chain(links.iter().map(|l| finite(l.loss_now_db)))
        .chain(links.iter().map(|l| l.clicks_hz))
        .chain(links.iter().map(|l| l.emitter_c))
        .chain([
            counts.secret_bits as f64 / 1e3,
            f64::from(counts.keys_delivered),
            f64::from(shot.dpn.members),
            f64::from(shot.dpn.epoch),
            f64::from(counts.cpm_accepted),
            f64::from(counts.cpm_fake_accepted),
            f64::from(counts.cpm_rejected),
            f64::from(counts.cpm_fake_sent),
            shot.car.driven_m,
            shot.car.speed_mps * 3.6,
        ]);
    values.map(|x| x as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{Scenario, World};
    use std::collections::BTreeSet;

    #[test]
    fn each_channel_has_its_value_and_its_own_name() {
        let scenario = Scenario::warwick();
        let mut world = World::new(&scenario, 7, scenario.knobs());
        let channels = channels(&world.scene());
        assert_eq!(channels.len(), sample(&world.snapshot()).len());
        assert_eq!(channels.iter().map(|c| &c.id).collect::<BTreeSet<_>>().len(), channels.len());
        world.step_until(20.0, &mut Vec::new());
        let (shot, values) = (world.snapshot(), sample(&world.snapshot()));
        let at = |id: &str| values[channels.iter().position(|c| c.id == id).unwrap()];
        assert!(f64::from(at("pool/library-wbs/level")) * 1e3 - shot.pools[6].level_bits < 1.0);
        assert!(at("link/naic-eng/clicks") > 0.0 && at("cpm/believed") > 0.0);
        assert_eq!(at("car/driven"), shot.car.driven_m as f32);
    }
}
