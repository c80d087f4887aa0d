//! Every knob of a scenario that a person would turn, by floor, with its unit and a sensible range: what a laboratory
//! shows. Each names the place in the scenario's JSON where its value stands; [`super::Scenario`] checks it there.

use serde::Serialize;

/// One knob.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// Its place in the scenario: `/link_params/pulse_rate_hz` (RFC 6901).
    pub pointer: &'static str,
    /// Floor of the core.
    pub floor: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Its unit, empty where it has none.
    pub unit: &'static str,
    /// What it takes.
    pub range: Range,
    /// One line on what it does.
    pub about: &'static str,
}

/// What a knob takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub enum Range {
    /// A number between two, in steps.
    Number {
        /// Least.
        min: f64,
        /// Most.
        max: f64,
        /// Step of a slider.
        step: f64,
    },
    /// A number between two, on a logarithmic scale.
    Log {
        /// Least; more than 0.
        min: f64,
        /// Most.
        max: f64,
        /// It is a whole number.
        whole: bool,
    },
    /// Yes or no.
    Switch,
    /// One of these: as the scenario names it, and in words.
    Choice(&'static [(&'static str, &'static str)]),
}

const fn number(min: f64, max: f64, step: f64) -> Range {
    Range::Number { min, max, step }
}

const fn log(min: f64, max: f64) -> Range {
    Range::Log { min, max, whole: false }
}

const fn whole(min: f64, max: f64) -> Range {
    Range::Log { min, max, whole: true }
}

macro_rules! settings {
    ($($pointer:literal, $floor:literal, $label:literal, $unit:literal, $range:expr, $about:literal;)*) => {
        &[$(Setting { pointer: $pointer, floor: $floor, label: $label, unit: $unit, range: $range, about: $about }),*]
    };
}

const SOURCES: &[(&str, &str)] = &[
    ("decoy", "laser with two decoys"),
    ("single_photon", "single photons"),
    ("ideal", "one photon a pulse"),
];

const RECONCILIATION: &[(&str, &str)] = &[
    ("auto", "by the delay"),
    ("cascade", "Cascade, fast"),
    ("cascade_thrifty", "Cascade, thrifty"),
    ("cascade_original", "Cascade, original"),
    ("cascade_yan", "Cascade, Yan"),
    ("cascade_martinez", "Cascade, Martinez-Mateo"),
    ("ldpc", "LDPC, fast"),
    ("ldpc_blind", "LDPC, blind"),
    ("ldpc_long", "LDPC, long frames"),
];

/// All knobs, in the order of the floors.
pub const ALL: &[Setting] = settings![
    "/clock/hour_utc", "link", "Hour of the day", "h UTC", number(0.0, 24.0, 0.25), "Where the sun stands at the start: sky light and the shimmer of the air follow";
    "/clock/day_of_year", "link", "Day of the year", "", whole(1.0, 366.0), "172 is midsummer";
    "/weather/script/start/visibility_km", "link", "Visibility", "km", log(0.05, 50.0), "How far one sees: fog takes the light (Kim 2001)";
    "/weather/script/start/rain_mm_h", "link", "Rain", "mm/h", number(0.0, 60.0, 0.5), "Takes light (Carbonneau 1998); heavy rain stows the terminals";
    "/weather/script/start/snow_mm_h", "link", "Snow", "mm/h", number(0.0, 5.0, 0.1), "As water; takes far more light than rain";
    "/weather/script/start/wind_mps", "link", "Wind", "m/s", number(0.0, 25.0, 0.5), "Stirs the air; gusts stow the terminals";
    "/weather/script/start/temperature_c", "link", "Temperature", "°C", number(-20.0, 45.0, 1.0), "Of the air; the source must be cooled or heated against it";
    "/weather/script/start/cloud", "link", "Cloud", "", number(0.0, 1.0, 0.05), "Share of the sky that is covered; bright clouds are noise";
    "/link_params/source/kind", "link", "Source", "", Range::Choice(SOURCES), "A laser with decoys, single photons, or exactly one photon a pulse";
    "/link_params/source/brightness", "link", "Brightness", "photons", number(0.01, 1.0, 0.01), "Mean photons of a pulse of the single-photon source";
    "/link_params/source/g2", "link", "g2(0)", "", number(0.0, 0.5, 0.005), "How often the single-photon source sends two: 0 is never";
    "/link_params/source/pulse_rate_hz", "link", "Pulse rate", "Hz", log(1e5, 1e8), "Light pulses that a source sends each second";
    "/link_params/block_pulses", "link", "Pulses of a block", "", whole(1e6, 5e7), "Longer blocks lose less to finite-size effects and take longer";
    "/link_params/p_x", "link", "Key basis chosen", "", number(0.05, 0.99, 0.01), "Probability of the basis that key is made in, at both ends";
    "/link_params/source/mu/0", "link", "Signal intensity", "photons", number(0.2, 1.0, 0.01), "Mean photons of a signal pulse";
    "/link_params/source/mu/1", "link", "Decoy intensity", "photons", number(0.05, 0.5, 0.01), "Mean photons of a decoy pulse; less than the signal";
    "/link_params/source/intensity_sd", "link", "Intensity varies by", "", number(0.0, 0.3, 0.01), "Relative standard deviation from pulse to pulse";
    "/link_params/transmitter/waist_mm", "link", "Beam waist", "mm", log(2.0, 50.0), "Radius of the beam where it leaves; a wider one spreads less";
    "/link_params/transmitter/jitter_urad", "link", "Pointing jitter", "µrad", number(0.0, 200.0, 1.0), "How far the mounts tremble about each axis: the light fades";
    "/link_params/transmitter/beacon_margin_db", "link", "Beacon margin", "dB", number(5.0, 80.0, 1.0), "What the air may take before the trackers lose the beam";
    "/link_params/receiver/aperture_mm", "link", "Receiver aperture", "mm", log(10.0, 300.0), "Diameter of the receiving telescope";
    "/link_params/receiver/optics_loss_db", "link", "Loss of the optics", "dB", number(0.0, 20.0, 0.1), "Windows, filters, coupling";
    "/link_params/receiver/misalignment", "link", "Misalignment", "", number(0.0, 0.15, 0.001), "Share of photons that go to the wrong detector";
    "/link_params/receiver/drift_deg", "link", "Polarisation drift", "°", number(0.0, 20.0, 0.5), "How far the frames of both roofs turn against each other";
    "/link_params/receiver/field_of_view_urad", "link", "Field of view", "µrad", log(10.0, 1e3), "Full angle that the receiver sees of the sky";
    "/link_params/receiver/filter_nm", "link", "Spectral filter", "nm", log(0.01, 10.0), "Width of the colour that is let through";
    "/link_params/detector/efficiency", "link", "Detector efficiency", "", number(0.05, 0.95, 0.01), "Share of photons at the detector that click";
    "/link_params/detector/dark_counts_hz", "link", "Dark counts", "Hz", log(1.0, 1e5), "Clicks of one detector without light";
    "/link_params/detector/gate_ns", "link", "Detection gate", "ns", log(0.1, 50.0), "How long a detector listens for each pulse";
    "/link_params/detector/jitter_ps", "link", "Timing jitter", "ps", number(0.0, 1000.0, 10.0), "Clicks that miss their gate are lost";
    "/link_params/detector/dead_time_ns", "link", "Dead time", "ns", log(1.0, 1e5), "The receiver is blind for this long after a click";
    "/link_params/detector/afterpulse_probability", "link", "Afterpulses", "", number(0.0, 0.2, 0.005), "Share of clicks that another follows by itself";
    "/distill_params/reconciliation", "distill", "Reconciliation", "", Range::Choice(RECONCILIATION), "How differing bits are found";
    "/distill_params/delay_ms", "distill", "Delay of the channel", "ms", log(0.1, 500.0), "One way, between the two ends: each question waits for its answer";
    "/distill_params/loss", "distill", "Messages lost", "", number(0.0, 0.5, 0.01), "What is lost is said again";
    "/distill_params/timeout_s", "distill", "Patience", "s", number(0.5, 30.0, 0.5), "A block that is not done by then is dropped";
    "/distill_params/qber_limit", "distill", "QBER limit", "", number(0.01, 0.25, 0.005), "A block over it is dropped";
    "/distill_params/eps_sec", "distill", "Secrecy parameter", "", log(1e-15, 1e-4), "A key differs from an ideal one by at most this";
    "/distill_params/eps_cor", "distill", "Correctness parameter", "", log(1e-20, 1e-6), "Both ends hold different keys with at most this probability";
    "/distill_params/prove_peer", "distill", "Prove the peer first", "", Range::Switch, "Each side proves who it is before a pad is spent";
    "/distill_params/signatures", "distill", "Sign without pads", "", Range::Switch, "A round without pads is sealed by ML-DSA-65; else it is dropped";
    "/distill_params/reserve_pairs", "distill", "Reserve of pads", "pairs", whole(1.0, 512.0), "One-time pads for seals that no demand for data can touch";
    "/initial_pool_bits", "kmm", "Installed key", "bit", whole(256.0, 1e6), "Key that both ends of each link hold before the run";
    "/kmm/pool_capacity_bits", "kmm", "Pool capacity", "bit", whole(4096.0, 1e7), "A full pool makes its link stand by";
    "/kmm/reserve_bits", "kmm", "Reserve", "bit", whole(256.0, 1e5), "What services cannot touch";
    "/kmm/allocation_cycle_s", "kmm", "Allocation cycle", "s", number(0.1, 5.0, 0.1), "Keys are allocated this often: 0.5 s (Kosmatos et al.)";
    "/kmm/supply_timeout_s", "kmm", "Supply timeout", "s", number(0.5, 20.0, 0.5), "Unanswered keys are given up after this time";
    "/v2i/keys_per_s", "kmm", "Keys a second", "1/s", log(0.05, 50.0), "Keys of 256 bits that each road-side unit's service asks for";
    "/zap/epoch_s", "zap", "Epoch", "s", number(0.5, 60.0, 0.5), "The network's key is renewed this often";
    "/zap/grace_s", "zap", "Grace", "s", number(0.0, 60.0, 0.5), "An epoch's key is good for this long after the next was due";
    "/zap/retry_s", "zap", "Retry of a join", "s", number(0.1, 20.0, 0.1), "A device that hears nothing asks again after this time";
    "/v2i/encrypt", "its", "Encrypt messages", "", Range::Switch, "Messages are encrypted as well as tagged";
    "/v2i/cpm_period_s", "its", "CPM period", "s", number(0.1, 5.0, 0.1), "Each road-side unit sends this often (1 to 0.1 s in TS 103 324)";
    "/vehicle/depart_s", "road", "Departure", "s", number(0.0, 120.0, 1.0), "The car sets off at this time";
    "/vehicle/belief_s", "road", "A belief holds", "s", number(1.0, 60.0, 0.5), "The driver drops what was not said again for this long";
    "/vehicle/decision_m", "road", "Decision point", "m", number(20.0, 400.0, 10.0), "The driver decides this far before the blocked place";
    "/attacker/start_s", "road", "Attack begins", "s", number(0.0, 600.0, 5.0), "The compromised unit sends from then on";
    "/attacker/end_s", "road", "Attack ends", "s", number(0.0, 900.0, 5.0), "and until then";
    "/attacker/period_s", "road", "Fakes sent every", "s", number(0.05, 5.0, 0.05), "Time between two faked messages";
    "/attacker/range_m", "road", "Attacker's range", "m", number(50.0, 1000.0, 10.0), "Radio range of the compromised unit";
    "/until_s", "sim", "Run ends at", "s", number(60.0, 3600.0, 30.0), "At the latest; it ends when the car has arrived";
];

/// A set of changes to a scenario that shows one thing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// Its name in a link.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What to look out for.
    pub about: &'static str,
    /// Places and values, as JSON.
    pub changes: &'static [(&'static str, &'static str)],
}

/// The presets; the first is the scenario as it is.
pub const PRESETS: &[Preset] = &[
    Preset {
        id: "noon",
        name: "Clear noon",
        about: "The campus as it is: 20 km of sight, all beams up.",
        changes: &[],
    },
    Preset {
        id: "night",
        name: "Clear night",
        about: "A dark sky: less noise, fewer errors, more key.",
        changes: &[("/clock/hour_utc", "0.5")],
    },
    Preset {
        id: "haze",
        name: "Haze",
        about: "2 km of sight: beams thin, key comes slower.",
        changes: &[("/weather/script/start/visibility_km", "2")],
    },
    Preset {
        id: "fog",
        name: "Fog rolls in",
        about: "From 60 s on one sees 100 m, from 240 s on 8 km: pools drain, the network fails closed, and comes back.",
        changes: &[(
            "/weather/script/changes",
            r#"[{"t_s":60,"visibility_km":0.1,"fog":"Radiation"},{"t_s":240,"visibility_km":8,"fog":"None"}]"#,
        )],
    },
    Preset {
        id: "storm",
        name: "Storm",
        about: "Rain from 15 s on, gusts from 35 s to 70 s: the terminals are put away and pools drain. Two minutes after the last gust they look for each other again.",
        changes: &[(
            "/weather/script/changes",
            r#"[{"t_s":15,"rain_mm_h":8,"visibility_km":6,"cloud":0.4},{"t_s":35,"wind_mps":13},{"t_s":70,"wind_mps":5,"rain_mm_h":2},{"t_s":150,"rain_mm_h":0,"visibility_km":20}]"#,
        )],
    },
    Preset {
        id: "eavesdropper",
        name: "Eavesdropper",
        about: "All photons from NAIC to Engineering are measured and sent on: a quarter of the bits are wrong, each block is dropped.",
        changes: &[("/eavesdropper", r#"{"link":"naic-eng","fraction":1}"#)],
    },
    Preset {
        id: "tap",
        name: "A small tap",
        about: "The eavesdropper takes 15 % of the photons of one link: errors rise, less key is left, none of it known to her.",
        changes: &[("/eavesdropper", r#"{"link":"naic-eng","fraction":0.15}"#)],
    },
    Preset {
        id: "splitting",
        name: "Photon-number splitting",
        about: "Beams that leave narrow arrive wide and lose most of their light; one eavesdropper hides in that loss. No bit of hers is wrong, yet the decoys give her away: her link makes no key.",
        changes: &[
            ("/link_params/transmitter/waist_mm", "1"),
            ("/eavesdropper", r#"{"link":"naic-eng","kind":"photon_number_splitting","fraction":1}"#),
        ],
    },
    Preset {
        id: "jamming",
        name: "Jamming",
        about: "Light is shone into one receiver: errors rise until its blocks are dropped.",
        changes: &[("/eavesdropper", r#"{"link":"naic-eng","kind":"jamming","fraction":1}"#)],
    },
    Preset {
        id: "impersonation",
        name: "A stranger answers",
        about: "Somebody takes one beam and answers in Bob's place. He cannot prove that he is Bob: each block is dropped at his first word, and not a pad is spent.",
        changes: &[("/eavesdropper", r#"{"link":"naic-eng","kind":"impersonation","fraction":1}"#)],
    },
    Preset {
        id: "exhaustion",
        name: "Key exhaustion",
        about: "The same without proof and without signatures: each round that the stranger plays to the end costs a pair of pads. Soon none is left, and the link makes no key again, not even when he has gone.",
        changes: &[
            ("/eavesdropper", r#"{"link":"naic-eng","kind":"impersonation","fraction":1}"#),
            ("/distill_params/prove_peer", "false"),
            ("/distill_params/signatures", "false"),
            ("/distill_params/reserve_pairs", "8"),
        ],
    },
    Preset {
        id: "distant",
        name: "A slow channel",
        about: "Every message takes a quarter of a second: Cascade's many questions would take a minute, a code with few does not.",
        changes: &[("/distill_params/delay_ms", "250"), ("/distill_params/timeout_s", "20")],
    },
    Preset {
        id: "randomness",
        name: "Random numbers fail",
        about: "At 30 s the detector of one generator sticks. Its health test stops the source before a single weak key is made; mended at 120 s, it starts again.",
        changes: &[(
            "/hardware_faults",
            r#"[{"t_s":30,"link":"naic-eng","qrng":{"stuck":{"code":128}}},{"t_s":120,"link":"naic-eng"}]"#,
        )],
    },
    Preset {
        id: "heat",
        name: "Cooling fails",
        about: "At 30 s one source's cooler dies on a hot day. Two minutes later the interlock stops its emission instead of letting the emitter leave its rated range.",
        changes: &[
            ("/weather/script/start/temperature_c", "38"),
            ("/link_params/terminal/emitter/heat_capacity_j_per_k", "3"),
            ("/hardware_faults", r#"[{"t_s":30,"link":"naic-eng","cooler_health":0}]"#),
        ],
    },
    Preset {
        id: "broken",
        name: "Broken link",
        about: "The beam from Engineering to the Library is blocked: what lies behind it gets no new key.",
        changes: &[("/broken_link", r#""eng-library""#), ("/initial_pool_bits", "8192")],
    },
    Preset {
        id: "famine",
        name: "Key famine",
        about: "Services ask for ten times the key that the light can give: pools empty, the last roofs starve first.",
        changes: &[("/v2i/keys_per_s", "6"), ("/initial_pool_bits", "8192")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Scenario;
    use serde_json::Value;

    fn built_in() -> Value {
        serde_json::from_str(&Scenario::warwick().to_json()).unwrap()
    }

    fn number_at(value: &Value, pointer: &str) -> Option<f64> {
        value.pointer(pointer).and_then(|v| v.as_f64().or(v.as_bool().map(f64::from)))
    }

    #[test]
    fn each_knob_stands_in_the_scenario_within_its_range() {
        let value = built_in();
        for s in ALL {
            if let Range::Choice(choices) = s.range {
                let now = value.pointer(s.pointer).and_then(Value::as_str).unwrap_or_default();
                assert!(choices.iter().any(|(name, _)| *name == now), "{}: {now}", s.pointer);
                continue;
            }
            let x = number_at(&value, s.pointer).unwrap_or_else(|| panic!("{} is not there", s.pointer));
            let (min, max) = match s.range {
                Range::Number { min, max, .. } | Range::Log { min, max, .. } => (min, max),
                Range::Switch | Range::Choice(_) => (0.0, 1.0),
            };
            assert!(min < max && (min..=max).contains(&x), "{}: {x}", s.pointer);
        }
    }

    #[test]
    fn either_end_of_each_knob_is_a_scenario_or_is_refused_by_its_own_name() {
        for s in ALL {
            let (Range::Number { min, max, .. } | Range::Log { min, max, .. }) = s.range else { continue };
            for x in [min, max] {
                let mut value = built_in();
                let whole = value.pointer(s.pointer).is_some_and(Value::is_u64) && x.fract() == 0.0;
                *value.pointer_mut(s.pointer).unwrap() =
                    if whole { Value::from(x as u64) } else { Value::from(x) };
                if let Err(error) = Scenario::from_json(&value.to_string()) {
                    let top = s.pointer.split('/').nth(1).unwrap();
                    assert!(error.to_string().starts_with(top), "{} = {x}: {error}", s.pointer);
                }
            }
        }
    }

    #[test]
    fn each_choice_is_a_scenario() {
        for s in ALL {
            let Range::Choice(choices) = s.range else { continue };
            for (name, _) in choices {
                let mut value = built_in();
                *value.pointer_mut(s.pointer).unwrap() = Value::from(*name);
                Scenario::from_json(&value.to_string())
                    .unwrap_or_else(|e| panic!("{} {name}: {e}", s.pointer));
            }
        }
    }

    #[test]
    fn each_preset_is_a_scenario() {
        for preset in PRESETS {
            let mut value = built_in();
            for (pointer, json) in preset.changes {
                *value.pointer_mut(pointer).unwrap() = serde_json::from_str(json).unwrap();
            }
            Scenario::from_json(&value.to_string()).unwrap_or_else(|e| panic!("{}: {e}", preset.id));
        }
    }
}
