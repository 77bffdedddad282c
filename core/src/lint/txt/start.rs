//! A record that does not begin with `v=STSv1;` and may be meant to.

use alloc::{format, string::String};

use super::VERSION;
use crate::lint::{
    Findings, Lint,
    quote::quoted,
    record::{MAX_EDITS, Text},
};
use crate::txt::TrimWsp as _;

/// Says why this record is not found, if it looks like one for MTA-STS.
pub(super) fn check(text: &Text<'_>, findings: &mut Findings) {
    let bytes = text.bytes;
    if !mentions_version(bytes) {
        return;
    }
    let indent = bytes.len().saturating_sub(bytes.trim_wsp_start().len());
    let begins = |prefix: &[u8]| {
        bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let version = (0, VERSION.len());
    match bytes {
        [b'"' | b'\\', ..] => quotes(text, findings),
        _ if has_foreign_start(text) => non_ascii(text, findings),
        [b' ' | b'\t', ..] => {
            text.add(
                findings,
                Lint::TxtLeadingSpace,
                (0, indent),
                "white space stands before `v=STSv1`",
            )
            .help("The record begins with its version.")
            .fix("Remove the white space", [(text.span(0, indent), String::new())]);
        }
        _ if begins(b"v=STSv1") && !bytes.starts_with(VERSION.as_bytes()) => {
            let found = quoted(text.part(version.0, version.1));
            let message =
                format!("the record begins with {found} instead of `v=STSv1`: case matters");
            text.add(findings, Lint::TxtVersionCase, version, message)
                .help("Write `v=STSv1` with exactly these letters.")
                .fix("Write `v=STSv1`", [(text.span(version.0, version.1), VERSION.into())]);
        }
        _ if bytes.starts_with(VERSION.as_bytes()) => after_version(text, findings),
        _ => elsewhere(text, findings),
    }
}

/// The version is right, and what follows is no semicolon.
fn after_version(text: &Text<'_>, findings: &mut Findings) {
    let start = VERSION.len();
    let rest = text.bytes.get(start..).unwrap_or_default();
    let bare = rest.trim_wsp_start();
    let at = start.saturating_add(rest.len().saturating_sub(bare.len()));
    let after = at.saturating_add(1);
    match bare {
        // With other records beside it, white space before the semicolon hides the record.
        [b';', ..] => {
            text.add(
                findings,
                Lint::TxtVersionSpace,
                (start, at),
                "white space stands between `v=STSv1` and its semicolon",
            )
            .help("Among several TXT records, senders keep only those that begin with `v=STSv1;`.")
            .fix("Remove the white space", [(text.span(start, at), String::new())]);
        }
        [] => {
            text.add(findings, Lint::TxtNoField, (0, at), "nothing follows `v=STSv1`")
                .help("Add the policy's id: `v=STSv1; id=1;`.");
        }
        [b'\\', b';', ..] => escaped_semicolons(text, findings),
        [b'"' | b'\\', ..] => quotes(text, findings),
        [b',', ..] => {
            text.add(
                findings,
                Lint::TxtComma,
                (at, after),
                "a comma stands where a semicolon belongs",
            )
            .help("Fields end with semicolons: `v=STSv1; id=1;`.")
            .fix("Write a semicolon", [(text.span(at, after), ";".into())]);
        }
        _ if at > start => {
            text.add(findings, Lint::TxtVersion, (start, at), "no semicolon follows `v=STSv1`")
                .help("Fields end with semicolons: `v=STSv1; id=1;`.")
                .fix("Insert a semicolon", [(text.span(start, start), ";".into())]);
        }
        _ => {
            let end = text.field_end(0);
            let message =
                format!("the version is {} instead of `v=STSv1`", quoted(text.part(0, end)));
            text.add(findings, Lint::TxtVersion, (0, end), message)
                .help("Write `v=STSv1` and a semicolon.");
        }
    }
}

/// The version stands elsewhere, or is spelled with white space or a colon.
fn elsewhere(text: &Text<'_>, findings: &mut Findings) {
    let end = text.field_end(0);
    let start = text.part(0, end);
    let squeezed = || start.iter().filter(|byte| !matches!(byte, b' ' | b'\t')).take(16).copied();
    if start.contains(&b'=') && squeezed().eq(VERSION.bytes()) {
        let message = "white space stands beside the equals sign of the version";
        text.add(findings, Lint::TxtSpaceAroundEquals, (0, end), message)
            .help("Write `v=STSv1` without white space.")
            .fix("Write `v=STSv1`", [(text.span(0, end), VERSION.into())]);
        return;
    }
    let message = format!("the record begins with {} instead of `v=STSv1;`", quoted(start));
    text.add(findings, Lint::TxtVersion, (0, end), message)
        .help("The version comes first: `v=STSv1; id=1;`.");
}

/// Quotation marks that are part of the record.
pub(super) fn quotes(text: &Text<'_>, findings: &mut Findings) {
    let (place, edits) = text.deletions(text.quotes());
    let message = "quotation marks or backslashes are part of the record";
    text.add(findings, Lint::TxtEscapedQuotes, place, message)
        .help(
            "Quotation marks belong to the notation of zone files and of `dig`. Enter the text in \
             the DNS panel without them.",
        )
        .fix("Remove quotation marks and backslashes", edits);
}

/// Backslashes before semicolons.
pub(super) fn escaped_semicolons(text: &Text<'_>, findings: &mut Findings) {
    let pairs = text.bytes.windows(2).enumerate();
    let backslashes = pairs.filter(|(_, pair)| *pair == b"\\;").map(|(at, _)| at);
    let (place, edits) = text.deletions(backslashes);
    text.add(
        findings,
        Lint::TxtEscapedSemicolon,
        place,
        "a backslash before the semicolon is part of the record",
    )
    .help("Only zone files need `\\;`. Enter the text in the DNS panel with the semicolon alone.")
    .fix("Remove the backslashes", edits);
}

/// Characters that look like others, or like nothing.
pub(super) fn non_ascii(text: &Text<'_>, findings: &mut Findings) {
    let Some((start, end)) = text.foreign().next() else { return };
    let message = format!("{} is not US-ASCII", quoted(text.part(start, end)));
    let finding = text
        .add(findings, Lint::TxtNonAscii, (start, end), message)
        .help("Type the record anew instead of copying it: word processors change spaces and quotation marks.");
    let edits = text.foreign().map(|(start, end)| {
        let space = core::str::from_utf8(text.part(start, end)).is_ok_and(|run| {
            run.chars().all(|character| character.is_whitespace() && character != '\u{feff}')
        });
        let inside = start > 0 && end < text.bytes.len();
        (text.span(start, end), if space && inside { " ".into() } else { String::new() })
    });
    finding.fix("Remove or replace these characters", edits.take(MAX_EDITS));
}

/// Whether something outside US-ASCII stands before the first field is over.
fn has_foreign_start(text: &Text<'_>) -> bool {
    text.foreign().next().is_some_and(|(start, _)| start <= text.field_end(0))
}

/// Whether the text speaks of MTA-STS anywhere near its start.
fn mentions_version(bytes: &[u8]) -> bool {
    const NEAR: usize = 512;
    let near = bytes.get(..NEAR).unwrap_or(bytes);
    let begins = bytes.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"v=sts"));
    begins || near.windows(5).any(|window| window.eq_ignore_ascii_case(b"STSv1"))
}
