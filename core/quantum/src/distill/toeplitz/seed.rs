//! The diagonals of a Toeplitz matrix: the seed from one of its words on.

/// Words of a seed, zeros after the last.
#[derive(Clone, Copy)]
pub struct Seed<'a> {
    words: &'a [u64],
    at: usize,
}

impl<'a> Seed<'a> {
    pub fn new(words: &'a [u64]) -> Self {
        Self { words, at: 0 }
    }

    /// From `words` words further on.
    pub fn from(self, words: usize) -> Self {
        Self { at: self.at + words, ..self }
    }

    /// Lays out the words from here on.
    pub fn lay(self, out: &mut [u64]) {
        let words = self.words.get(self.at..).unwrap_or(&[]);
        let (out, rest) = out.split_at_mut(words.len().min(out.len()));
        out.copy_from_slice(&words[..out.len()]);
        rest.fill(0);
    }

    /// The same with all bits moved up by one; the last bit before comes in.
    pub fn lay_moved_up(self, out: &mut [u64]) {
        self.lay(out);
        let mut before = self.at.checked_sub(1).and_then(|i| self.words.get(i)).copied().unwrap_or(0);
        for word in out {
            (before, *word) = (*word, before >> 63 | *word << 1);
        }
    }

    /// The same, word by word.
    pub fn moved_up(self) -> impl Iterator<Item = u64> {
        let plain = self.words.get(self.at..).unwrap_or(&[]).iter().copied().chain(std::iter::repeat(0));
        let mut before = self.at.checked_sub(1).and_then(|i| self.words.get(i)).copied().unwrap_or(0);
        plain.map(move |word| std::mem::replace(&mut before, word) >> 63 | word << 1)
    }
}
