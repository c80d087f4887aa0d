//! The reader under the dissection: it takes bits in order and notes each field that it takes.

use super::Field;

/// A walk over bits, with the fields met so far.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: u32,
    end: u32,
    depth: u8,
    /// The fields met so far.
    pub(super) fields: Vec<Field>,
}

impl<'a> Walk<'a> {
    /// A walk from the first bit. Of more than 512 MiB only the first are walked.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let end = bytes.len().min(u32::MAX as usize / 8) as u32 * 8;
        Self { bytes, at: 0, end, depth: 0, fields: Vec::new() }
    }

    /// Bits that are left.
    pub(super) fn left(&self) -> u32 {
        self.end - self.at
    }

    /// The bytes that are left; none where the walk is not at the start of one.
    pub(super) fn bytes_left(&self) -> &'a [u8] {
        if !self.at.is_multiple_of(8) {
            return &[];
        }
        self.bytes.get((self.at / 8) as usize..(self.end / 8) as usize).unwrap_or(&[])
    }

    /// The next bits (up to 64) as a number, without taking them.
    pub(super) fn peek(&self, bits: u32) -> Option<u64> {
        if bits > self.left() || bits > 64 {
            return None;
        }
        let bit = |i: u32| u64::from(self.bytes[(i / 8) as usize] >> (7 - i % 8) & 1);
        Some((self.at..self.at + bits).fold(0, |number, i| number << 1 | bit(i)))
    }

    /// Takes a field. `None`, and nothing taken, where there are too few bits or `show` knows no such value.
    pub(super) fn field(
        &mut self,
        name: &str,
        bits: u32,
        about: &str,
        show: impl FnOnce(u64) -> Option<String>,
    ) -> Option<u64> {
        let raw = self.peek(bits)?;
        let value = show(raw)?;
        self.note(name, value, bits, about);
        Some(raw)
    }

    /// Takes a number as it stands.
    pub(super) fn plain(&mut self, name: &str, bits: u32, about: &str) -> Option<u64> {
        self.field(name, bits, about, |raw| Some(raw.to_string()))
    }

    /// Takes a whole number of the range `low..=high` as UPER has it: in the fewest bits, from `low` up (X.691).
    pub(super) fn number(
        &mut self,
        name: &str,
        (low, high): (i64, i64),
        about: &str,
        show: impl FnOnce(i64) -> String,
    ) -> Option<i64> {
        let bits = 64 - high.wrapping_sub(low).leading_zeros();
        let in_range = |raw: u64| low.checked_add_unsigned(raw).filter(|value| *value <= high);
        let raw = self.field(name, bits, about, |raw| in_range(raw).map(show))?;
        in_range(raw)
    }

    /// Takes a group of fields. It is noted even where `inside` stops early, with what was taken of it.
    pub(super) fn group<T>(
        &mut self,
        name: &str,
        about: &str,
        inside: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let (start, place) = (self.at, self.fields.len());
        self.note(name, String::new(), 0, about);
        self.depth += 1;
        let result = inside(self);
        self.depth -= 1;
        if self.at == start {
            self.fields.remove(place);
        } else {
            self.fields[place].bits = self.at - start;
        }
        result
    }

    /// Walks the next `bits` bits alone: `inside` sees no further, and what it leaves is noted as `leftover`. `None`,
    /// and nothing taken, where there are fewer.
    pub(super) fn within(
        &mut self,
        bits: u32,
        leftover: (&str, &str),
        inside: impl FnOnce(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if bits > self.left() {
            return None;
        }
        let outer = std::mem::replace(&mut self.end, self.at + bits);
        let understood = inside(self).is_some();
        if understood && self.left() < 8 && self.peek(self.left()) == Some(0) {
            self.rest("padding", "Zero bits up to a whole byte (X.691)");
        }
        self.rest(leftover.0, leftover.1);
        self.end = outer;
        Some(())
    }

    /// Takes all that is left as one field of bytes; nothing where nothing is left.
    pub(super) fn rest(&mut self, name: &str, about: &str) {
        let bits = self.left();
        if bits > 0 {
            let value =
                if bits.is_multiple_of(8) { format!("{} bytes", bits / 8) } else { format!("{bits} bits") };
            self.note(name, value, bits, about);
        }
    }

    fn note(&mut self, name: &str, value: String, bits: u32, about: &str) {
        let (name, about) = (name.into(), about.into());
        self.fields.push(Field { depth: self.depth, name, value, first_bit: self.at, bits, about });
        self.at += bits;
    }
}
