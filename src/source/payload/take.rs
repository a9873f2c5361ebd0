//! Bytes taken from the front, for the binary encodings; what is not there is `None`.

/// What is left of some bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Take<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Take<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Whether nothing is left.
    pub(super) fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: u64) -> Option<&'a [u8]> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        let taken = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N as u64)?.try_into().ok()
    }

    /// A whole number of 1, 2, 4 or 8 bytes, the most significant first.
    pub(super) fn number(&mut self, width: u64) -> Option<u64> {
        let bytes = self.bytes(width)?.iter();
        Some(bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }
}
