//! A string of bytes read as a script: numbers, runs of bytes, questions. It goes on for ever, in zeros.

use keyway_core::distill::cascade::Questions;
use keyway_core::ground::Bits;

/// What is left of the script.
pub struct Script<'a>(pub &'a [u8]);

impl Script<'_> {
    /// Whether nothing is left.
    pub fn ended(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// A number below 2^16.
    pub fn short(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.byte(), self.byte()]))
    }

    /// A number of any size: a byte, turned left by another.
    pub fn wide(&mut self) -> u32 {
        u32::from(self.byte()).rotate_left(u32::from(self.byte()))
    }

    /// Up to 255 bytes, fewer at the script's end.
    pub fn bytes(&mut self) -> Vec<u8> {
        let (taken, rest) = self.0.split_at(usize::from(self.byte()).min(self.0.len()));
        self.0 = rest;
        taken.to_vec()
    }

    /// `len` bits: a run of bytes over and over.
    pub fn bits(&mut self, len: usize) -> Bits {
        let run = self.bytes();
        let bytes: Vec<u8> = run.iter().copied().cycle().take(len.div_ceil(8)).collect();
        Bits::from_bytes(&bytes, len)
    }

    /// A batch of questions in its bytes: any bytes, or one that has the form of a kind.
    pub fn question(&mut self) -> Vec<u8> {
        let questions = match self.byte() % 5 {
            0 => return self.bytes(),
            1 => Questions::Blocks { pass: self.byte() % 18, size: self.wide(), wide: self.wide() },
            2 => Questions::Checks { first: self.byte(), count: self.byte() },
            3 => {
                let (view, unit, mut next) = (self.byte(), 1 << (self.byte() % 8), 0u32);
                let mut cut = |gap: u8| {
                    next += unit * (1 + u32::from(gap));
                    next
                };
                Questions::Cuts { view, at: self.bytes().into_iter().map(&mut cut).collect() }
            }
            _ => {
                let len = self.short() % 600;
                Questions::Halves { before: self.bits(len) }
            }
        };
        questions.encode()
    }
}
