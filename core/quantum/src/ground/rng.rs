//! Named random streams. A stream depends on the run's seed and on its name alone, so a draw added on one floor
//! never shifts another floor's numbers.

use chacha20::ChaCha8Rng;
use rand_core::{Rng as _, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sha2::{Digest, Sha256};

/// The source of all streams of a run.
#[derive(Clone, Debug)]
pub struct Streams {
    seed: u64,
}

impl Streams {
    /// The streams of the run with this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream called `name`, such as `link/naic-eng/source`, from its start.
    #[must_use]
    pub fn stream(&self, name: &str) -> Rng {
        let digest = Sha256::new()
            .chain_update(b"keyway stream 1")
            .chain_update(self.seed.to_le_bytes())
            .chain_update(name.as_bytes())
            .finalize();
        Rng(ChaCha8Rng::from_seed(digest.into()))
    }
}

/// One random stream (ChaCha with 8 rounds).
#[derive(Debug)]
pub struct Rng(ChaCha8Rng);

/// A checkpoint's stream goes on where the run's stands. The crate leaves this to its users, lest a stream is drawn from
/// twice by mistake.
impl Clone for Rng {
    fn clone(&self) -> Self {
        let mut clone = ChaCha8Rng::from_seed(self.0.get_seed());
        clone.set_word_pos(self.0.get_word_pos());
        Self(clone)
    }
}

impl Rng {
    /// The stream that a random seed starts.
    #[must_use]
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// 64 uniform bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// 32 uniform bits.
    pub fn next_u32(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Fills `bytes` with uniform bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// A uniform number in [0, 1) with 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// A uniform number in 0..n without bias (Lemire 2019). `n` must not be 0 (0 gives 0).
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            // The division is needed only where the low half is below n: almost never.
            if product as u64 >= n || product as u64 >= n.wrapping_neg() % n {
                return (product >> 64) as u64;
            }
        }
    }

    /// [`Rng::below`] from half as many random bits.
    fn below_u32(&mut self, n: u32) -> u32 {
        loop {
            let product = u64::from(self.next_u32()) * u64::from(n);
            if product as u32 >= n || product as u32 >= n.wrapping_neg() % n {
                return (product >> 32) as u32;
            }
        }
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.uniform() < p
    }

    /// 0..len in random order (Fisher and Yates), every order equally likely.
    pub fn permutation(&mut self, len: u32) -> Vec<u32> {
        let mut items: Vec<u32> = (0..len).collect();
        for i in (1..len).rev() {
            items.swap(i as usize, self.below_u32(i + 1) as usize);
        }
        items
    }
}

/// A stream for what is drawn by the hundred million (xoshiro256++, Blackman and Vigna 2021). It can be foreseen from
/// its output: it decides what nature does, never what a party keeps secret.
#[derive(Clone, Debug)]
pub struct NatureRng(Xoshiro256PlusPlus);

impl NatureRng {
    /// A stream that starts from what `rng` gives.
    #[must_use]
    pub fn from_stream(rng: &mut Rng) -> Self {
        let mut seed = [0; 32];
        rng.fill(&mut seed);
        Self(Xoshiro256PlusPlus::from_seed(seed))
    }

    /// 64 uniform bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Fills `words` with uniform words.
    pub fn fill_words<const N: usize>(&mut self, words: &mut [u32; N]) {
        for pair in words.chunks_mut(2) {
            let random = self.0.next_u64();
            for (word, half) in pair.iter_mut().zip([random as u32, (random >> 32) as u32]) {
                *word = half;
            }
        }
    }
}

/// Whatever gives uniform words.
pub trait Uniform {
    /// 64 uniform bits.
    fn word(&mut self) -> u64;
}

impl Uniform for Rng {
    fn word(&mut self) -> u64 {
        self.next_u64()
    }
}

impl Uniform for NatureRng {
    fn word(&mut self) -> u64 {
        self.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_depend_on_seed_and_name_alone() {
        let mut a = Streams::new(7).stream("x");
        let mut b = Streams::new(7).stream("x");
        assert_eq!(a.next_u64(), b.next_u64());
        assert_ne!(Streams::new(7).stream("y").next_u64(), Streams::new(7).stream("x").next_u64());
        assert_ne!(Streams::new(8).stream("x").next_u64(), Streams::new(7).stream("x").next_u64());
    }

    #[test]
    fn a_clone_goes_on_where_its_stream_stands() {
        let mut stream = Streams::new(3).stream("clone");
        for n in 0..200 {
            let mut bytes = vec![0; n % 13];
            stream.fill(&mut bytes);
            if n % 3 == 0 {
                stream.next_u32();
            }
            let (mut clone, mut same) = (stream.clone(), stream.clone());
            for _ in 0..40 {
                assert_eq!(clone.next_u64(), same.next_u64());
            }
            let mut clone = stream.clone();
            assert_eq!(clone.next_u64(), stream.next_u64(), "after {n} steps");
        }
    }

    #[test]
    fn every_order_is_equally_likely() {
        let mut rng = Streams::new(2).stream("order");
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            *counts.entry(rng.permutation(4)).or_insert(0u32) += 1;
        }
        let chi2: f64 =
            counts.values().map(|&c| (f64::from(c) - 1_000.0) * (f64::from(c) - 1_000.0) / 1_000.0).sum();
        // Chi-square with 23 degrees of freedom: 49.7 is passed with probability 0.1 %.
        assert!(counts.len() == 24 && chi2 < 49.7, "{} orders, {chi2}", counts.len());
    }

    #[test]
    fn below_is_uniform() {
        let mut rng = Streams::new(1).stream("below");
        let mut counts = [0u32; 7];
        for _ in 0..70_000 {
            counts[rng.below(7) as usize] += 1;
        }
        // Chi-square with 6 degrees of freedom: 22.5 is passed with probability 0.1 %.
        let chi2: f64 =
            counts.iter().map(|&c| (f64::from(c) - 10_000.0) * (f64::from(c) - 10_000.0) / 10_000.0).sum();
        assert!(chi2 < 22.5, "{chi2}");
    }
}
