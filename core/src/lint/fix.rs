//! Fixes, made.

use alloc::vec::Vec;

use super::{Edit, Finding, Fix, Place};

impl Fix {
    /// The text with this change. Spans that do not lie in the text are passed over.
    #[must_use]
    pub fn apply(&self, text: &[u8]) -> Vec<u8> {
        edit(text, self.edits.iter().collect())
    }
}

/// The text of `place` with the first fix of each finding that changes it. Where two overlap, the
/// earlier one is made; checking and fixing again makes the other.
#[must_use]
pub fn apply_fixes(text: &[u8], place: Place, findings: &[Finding]) -> Vec<u8> {
    let fixes = findings.iter().filter_map(|finding| finding.fixes.first());
    let fixes = fixes.filter(|fix| fix.place == place);
    edit(text, fixes.flat_map(|fix| &fix.edits).collect())
}

fn edit(text: &[u8], mut edits: Vec<&Edit>) -> Vec<u8> {
    let offset = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    // Stable: what is inserted at one place stays in its order.
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    let mut inserted: Vec<&str> = Vec::new();
    for Edit { span, replacement } in edits {
        let (start, end) = (offset(span.start), offset(span.end));
        let Some(kept) = text.get(at..start).filter(|_| start <= end && end <= text.len()) else {
            continue;
        };
        if start > at || end > start {
            inserted.clear();
        }
        // Two findings may ask for the same insertion.
        if start == end {
            if inserted.contains(&replacement.as_str()) {
                continue;
            }
            inserted.push(replacement);
        }
        out.extend_from_slice(kept);
        out.extend_from_slice(replacement.as_bytes());
        at = end;
    }
    out.extend_from_slice(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn fix(edits: &[(u32, u32, &str)]) -> Fix {
        let edits = edits.iter().map(|(start, end, text)| Edit {
            span: Span { start: *start, end: *end, line: 1, column: start.saturating_add(1) },
            replacement: (*text).into(),
        });
        Fix { label: "".into(), place: Place::Policy, edits: edits.collect() }
    }

    #[test]
    fn edits_are_made_in_order_and_overlaps_once() {
        assert_eq!(fix(&[(4, 5, "E"), (0, 1, "A")]).apply(b"abcde"), b"AbcdE");
        assert_eq!(fix(&[(0, 3, "x"), (1, 4, "y")]).apply(b"abcde"), b"xde");
        assert_eq!(fix(&[(2, 2, "1"), (2, 2, "2"), (2, 2, "1")]).apply(b"abcde"), b"ab12cde");
        assert_eq!(
            fix(&[(5, 5, "!"), (5, 6, "?"), (9, 9, "?"), (3, 2, "?")]).apply(b"abcde"),
            b"abcde!"
        );
    }
}
