//! What the checks of both kinds of TXT record share.

use alloc::{string::String, vec::Vec};

use super::{Finding, Findings, Lint, Place, TxtRecord, quote::quoted};
use crate::{Span, txt::TrimWsp as _};

/// More edits than a record of one character-string can need.
pub(super) const MAX_EDITS: usize = 256;

/// The joined text of a record, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) place: Place,
}

impl<'a> Text<'a> {
    /// A part of the text. A record is one line, whatever is in it.
    #[expect(clippy::unused_self, reason = "a span is one of a text")]
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            start: offset(start),
            end: offset(end),
            line: 1,
            column: offset(start.saturating_add(1)),
        }
    }

    pub(super) fn part(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The end of the field that starts at an offset: its semicolon, or the end of the text.
    pub(super) fn field_end(&self, start: usize) -> usize {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b';').unwrap_or(rest.len());
        start.saturating_add(length)
    }

    /// Adds a finding about a part of the text.
    pub(super) fn add<'f>(
        &self,
        findings: &'f mut Findings,
        lint: Lint,
        (start, end): (usize, usize),
        message: impl Into<String>,
    ) -> &'f mut Finding {
        findings.add(lint, self.place, Some(self.span(start, end)), message)
    }

    /// The edits that delete these octets, each given by its offset and in order, and the place of
    /// the first.
    pub(super) fn deletions(
        &self,
        octets: impl Iterator<Item = usize>,
    ) -> ((usize, usize), Vec<(Span, String)>) {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for at in octets {
            let is_full = runs.len() == MAX_EDITS;
            match runs.last_mut() {
                Some((_, end)) if *end == at => *end = at.saturating_add(1),
                _ if is_full => break,
                _ => runs.push((at, at.saturating_add(1))),
            }
        }
        let first = runs.first().copied().unwrap_or_default();
        let edit = |(start, end)| (self.span(start, end), String::new());
        (first, runs.into_iter().map(edit).collect())
    }

    /// Offsets of quotation marks, of backslashes, and of spaces between such and an end of the text.
    pub(super) fn quotes(&self) -> impl Iterator<Item = usize> {
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\\');
        let is_edge = move |byte: &u8| is_quote(byte) || matches!(byte, b' ' | b'\t');
        let first = self.bytes.iter().position(|byte| !is_edge(byte));
        let last = self.bytes.iter().rposition(|byte| !is_edge(byte));
        let inside = first.zip(last).map_or(0..0, |(first, last)| first..last.saturating_add(1));
        self.bytes
            .iter()
            .enumerate()
            .filter(move |(at, byte)| is_quote(byte) || (is_edge(byte) && !inside.contains(at)))
            .map(|(at, _)| at)
    }

    /// The runs of octets outside US-ASCII, and of control characters.
    pub(super) fn foreign(&self) -> impl Iterator<Item = (usize, usize)> {
        let is_foreign =
            |byte: &u8| !byte.is_ascii() || (byte.is_ascii_control() && *byte != b'\t');
        let bytes = self.bytes;
        let mut at = 0_usize;
        core::iter::from_fn(move || {
            let rest = bytes.get(at..)?;
            let start = at.saturating_add(rest.iter().position(is_foreign)?);
            let rest = bytes.get(start..)?;
            let length = rest.iter().position(|byte| !is_foreign(byte)).unwrap_or(rest.len());
            at = start.saturating_add(length);
            Some((start, at))
        })
    }
}

/// What a field name or value is in a message, when its record is one of another kind.
pub(super) fn kind(record: &[u8]) -> String {
    let starts = |prefix: &[u8]| {
        record.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    for (prefix, name) in [
        (&b"v=spf1"[..], "an SPF record"),
        (b"v=dkim1", "a DKIM key"),
        (b"v=dmarc1", "a DMARC record"),
        (b"v=tlsrptv1", "a TLSRPT record, which belongs at `_smtp._tls`"),
        (b"v=stsv1", "an MTA-STS record, which belongs at `_mta-sts`"),
        (b"v=bimi1", "a BIMI record"),
        (b"version:", "a policy, which belongs on the policy host"),
    ] {
        if starts(prefix) {
            return name.into();
        }
    }
    quoted(record)
}

/// The texts of the records.
pub(super) fn joined(records: &[TxtRecord]) -> Vec<Vec<u8>> {
    records.iter().map(TxtRecord::joined).collect()
}

/// The index of a record as places count it.
pub(super) fn index(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Whether the text ends with white space.
pub(super) fn ends_with_space(text: &[u8]) -> bool {
    text.trim_wsp_end().len() < text.len()
}
