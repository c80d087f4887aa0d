//! Which bound a block's key rests on: that of its source.

use super::asymptotic::SinglePhotonSource;
use super::finite_key::{self, KeyLength};
use super::params::Params;
use super::sift::Counts;
use super::single_photon;
use crate::link;
use crate::link::params::{INTENSITIES, SourceKind};

/// What both sides know of the source and of the choice of bases before any block.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    light: Light,
    /// Probability that both sides choose the key basis, and that both choose the check basis.
    both: [f64; 2],
}

#[derive(Clone, Debug, PartialEq)]
enum Light {
    /// Two decoys: mean photon numbers and probabilities.
    Decoys { mu: [f64; INTENSITIES], p: [f64; INTENSITIES] },
    /// One photon, and more with a probability of at most this.
    SinglePhoton { multi_photon: f64 },
}

impl Statistics {
    /// Those of a link.
    #[must_use]
    pub fn new(params: &link::Params) -> Self {
        let source = &params.source;
        let light = match source.kind {
            SourceKind::Decoy => Light::Decoys { mu: source.mu, p: source.mu_probability },
            SourceKind::SinglePhoton => {
                let source = SinglePhotonSource { mean_photons: source.brightness, g2: source.g2 };
                Light::SinglePhoton { multi_photon: source.multi_photon() }
            }
            SourceKind::Ideal => Light::SinglePhoton { multi_photon: 0.0 },
        };
        Self { light, both: [params.p_x, 1.0 - params.p_x].map(|p| p * p) }
    }

    /// Probability that both sides choose the key basis, and that both choose the check basis.
    #[must_use]
    pub fn both(&self) -> [f64; 2] {
        self.both
    }

    /// Probability that a pulse holds two photons or more and the bound has to know it, at most; 0 for decoys.
    #[must_use]
    pub fn multi_photon(&self) -> f64 {
        match self.light {
            Light::Decoys { .. } => 0.0,
            Light::SinglePhoton { multi_photon } => multi_photon,
        }
    }

    /// How long a key a block gives of which `pulses` were sent and `leak_bits` were disclosed: Lim et al. (2014) for
    /// decoys, [`single_photon`] else.
    #[must_use]
    pub fn key_length(&self, counts: &Counts, pulses: f64, leak_bits: f64, params: &Params) -> KeyLength {
        let (eps_sec, eps_cor) = (params.eps_sec, params.eps_cor);
        match self.light {
            Light::Decoys { mu, p } => finite_key::key_length(&finite_key::Observed {
                mu,
                p,
                n_x: counts.n_x,
                n_z: counts.n_z,
                m_z: counts.m_z,
                leak_bits,
                eps_sec,
                eps_cor,
            }),
            Light::SinglePhoton { multi_photon } => {
                let m_z = counts.m_z.iter().sum();
                let key = single_photon::key_length(&single_photon::Observed {
                    pulses: self.both.map(|p| pulses * p),
                    multi_photon,
                    n_x: counts.n_x.iter().sum(),
                    n_z: counts.n_z.iter().sum(),
                    m_z,
                    leak_bits,
                    eps_sec,
                    eps_cor,
                });
                KeyLength {
                    s_x0: 0.0,
                    s_x1: key.s_x,
                    s_z1: key.s_z,
                    v_z1: m_z,
                    phi: key.phi,
                    leak: leak_bits,
                    length: key.length,
                }
            }
        }
    }
}
