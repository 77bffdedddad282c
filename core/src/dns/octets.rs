//! The octets of a message.

/// A place in a message, at which octets are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Octets<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Octets<'a> {
    pub(super) const fn new(message: &'a [u8]) -> Self {
        Self { message, at: 0 }
    }

    /// How many octets stand before this place.
    pub(super) const fn at(self) -> usize {
        self.at
    }

    /// What stands at `at`, of the same message.
    pub(super) const fn back_to(self, at: usize) -> Self {
        Self { at, ..self }
    }

    pub(super) fn is_empty(self) -> bool {
        self.at >= self.message.len()
    }

    /// Takes as many octets.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.message.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }

    /// Takes as many octets, to be read one by one. What stands before them can be gone back to.
    pub(super) fn part(&mut self, length: usize) -> Option<Self> {
        let at = self.at;
        self.take(length)?;
        Some(Self { message: self.message.get(..self.at)?, at })
    }

    /// Takes all octets that are left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        self.take(self.message.len().saturating_sub(self.at)).unwrap_or_default()
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn octet(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }
}
