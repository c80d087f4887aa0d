//! What can be turned while a run goes on.

use serde::{Deserialize, Serialize};

/// What a visitor can turn while the run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub struct Knobs {
    /// Messages are believed only with a valid tag.
    pub protected: bool,
    /// The compromised road-side unit may transmit.
    pub attack: bool,
    /// Meteorological visibility, kilometres.
    pub visibility_km: f64,
    /// Rain, millimetres an hour, 0 to 300.
    pub rain_mm_h: f64,
    /// Hour of the day in UTC at which the run began, 0 to 24: it places the sun.
    pub hour_utc: f64,
    /// What an eavesdropper does on the link `eve_link`.
    pub eve_kind: EveKind,
    /// How much of it, 0 to 1; see [`EveKind`]. 0 is none.
    pub eve_fraction: f64,
    /// Index of the link with the eavesdropper, in [`super::Scene::links`].
    pub eve_link: u32,
    /// Index of a link whose beam is blocked, where one is.
    pub broken_link: Option<u32>,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            protected: true,
            attack: true,
            visibility_km: 20.0,
            rain_mm_h: 0.0,
            hour_utc: 12.0,
            eve_kind: EveKind::InterceptResend,
            eve_fraction: 0.0,
            eve_link: 0,
            broken_link: None,
        }
    }
}

/// What an eavesdropper does, and what its measure of 0 to 1 is a share of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "js", derive(tsify::Tsify))]
pub enum EveKind {
    /// Measures pulses in a random basis and sends them on as found: share of the pulses.
    #[default]
    InterceptResend,
    /// The same, always in the key basis X.
    InterceptX,
    /// The same, always in the check basis Z.
    InterceptZ,
    /// The same, half-way between the two.
    InterceptBreidbart,
    /// Keeps a photon where there are two: share of the pulses.
    PhotonNumberSplitting,
    /// Takes light with a beam splitter: share of the light.
    BeamSplitting,
    /// Shines into the receiver: share of ten million counts a second.
    Jamming,
    /// Takes the beam and answers in the receiver's place, without its secrets: yes above 0.
    Impersonation,
}

impl EveKind {
    /// All of them, in the order of their list.
    pub const ALL: [Self; 8] = [
        Self::InterceptResend,
        Self::InterceptX,
        Self::InterceptZ,
        Self::InterceptBreidbart,
        Self::PhotonNumberSplitting,
        Self::BeamSplitting,
        Self::Jamming,
        Self::Impersonation,
    ];

    /// Its name in a scenario, a link and an option.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::InterceptResend => "intercept_resend",
            Self::InterceptX => "intercept_x",
            Self::InterceptZ => "intercept_z",
            Self::InterceptBreidbart => "intercept_breidbart",
            Self::PhotonNumberSplitting => "photon_number_splitting",
            Self::BeamSplitting => "beam_splitting",
            Self::Jamming => "jamming",
            Self::Impersonation => "impersonation",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_eavesdropper_is_named_as_a_scenario_names_it() {
        for kind in EveKind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
            assert_eq!(EveKind::named(kind.name()), Some(kind));
        }
        assert_eq!(EveKind::named("tickling"), None);
    }
}
