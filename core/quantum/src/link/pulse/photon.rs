//! How many photons a pulse holds.

use crate::link::params::{Source, SourceKind};

/// Photon numbers that are kept apart where a distribution is a table; with a mean of 2 photons at most, more than
/// these come once in 10¹⁸ pulses and are counted with the last.
const KEPT: usize = 24;

/// The distribution of the photon number of a pulse. A pulse is phase-randomised: it is a mixture of photon
/// numbers and nothing more (Lo, Ma and Chen 2005).
#[derive(Clone, Debug, PartialEq)]
pub enum PhotonNumber {
    /// Poisson of this mean: a laser.
    Poisson(f64),
    /// A laser whose intensity varies from pulse to pulse as a gamma number: negative binomial, with this mean and
    /// this variance of the intensity relative to its mean squared.
    Varied(f64, f64),
    /// Probabilities of 0, 1, 2, … photons.
    Table([f64; KEPT]),
}

impl PhotonNumber {
    /// What `source` sends at an intensity of `mu` photons.
    ///
    /// A single-photon source of mean `mu` has P2 = g2 mu²/2 pulses of two photons and none of more:
    /// g2(0) is the mean of n (n - 1) over the mean of n squared (Loudon 2000, section 4.12). Where g2 mu > 1 the table would need P1 < 0:
    /// two photons then come as often as the mean allows.
    #[must_use]
    pub fn of(source: &Source, mu: f64) -> Self {
        match source.kind {
            SourceKind::Decoy if source.intensity_sd > 0.0 && mu > 0.0 => {
                Self::Varied(mu, source.intensity_sd * source.intensity_sd)
            }
            SourceKind::Decoy => Self::Poisson(mu),
            SourceKind::SinglePhoton => {
                let two = (source.g2 * mu * mu / 2.0).min(mu / 2.0);
                let one = mu - 2.0 * two;
                let mut table = [0.0; KEPT];
                (table[0], table[1], table[2]) = (1.0 - one - two, one, two);
                Self::Table(table)
            }
            SourceKind::Ideal => {
                let mut table = [0.0; KEPT];
                table[usize::from(mu > 0.0)] = 1.0;
                Self::Table(table)
            }
        }
    }

    /// Probability that no photon is seen where each is seen with probability `s`: E[(1 - s)^n].
    #[must_use]
    pub fn unseen(&self, s: f64) -> f64 {
        match self {
            Self::Poisson(mu) => libm::exp(-mu * s),
            Self::Varied(mu, v) => libm::exp(-libm::log1p(v * mu * s) / v),
            Self::Table(p) => p.iter().rev().fold(0.0, |sum, p| sum * (1.0 - s) + p),
        }
    }

    /// Probabilities of 0, 1, 2, … photons; the last holds all from there on.
    #[must_use]
    pub fn table(&self) -> [f64; KEPT] {
        let (mut p, mut table) = (self.unseen(1.0), [0.0; KEPT]);
        if let Self::Table(table) = self {
            return *table;
        }
        for (n, entry) in table.iter_mut().enumerate() {
            *entry = p;
            let next = n as f64 + 1.0;
            p *= match self {
                Self::Poisson(mu) => mu / next,
                // P(n+1) / P(n) = (n + r) / (n + 1) m v / (1 + m v), r = 1/v.
                Self::Varied(mu, v) => (n as f64 + 1.0 / v) / next * (mu * v / (1.0 + mu * v)),
                Self::Table(_) => 0.0,
            };
        }
        table[KEPT - 1] += (1.0 - table.iter().sum::<f64>()).max(0.0);
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sources() -> Vec<(PhotonNumber, f64, f64)> {
        let decoy = Source { intensity_sd: 0.3, ..Source::default() };
        let single = Source { kind: SourceKind::SinglePhoton, ..Source::default() };
        let ideal = Source { kind: SourceKind::Ideal, ..Source::default() };
        // Number, mean, g2.
        vec![
            (PhotonNumber::of(&Source::default(), 0.6), 0.6, 1.0),
            (PhotonNumber::of(&decoy, 0.6), 0.6, 1.09),
            (PhotonNumber::of(&single, 0.2), 0.2, 0.02),
            (PhotonNumber::of(&ideal, 1.0), 1.0, 0.0),
        ]
    }

    #[test]
    fn each_source_has_its_mean_and_its_g2() {
        for (number, mean, g2) in sources() {
            let table = number.table();
            let moment =
                |f: fn(f64) -> f64| table.iter().enumerate().map(|(n, p)| p * f(n as f64)).sum::<f64>();
            assert!((moment(|_| 1.0) - 1.0).abs() < 1e-12, "{number:?}");
            assert!((moment(|n| n) - mean).abs() < 1e-9, "{number:?}");
            let pairs = moment(|n| n * (n - 1.0));
            assert!((pairs / mean / mean - g2).abs() < 1e-9, "{number:?}: {}", pairs / mean / mean);
        }
    }

    proptest! {
        #[test]
        fn what_is_unseen_agrees_with_the_table(s in 0.0f64..1.0) {
            for (number, ..) in sources() {
                let table = PhotonNumber::Table(number.table());
                prop_assert!((number.unseen(s) - table.unseen(s)).abs() < 1e-12);
            }
        }
    }
}
