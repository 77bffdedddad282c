//! The policy's text (RFC 8461 §3.2).

use alloc::{format, string::String, vec::Vec};

use super::{Findings, Lint, Place, Publication, quote::quoted};
use crate::{
    Deviation, Policy, PolicyError, Span,
    policy::{Piece, Watch, first_line, read},
};

mod deviation;
mod error;
mod key;
mod mx;
mod value;

pub use mx::add_a_labels;

/// A suggested maximum size of policies (RFC 8461 §3.3), which senders keep to.
const MAX_OCTETS: usize = 65_536;

/// A policy's text as the engine reads it.
#[derive(Debug)]
pub(super) struct PolicyText<'a> {
    pub(super) body: &'a [u8],
    pub(super) policy: Result<Policy, PolicyError>,
    /// Where the patterns of the policy stand, in their order.
    pub(super) mx_spans: Vec<Span>,
    deviations: Vec<Deviation>,
    notes: Notes<'a>,
}

/// What the parse said on its way: repetitions, names that nobody knows, the order.
#[derive(Debug, Default)]
struct Notes<'a> {
    /// The first field of all.
    first: Option<Piece<'a>>,
    /// The value of the `version`, `mode` or `max_age` that counts, by the name.
    known: Vec<(Piece<'a>, Piece<'a>)>,
    repeated: Vec<(Piece<'a>, Piece<'a>)>,
    repeated_mx: Vec<(Piece<'a>, Piece<'a>)>,
    extensions: Vec<(Piece<'a>, Piece<'a>)>,
    mx_spans: Vec<Span>,
}

/// As many notes of a kind as can become findings.
const MAX_NOTES: usize = 257;

impl<'a> Notes<'a> {
    fn note(list: &mut Vec<(Piece<'a>, Piece<'a>)>, name: Piece<'a>, value: Piece<'a>) {
        if list.len() < MAX_NOTES {
            list.push((name, value));
        }
    }
}

impl<'a> Watch<'a> for Notes<'a> {
    fn first(&mut self, name: Piece<'a>, value: Piece<'a>) {
        self.first.get_or_insert(name);
        self.known.push((name, value));
    }

    fn again(&mut self, name: Piece<'a>, value: Piece<'a>) {
        Self::note(&mut self.repeated, name, value);
    }

    fn mx(&mut self, name: Piece<'a>, value: Piece<'a>, is_new: bool) {
        self.first.get_or_insert(name);
        if is_new {
            self.mx_spans.push(value.span());
        } else {
            Self::note(&mut self.repeated_mx, name, value);
        }
    }

    fn extension(&mut self, name: Piece<'a>, value: Piece<'a>) {
        self.first.get_or_insert(name);
        Self::note(&mut self.extensions, name, value);
    }
}

impl<'a> PolicyText<'a> {
    pub(super) fn read(body: &'a [u8]) -> Self {
        let mut notes = Notes::default();
        let (policy, deviations) = read(body, &mut notes);
        let mx_spans = core::mem::take(&mut notes.mx_spans);
        Self { body, policy, mx_spans, deviations, notes }
    }

    /// The octets of a span.
    fn part(&self, span: Span) -> &'a [u8] {
        let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        self.body.get(offset(span.start)..offset(span.end)).unwrap_or_default()
    }

    /// The place behind the last octet.
    fn end(&self) -> Span {
        let newline = self.body.iter().rposition(|byte| *byte == b'\n');
        let start = newline.map_or_else(|| first_line(self.body), |at| at.saturating_add(1));
        let lines = self.body.iter().filter(|byte| **byte == b'\n').count().saturating_add(1);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let end = offset(self.body.len());
        let column = offset(self.body.len().saturating_sub(start).saturating_add(1));
        Span { start: end, end, line: offset(lines), column }
    }

    /// The edits that remove the line on which a piece stands.
    fn without_line(&self, piece: Piece<'_>) -> [(Span, String); 1] {
        self.without_line_at(piece.span())
    }

    /// The edits that remove the line of this span, which ends with it or after it.
    fn without_line_at(&self, span: Span) -> [(Span, String); 1] {
        let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        let start = span.start.saturating_sub(span.column.saturating_sub(1));
        let rest = self.body.get(offset(span.end)..).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n');
        let length = length.map_or(rest.len(), |at| at.saturating_add(1));
        let end = span.end.saturating_add(u32::try_from(length).unwrap_or(u32::MAX));
        [(Span { start, end, line: span.line, column: 1 }, String::new())]
    }
}

/// Checks the text. Errors are found exactly when the text is no policy, or too large for one.
pub(super) fn check(text: &PolicyText<'_>, publication: &Publication, findings: &mut Findings) {
    if text.body.len() > MAX_OCTETS {
        let message = format!("the policy has {} octets, more than 64 KiB", text.body.len());
        findings
            .add(Lint::PolicyTooLarge, Place::Policy, None, message)
            .help("Senders stop reading at 64 KiB and ignore the policy. Use wildcards for hosts of one domain.");
    }
    match &text.policy {
        Err(error) => {
            // What is something else altogether is not told by its details.
            if error::check(text, *error, publication, findings) {
                return;
            }
        }
        Ok(policy) => {
            value::check(text, policy, findings);
            mx::check(text, policy, publication, findings);
        }
    }
    deviation::check(text, findings);
    key::check(text, findings);
    line_endings(text.body, findings);
}

/// LF and CRLF are both right, and each line may have its own.
fn line_endings(body: &[u8], findings: &mut Findings) {
    let lines = body.iter().filter(|byte| **byte == b'\n').count();
    let crlf = body.windows(2).filter(|pair| *pair == b"\r\n").count();
    if crlf > 0 && crlf < lines {
        let message = format!("{crlf} of {lines} lines end with CRLF, the others with LF");
        findings
            .add(Lint::PolicyMixedLineEndings, Place::Policy, None, message)
            .help("That is allowed, and often a sign of a file put together from parts.");
    }
}

/// A value of the policy, in a message.
fn show(piece: Piece<'_>) -> String {
    quoted(piece.bytes)
}
