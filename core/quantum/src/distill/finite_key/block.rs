//! What a block would show, and so the key it would give, where only the channel and the choice of sender and receiver
//! are known: every count is its expectation.

use super::entropy::entropy;
use super::rusca2018::Constants;
use super::statistics::KeyLength;
use super::{lim2014, rusca2018};
use crate::distill::asymptotic::{Channel, SinglePhotonSource};
use crate::distill::single_photon;
use thiserror::Error;

/// A bound on the length of a key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// Two decoys: Lim, Curty, Walenta, Xu and Zbinden (2014), [`lim2014::key_length`].
    Lim2014,
    /// One decoy: Rusca, Boaron, Grünenfelder, Martin and Zbinden (2018), [`rusca2018::key_length`].
    Rusca2018,
    /// One decoy with the constants of Wiesemann et al. (2024), [`rusca2018::key_length`].
    Wiesemann2024,
    /// Two decoys and an endless block, in which nothing deviates: Gottesman, Lo, Lütkenhaus and Preskill (2004) with the
    /// decoys of Ma, Qi, Zhao and Lo (2005), [`lim2014::endless_key_length`].
    Asymptotic,
    /// A source that aims at one photon, its pairs tagged: Tomamichel, Lim, Gisin and Renner (2012),
    /// [`single_photon::key_length`].
    Tomamichel2012 {
        /// Second-order correlation of the source at zero delay, 0 to 1.
        g2: f64,
    },
}

impl Bound {
    /// How many mean photon numbers are sent.
    #[must_use]
    pub fn intensities(self) -> usize {
        match self {
            Self::Lim2014 | Self::Asymptotic => 3,
            Self::Rusca2018 | Self::Wiesemann2024 => 2,
            Self::Tomamichel2012 { .. } => 1,
        }
    }
}

/// What is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Block {
    /// Whose bound.
    pub bound: Bound,
    /// From the sender's output to the detectors' clicks.
    pub channel: Channel,
    /// What a click is that light and background both made.
    pub coincidence: Coincidence,
    /// Pulses sent, 1 to 1e18.
    pub pulses: f64,
    /// Bits disclosed by reconciliation over the Shannon limit, 1 to 3.
    pub f_ec: f64,
    /// Secrecy: the key differs from an ideal one by at most this; 1e-60 to 1e-3.
    pub eps_sec: f64,
    /// Correctness: the keys differ with at most this probability; 1e-60 to 1e-3.
    pub eps_cor: f64,
}

/// What sender and receiver choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Mean photon numbers, strongest first, 0 to 10; as many as [`Bound::intensities`].
    pub mu: Vec<f64>,
    /// Their probabilities, each above 0, 1 together within 1e-9.
    pub p: Vec<f64>,
    /// Probability that an end takes the key basis X, between 0 and 1.
    pub p_x: f64,
}

/// How errors are counted where light and background click in the same gate. It matters by a share of `y0` of the errors,
/// and so for comparing digits with other programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coincidence {
    /// The bit is a coin, as threshold detectors with random assignment have it: E Q = Y0/2 + e_d (Q - Y0).
    #[default]
    Coin,
    /// Both may err: E Q = Y0/2 + e_d (1 - e^(-eta mu)) (Ma, Qi, Zhao and Lo 2005, eq. 11), as [`Channel::laser`].
    Both,
}

/// The expected counts in the form that a bound starts from.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// For [`Bound::Lim2014`] and [`Bound::Asymptotic`].
    TwoDecoys(lim2014::Observed),
    /// For [`Bound::Rusca2018`] and [`Bound::Wiesemann2024`].
    OneDecoy(rusca2018::Observed),
    /// For [`Bound::Tomamichel2012`].
    SinglePhoton(single_photon::Observed),
}

/// Why a block or a choice is none.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ParameterError {
    /// Out of its range, or not a number.
    #[error("{name} is {value:?}, expected {expected}")]
    Range {
        /// Name of the field.
        name: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// Not as many as the bound has intensities.
    #[error("{name} has {found} values, expected {expected}")]
    Count {
        /// Name of the field.
        name: &'static str,
        /// How many it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// Mean photon numbers in an order that the bound does not allow.
    #[error("mu is {mu:?}, expected {expected}")]
    Order {
        /// What they are.
        mu: Vec<f64>,
        /// What the bound asks of them.
        expected: &'static str,
    },
    /// Probabilities that are not 1 together.
    #[error("p sums to {sum:?}, expected 1 within 1e-9")]
    Sum {
        /// Their sum.
        sum: f64,
    },
    /// An endless block has no best choice: ever fewer decoys and checks are better.
    #[error(
        "bound is asymptotic, expected one of a finite block: without deviations ever fewer decoys are better"
    )]
    Endless,
}

impl ParameterError {
    /// Name of the field that is wrong.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Range { name, .. } | Self::Count { name, .. } => name,
            Self::Order { .. } => "mu",
            Self::Sum { .. } => "p",
            Self::Endless => "bound",
        }
    }
}

impl Block {
    /// The counts to expect: Q_k = 1 - (1 - Y0) e^(-eta k), n_Xk = N p_k p_x² Q_k, Z with (1 - p_x)², the errors as
    /// [`Coincidence`] says, and a leak of f n_X h(E_X).
    ///
    /// # Errors
    /// [`ParameterError`] names what is out of its range.
    pub fn expected(&self, choice: &Choice) -> Result<Expected, ParameterError> {
        self.check()?;
        choice.check(self.bound)?;
        let Choice { mu, p, p_x } = choice;
        match (self.bound, mu.as_slice(), p.as_slice()) {
            (Bound::Lim2014 | Bound::Asymptotic, &[a, b, c], &[p, q, r]) => {
                Ok(Expected::TwoDecoys(self.two_decoys([a, b, c], [p, q, r], *p_x)))
            }
            (Bound::Rusca2018 | Bound::Wiesemann2024, &[a, b], &[p, q]) => {
                Ok(Expected::OneDecoy(self.one_decoy([a, b], [p, q], *p_x)))
            }
            (Bound::Tomamichel2012 { g2 }, &[mean_photons], _) => {
                Ok(Expected::SinglePhoton(self.single_photon(&SinglePhotonSource { mean_photons, g2 }, *p_x)))
            }
            (bound, ..) => {
                Err(ParameterError::Count { name: "mu", found: mu.len(), expected: bound.intensities() })
            }
        }
    }

    /// The key to expect, by the bound of this block.
    ///
    /// # Errors
    /// [`ParameterError`] names what is out of its range.
    pub fn key_length(&self, choice: &Choice) -> Result<KeyLength, ParameterError> {
        Ok(match self.expected(choice)? {
            Expected::TwoDecoys(o) => self.of_two_decoys(&o),
            Expected::OneDecoy(o) => self.of_one_decoy(&o),
            Expected::SinglePhoton(o) => of_single_photon(&o),
        })
    }

    pub(super) fn of_two_decoys(&self, o: &lim2014::Observed) -> KeyLength {
        if self.bound == Bound::Asymptotic { lim2014::endless_key_length(o) } else { lim2014::key_length(o) }
    }

    pub(super) fn of_one_decoy(&self, o: &rusca2018::Observed) -> KeyLength {
        let later = self.bound == Bound::Wiesemann2024;
        rusca2018::key_length(o, if later { Constants::Wiesemann2024 } else { Constants::Rusca2018 })
    }

    pub(super) fn two_decoys(&self, mu: [f64; 3], p: [f64; 3], p_x: f64) -> lim2014::Observed {
        let counts = self.counts(mu.map(|k| self.laser_gain(k)), p, p_x);
        let Counts { n_x, n_z, m_z, leak_bits, .. } = counts;
        lim2014::Observed { mu, p, n_x, n_z, m_z, leak_bits, eps_sec: self.eps_sec, eps_cor: self.eps_cor }
    }

    pub(super) fn one_decoy(&self, mu: [f64; 2], p: [f64; 2], p_x: f64) -> rusca2018::Observed {
        let Counts { n_x, m_x, n_z, m_z, leak_bits } = self.counts(mu.map(|k| self.laser_gain(k)), p, p_x);
        let (eps_sec, eps_cor) = (self.eps_sec, self.eps_cor);
        rusca2018::Observed { mu, p, n_x, m_x, n_z, m_z, leak_bits, eps_sec, eps_cor }
    }

    pub(super) fn single_photon(&self, source: &SinglePhotonSource, p_x: f64) -> single_photon::Observed {
        let counts = self.counts([self.channel.single_photons(source).gain], [1.0], p_x);
        single_photon::Observed {
            pulses: [self.pulses * p_x * p_x, self.pulses * (1.0 - p_x) * (1.0 - p_x)],
            multi_photon: source.multi_photon(),
            n_x: counts.n_x[0],
            n_z: counts.n_z[0],
            m_z: counts.m_z[0],
            leak_bits: counts.leak_bits,
            eps_sec: self.eps_sec,
            eps_cor: self.eps_cor,
        }
    }

    /// Q = 1 - (1 - Y0) e^(-eta mu).
    fn laser_gain(&self, mu: f64) -> f64 {
        1.0 - (1.0 - self.channel.y0) * libm::exp(-self.channel.eta * mu)
    }

    /// E of pulses of this gain; a coin where nothing is detected.
    fn error(&self, gain: f64) -> f64 {
        let Channel { y0, e_d, .. } = self.channel;
        let seen = match self.coincidence {
            Coincidence::Coin => gain - y0,
            Coincidence::Both if y0 < 1.0 => (gain - y0) / (1.0 - y0),
            Coincidence::Both => 1.0,
        };
        if gain > 0.0 { ((y0 / 2.0 + e_d * seen) / gain).min(0.5) } else { 0.5 }
    }

    fn counts<const K: usize>(&self, gains: [f64; K], p: [f64; K], p_x: f64) -> Counts<K> {
        let errors = gains.map(|gain| self.error(gain));
        let detected = |basis: f64| std::array::from_fn(|k| self.pulses * p[k] * basis * basis * gains[k]);
        let (n_x, n_z): ([f64; K], [f64; K]) = (detected(p_x), detected(1.0 - p_x));
        let m_x: [f64; K] = std::array::from_fn(|k| n_x[k] * errors[k]);
        let (total, wrong): (f64, f64) = (n_x.iter().sum(), m_x.iter().sum());
        let leak_bits = if total > 0.0 { self.f_ec * total * entropy(wrong / total) } else { 0.0 };
        Counts { n_x, m_x, n_z, m_z: std::array::from_fn(|k| n_z[k] * errors[k]), leak_bits }
    }

    pub(super) fn check(&self) -> Result<(), ParameterError> {
        let Channel { eta, y0, e_d } = self.channel;
        let g2 = if let Bound::Tomamichel2012 { g2 } = self.bound { g2 } else { 0.0 };
        let small = |x: f64| (1e-60..=1e-3).contains(&x);
        range("eta", eta, (0.0..=1.0).contains(&eta), "0 to 1")?;
        range("y0", y0, (0.0..=1.0).contains(&y0), "0 to 1")?;
        range("e_d", e_d, (0.0..=0.5).contains(&e_d), "0 to 0.5")?;
        range("pulses", self.pulses, (1.0..=1e18).contains(&self.pulses), "1 to 1e18")?;
        range("f_ec", self.f_ec, (1.0..=3.0).contains(&self.f_ec), "1 to 3")?;
        range("eps_sec", self.eps_sec, small(self.eps_sec), "1e-60 to 1e-3")?;
        range("eps_cor", self.eps_cor, small(self.eps_cor), "1e-60 to 1e-3")?;
        range("g2", g2, (0.0..=1.0).contains(&g2), "0 to 1")
    }
}

/// What is counted, by intensity.
struct Counts<const K: usize> {
    n_x: [f64; K],
    m_x: [f64; K],
    n_z: [f64; K],
    m_z: [f64; K],
    leak_bits: f64,
}

/// The bound of Tomamichel et al. in the words of the others: all that is not tagged counts as single photons.
pub(super) fn of_single_photon(o: &single_photon::Observed) -> KeyLength {
    let single_photon::KeyLength { s_x, s_z, phi, length } = single_photon::key_length(o);
    KeyLength { s_x0: 0.0, s_x1: s_x, s_z1: s_z, v_z1: o.m_z, phi, leak: o.leak_bits, length }
}

impl Choice {
    fn check(&self, bound: Bound) -> Result<(), ParameterError> {
        let expected = bound.intensities();
        for (name, values) in [("mu", &self.mu), ("p", &self.p)] {
            if values.len() != expected {
                return Err(ParameterError::Count { name, found: values.len(), expected });
            }
        }
        for &mu in &self.mu {
            range("mu", mu, (0.0..=10.0).contains(&mu), "0 to 10")?;
        }
        for &p in &self.p {
            range("p", p, p > 0.0 && p <= 1.0, "above 0, at most 1")?;
        }
        let sum: f64 = self.p.iter().sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(ParameterError::Sum { sum });
        }
        range("p_x", self.p_x, self.p_x > 0.0 && self.p_x < 1.0, "above 0, below 1")?;
        let (good, expected) = match *self.mu.as_slice() {
            [a, b, c] => {
                (a > b + c && b > c, "the first above the sum of the others, the second above the third")
            }
            [a, b] => (a > b && b > 0.0, "the first above the second, the second above 0"),
            [a] => (a > 0.0 && a <= 1.0, "one above 0, at most 1"),
            _ => (false, "one to three"),
        };
        if good { Ok(()) } else { Err(ParameterError::Order { mu: self.mu.clone(), expected }) }
    }
}

pub(super) fn range(
    name: &'static str,
    value: f64,
    good: bool,
    expected: &'static str,
) -> Result<(), ParameterError> {
    if good { Ok(()) } else { Err(ParameterError::Range { name, value, expected }) }
}
