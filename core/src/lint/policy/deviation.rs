//! What the grammar does not allow and the engine reads nevertheless; strict senders may not.

use alloc::format;

use super::{PolicyText, mx};
use crate::{
    Deviation, DeviationKind, Span,
    lint::{Findings, Lint, Place, quote::quoted},
    policy::BYTE_ORDER_MARK,
    txt::TrimWsp as _,
};

const STRICT: &str = "Senders that follow the grammar to the letter ignore the whole policy.";

pub(super) fn check(text: &PolicyText<'_>, findings: &mut Findings) {
    for Deviation { kind, span } in &text.deviations {
        let (span, part) = (*span, text.part(*span));
        match kind {
            DeviationKind::ByteOrderMark => {
                add(
                    findings,
                    Lint::PolicyByteOrderMark,
                    span,
                    "the policy begins with a byte order mark",
                )
                .help(format!("{STRICT} Save it as UTF-8 without one."))
                .fix("Remove the byte order mark", [(marks(text, span), "".into())]);
            }
            DeviationKind::BlankLine => blank_line(text, span, findings),
            DeviationKind::CarriageReturn => {
                add(
                    findings,
                    Lint::PolicyCarriageReturn,
                    span,
                    "the line ends with a carriage return too many",
                )
                .help(format!("{STRICT} A conversion of line ends was made twice."))
                .fix("Remove the surplus carriage returns", [(span, "".into())]);
            }
            DeviationKind::LeadingSpace => {
                add(
                    findings,
                    Lint::PolicyLeadingSpace,
                    span,
                    "white space stands before the field name",
                )
                .help(STRICT)
                .fix("Remove the white space", [(span, "".into())]);
            }
            DeviationKind::SpaceBeforeColon => {
                add(
                    findings,
                    Lint::PolicySpaceBeforeColon,
                    span,
                    "white space stands before the colon",
                )
                .help(STRICT)
                .fix("Remove the white space", [(span, "".into())]);
            }
            DeviationKind::NoColon => no_colon(text, span, part, findings),
            DeviationKind::FieldName => field_name(text, span, part, findings),
            DeviationKind::FieldValue => field_value(text, span, part, findings),
            DeviationKind::TrailingDot => {
                let message = format!("{} ends with a dot", quoted(part));
                let dot = Span {
                    start: span.end.saturating_sub(1),
                    column: span
                        .column
                        .saturating_add(span.end.saturating_sub(span.start))
                        .saturating_sub(1),
                    ..span
                };
                add(findings, Lint::PolicyMxTrailingDot, span, message)
                    .help("Patterns are written without the root dot; some senders match nothing with it.")
                    .fix("Remove the dot", [(dot, "".into())]);
            }
            DeviationKind::Underscore => {
                let message =
                    format!("{} has an underscore, which host names do not have", quoted(part));
                add(findings, Lint::PolicyMxUnderscore, span, message).help(format!(
                    "{STRICT} Certificates for such names are not issued either: rename the host."
                ));
            }
            DeviationKind::InvalidMx(error) => mx::invalid(text, span, part, *error, findings),
        }
    }
}

fn add(
    findings: &mut Findings,
    lint: Lint,
    span: Span,
    message: impl Into<alloc::string::String>,
) -> &mut crate::lint::Finding {
    findings.add(lint, Place::Policy, Some(span), message)
}

/// The mark, and those that follow: some programs put one before what has one.
fn marks(text: &PolicyText<'_>, first: Span) -> Span {
    let octets = text.body.chunks(BYTE_ORDER_MARK.len());
    let count = octets.take_while(|octets| *octets == BYTE_ORDER_MARK).count();
    let end = count.saturating_mul(BYTE_ORDER_MARK.len());
    Span { end: u32::try_from(end).unwrap_or(u32::MAX), ..first }
}

fn blank_line(text: &PolicyText<'_>, span: Span, findings: &mut Findings) {
    add(findings, Lint::PolicyBlankLine, span, "the line is blank")
        .help(STRICT)
        .fix("Remove the line", text.without_line_at(span));
}

fn no_colon(text: &PolicyText<'_>, span: Span, part: &[u8], findings: &mut Findings) {
    if is_comment(part) {
        return comment(text, span, findings);
    }
    let equals = part.iter().position(|byte| *byte == b'=');
    match equals.and_then(|at| part.split_at_checked(at)) {
        Some((name, _)) if super::key::meant(name.trim_wsp_end()).is_some() => {
            let message = format!(
                "{} has an equals sign where a colon belongs, and is ignored",
                quoted(part)
            );
            let start = span.start.saturating_add(u32::try_from(name.len()).unwrap_or(u32::MAX));
            let sign = Span {
                start,
                end: start.saturating_add(1),
                column: span.column.saturating_add(start.saturating_sub(span.start)),
                ..span
            };
            add(findings, Lint::PolicyEqualsSign, span, message)
                .help("Fields read `name: value`.")
                .fix("Write a colon", [(sign, ": ".into())]);
        }
        _ => {
            let message =
                format!("{} is no field, since it has no colon; it is ignored", quoted(part));
            add(findings, Lint::PolicyNoColon, span, message)
                .help(STRICT)
                .fix("Remove the line", text.without_line_at(span));
        }
    }
}

fn field_name(text: &PolicyText<'_>, span: Span, part: &[u8], findings: &mut Findings) {
    if is_comment(part) {
        return comment(text, span, findings);
    }
    let message = match part.len() {
        0 => "a field without a name is ignored".into(),
        33.. => {
            format!("the field name {} is longer than 32 characters; it is ignored", quoted(part))
        }
        _ => format!("{} is no field name; the line is ignored", quoted(part)),
    };
    add(findings, Lint::PolicyKeyMalformed, span, message)
        .help("Field names have 1 to 32 letters, digits, `_`, `-` and `.`, and begin with a letter or digit.")
        .fix("Remove the line", text.without_line_at(span));
}

fn field_value(text: &PolicyText<'_>, span: Span, part: &[u8], findings: &mut Findings) {
    let colon = part.iter().position(|byte| *byte == b':').unwrap_or(part.len());
    let (name, value) = part.split_at_checked(colon).unwrap_or((part, &[]));
    let value = value.get(1..).unwrap_or_default().trim_wsp_start();
    let name = quoted(name.trim_wsp_end());
    if value.is_empty() {
        let message = format!("{name} has no value; the line is ignored");
        add(findings, Lint::PolicyValueEmpty, span, message)
            .help(STRICT)
            .fix("Remove the line", text.without_line_at(span));
    } else if core::str::from_utf8(value).is_err() {
        let message =
            format!("the value of {name} is not UTF-8: {}; the line is ignored", quoted(value));
        add(findings, Lint::PolicyInvalidUtf8, span, message)
            .help("Save the policy as UTF-8 or US-ASCII.");
    } else {
        let message = format!(
            "the value of {name} has a control character: {}; the line is ignored",
            quoted(value)
        );
        add(findings, Lint::PolicyControlCharacter, span, message).help(STRICT);
    }
}

fn comment(text: &PolicyText<'_>, span: Span, findings: &mut Findings) {
    add(findings, Lint::PolicyComment, span, "policies have no comments; the line is ignored")
        .help(STRICT)
        .fix("Remove the line", text.without_line_at(span));
}

/// Whether it begins as comments do elsewhere.
pub(super) fn is_comment(part: &[u8]) -> bool {
    matches!(part.trim_wsp_start(), [b'#' | b';', ..] | [b'/', b'/' | b'*', ..] | [b'-', b'-', ..])
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use crate::lint::{Lint, Publication, check};

    #[test]
    fn all_byte_order_marks_are_removed_at_once() {
        let right = b"version: STSv1\nmode: none\nmax_age: 86400\n";
        let policy = [&b"\xef\xbb\xbf\xef\xbb\xbf"[..], right].concat();
        let report = check(&Publication { policy: Some(policy.clone()), ..Publication::default() });
        let marks = report.findings.iter().filter(|one| one.lint == Lint::PolicyByteOrderMark);
        let fixed: Vec<_> =
            marks.flat_map(|finding| &finding.fixes).map(|fix| fix.apply(&policy)).collect();
        assert_eq!(fixed, [right]);
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        for policy in ["\u{feff}version: STSv1", "\u{feff}\r\u{e}"] {
            let report =
                check(&Publication { policy: Some(policy.into()), ..Publication::default() });
            let edits =
                report.findings.iter().flat_map(|one| &one.fixes).flat_map(|fix| &fix.edits);
            let spans = report.findings.iter().filter_map(|one| one.span);
            for span in spans.chain(edits.map(|edit| edit.span)).filter(|span| span.start > 2) {
                assert_eq!((span.line, span.column), (1, span.start - 2), "{policy:?}");
            }
        }
    }
}
