//! A part of a policy's text that knows where it stands.

use super::Span;
use crate::txt::TrimWsp as _;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    /// Offset in the text.
    start: usize,
    /// Offset of the line in the text.
    line_start: usize,
    line: u32,
}

impl<'a> Piece<'a> {
    /// The lines of a text from `start` on, each with whether it is terminated. Only LF ends a
    /// line; behind the last one there is none.
    pub(crate) fn lines(text: &'a [u8], start: usize) -> impl Iterator<Item = (Self, bool)> {
        let mut next = start;
        let mut line = 0_u32;
        core::iter::from_fn(move || {
            let rest = text.get(next..).filter(|rest| !rest.is_empty())?;
            let end = rest.iter().position(|byte| *byte == b'\n');
            let bytes = end.map_or(rest, |end| rest.get(..end).unwrap_or_default());
            line = line.saturating_add(1);
            let piece = Self { bytes, start: next, line_start: next, line };
            next = next.saturating_add(bytes.len()).saturating_add(1);
            Some((piece, end.is_some()))
        })
    }

    /// What is left without the first `count` octets.
    pub(crate) fn skip(self, count: usize) -> Self {
        let bytes = self.bytes.get(count..).unwrap_or_default();
        Self { bytes, start: self.start.saturating_add(count), ..self }
    }

    /// The first `count` octets.
    pub(crate) fn keep(self, count: usize) -> Self {
        Self { bytes: self.bytes.get(..count).unwrap_or(self.bytes), ..self }
    }

    pub(crate) fn trim_start(self) -> Self {
        self.skip(self.bytes.len().saturating_sub(self.bytes.trim_wsp_start().len()))
    }

    pub(crate) fn trim_end(self) -> Self {
        self.keep(self.bytes.trim_wsp_end().len())
    }

    /// What stands before and after the first `separator`.
    pub(crate) fn split_at_byte(self, separator: u8) -> Option<(Self, Self)> {
        let at = self.bytes.iter().position(|byte| *byte == separator)?;
        Some((self.keep(at), self.skip(at.saturating_add(1))))
    }

    pub(crate) const fn len(self) -> usize {
        self.bytes.len()
    }

    pub(crate) const fn is_empty(self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn span(self) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start: offset(self.start),
            end: offset(self.start.saturating_add(self.len())),
            line: self.line,
            column: offset(self.start.saturating_sub(self.line_start).saturating_add(1)),
        }
    }
}
