//! Sifting and estimation: what both sides learn from bases, intensities and the disclosed check bits.

use super::event::DropReason;
use crate::ground::Bits;
use crate::link::params::INTENSITIES;

/// Detections by intensity: in the key basis X, in the check basis Z, and errors among the latter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Detections with both sides in X.
    pub n_x: [f64; INTENSITIES],
    /// Detections with both sides in Z.
    pub n_z: [f64; INTENSITIES],
    /// Errors in Z.
    pub m_z: [f64; INTENSITIES],
}

impl Counts {
    /// Error rate of the check basis, 0 to 1; one half where nothing was detected.
    #[must_use]
    pub fn qber_z(&self) -> f64 {
        let n: f64 = self.n_z.iter().sum();
        if n > 0.0 { self.m_z.iter().sum::<f64>() / n } else { 0.5 }
    }
}

/// One side's view of a block's bases.
#[derive(Clone, Copy, Debug)]
pub struct Bases<'a> {
    /// One's own: 1 = Z.
    pub own: &'a Bits,
    /// The other side's.
    pub other: &'a Bits,
    /// Alice's intensities, a plane for each bit of the index.
    pub intensity: &'a [Bits; 2],
}

/// A block after sifting.
#[derive(Clone, Debug)]
pub struct Sifted {
    /// The counts that the key's length rests on.
    pub counts: Counts,
    /// One's own bits with both sides in X.
    pub key: Bits,
    /// Where both sides measured in Z.
    pub both_check: Bits,
}

/// Sifts one's own `bits`; `heard` are the other side's bits where `disclosed` is set.
///
/// # Errors
/// [`DropReason::Malformed`] where lengths do not fit or an intensity does not exist.
pub fn sift(bits: &Bits, bases: Bases<'_>, disclosed: &Bits, heard: &Bits) -> Result<Sifted, DropReason> {
    let Bases { own, other, intensity: [low, high] } = bases;
    let len = bits.len();
    if [own, other, low, high, disclosed].iter().any(|plane| plane.len() != len)
        || heard.len() != disclosed.count_ones()
        || low.and(high).count_ones() > 0
    {
        return Err(DropReason::Malformed);
    }
    let both_check = own.and(other);
    let both_key = own.not().and(&other.not());
    let errors = bits.xor(&heard.spread(disclosed)).and(&both_check);
    let levels: [Bits; INTENSITIES] = [low.not().and(&high.not()), low.clone(), high.clone()];
    let by_level = |plane: &Bits| std::array::from_fn(|k| plane.and(&levels[k]).count_ones() as f64);
    let counts = Counts { n_x: by_level(&both_key), n_z: by_level(&both_check), m_z: by_level(&errors) };
    Ok(Sifted { counts, key: bits.pick(&both_key), both_check })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Alice's basis and bit, Bob's, and the intensity.
    type Detection = (bool, bool, bool, bool, usize);

    proptest! {
        /// The planes against one detection at a time.
        #[test]
        fn it_is_what_single_detections_say(
            detections in proptest::collection::vec((any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), 0usize..3), 0..300)
        ) {
            let plane = |f: &dyn Fn(&Detection) -> bool| detections.iter().map(f).collect::<Bits>();
            let (z_a, x_a, z_b, x_b) = (plane(&|d| d.0), plane(&|d| d.1), plane(&|d| d.2), plane(&|d| d.3));
            let intensity = [plane(&|d| d.4 & 1 == 1), plane(&|d| d.4 & 2 == 2)];
            let mut counts = Counts::default();
            let (mut key_a, mut key_b) = (Bits::default(), Bits::default());
            for &(z_a, x_a, z_b, x_b, k) in &detections {
                if z_a && z_b {
                    counts.n_z[k] += 1.0;
                    counts.m_z[k] += f64::from(u8::from(x_a != x_b));
                } else if !z_a && !z_b {
                    counts.n_x[k] += 1.0;
                    key_a.push(x_a);
                    key_b.push(x_b);
                }
            }
            let alice = sift(&x_a, Bases { own: &z_a, other: &z_b, intensity: &intensity }, &z_b, &x_b.pick(&z_b)).unwrap();
            let both = z_a.and(&z_b);
            let bob = sift(&x_b, Bases { own: &z_b, other: &z_a, intensity: &intensity }, &both, &x_a.pick(&both)).unwrap();
            prop_assert_eq!((alice.counts, bob.counts), (counts, counts));
            prop_assert_eq!((alice.key, bob.key), (key_a, key_b));
        }
    }
}
