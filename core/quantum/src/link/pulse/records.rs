//! What both ends keep of the detected pulses.

use crate::ground::Bits;

/// The sender's records of the detected pulses, a plane of bits for each thing recorded.
#[derive(Clone, Debug, Default)]
pub struct AliceRecords {
    /// Bases: 0 the key basis X, 1 the check basis Z.
    pub bases: Bits,
    /// Bits sent.
    pub bits: Bits,
    /// Index of the intensity, low and high bit: 0 signal, 1 weak decoy, 2 vacuum.
    pub intensity: [Bits; 2],
}

/// The receiver's records of the detected pulses.
#[derive(Clone, Debug, Default)]
pub struct BobRecords {
    /// Bases: 0 the key basis X, 1 the check basis Z.
    pub bases: Bits,
    /// Bits found.
    pub bits: Bits,
}

/// The detections of one or more slots: both parties' records, aligned by index.
#[derive(Clone, Debug, Default)]
pub struct Detections {
    /// Pulses sent.
    pub pulses: u64,
    /// The sender's side.
    pub alice: AliceRecords,
    /// The receiver's side.
    pub bob: BobRecords,
    /// Number of the gate of each detection, counted from the link's first pulse; empty where no positions were
    /// asked for.
    pub gates: Vec<u64>,
}

impl Detections {
    /// Number of detections.
    #[must_use]
    pub fn clicks(&self) -> usize {
        self.bob.bits.len()
    }

    /// Appends up to 64 categories (see `law`): plane p holds bit p of each.
    pub(super) fn push_planes(&mut self, planes: [u64; 6], count: usize) {
        let [low, high] = &mut self.alice.intensity;
        let targets =
            [&mut self.alice.bases, &mut self.alice.bits, &mut self.bob.bases, &mut self.bob.bits, low, high];
        for (target, plane) in targets.into_iter().zip(planes) {
            target.push_word(plane, count);
        }
    }
}
