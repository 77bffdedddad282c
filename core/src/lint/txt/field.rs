//! What makes a record with the right version invalid.

use alloc::format;

use super::start::{escaped_semicolons, non_ascii, quotes};
use crate::{
    RecordError, TxtError,
    lint::{
        Findings, Lint,
        quote::quoted,
        record::{Text, ends_with_space},
    },
    txt::TrimWsp as _,
};

/// Says why the record is invalid.
pub(super) fn error(text: &Text<'_>, error: RecordError, findings: &mut Findings) {
    match error {
        RecordError::NoId => {
            text.add(findings, Lint::TxtIdMissing, (0, text.bytes.len()), "the record has no `id`")
                .help(
                    "Add letters and digits that change with each change of the policy: `id=1;`.",
                );
        }
        RecordError::InvalidId { at } => invalid_id(text, at, findings),
        RecordError::Txt(TxtError::MalformedField { at }) => malformed(text, at, findings),
        // The others are about the records together; what is left is a version with nothing after it.
        RecordError::Txt(_) => {
            let finding = text.add(
                findings,
                Lint::TxtNoField,
                (0, text.bytes.len()),
                "nothing follows `v=STSv1`",
            );
            finding.help("Add the policy's id: `v=STSv1; id=1;`.");
        }
    }
}

fn malformed(text: &Text<'_>, at: usize, findings: &mut Findings) {
    let end = text.field_end(at);
    let field = text.part(at, end);
    if common(text, at, end, findings) {
        return;
    }
    if field.trim_wsp_start().is_empty() {
        let before = text.part(0, at).iter().rposition(|byte| *byte == b';').unwrap_or(at);
        text.add(
            findings,
            Lint::TxtEmptyField,
            (before, end),
            "nothing stands between two semicolons",
        )
        .help("One semicolon ends a field.")
        .fix("Remove the surplus semicolon", [(text.span(before, end), "".into())]);
        return;
    }
    let (name, value) = split(field);
    if value
        .is_some_and(|value| ends_with_space(name) || value.trim_wsp_start().len() < value.len())
    {
        return space_around_equals(text, at, end, findings);
    }
    let message = format!("{} is no field of the form `name=value`", quoted(field));
    text.add(findings, Lint::TxtFieldMalformed, (at, end), message)
        .help("A malformed field makes the whole record invalid: correct or remove it.");
}

fn invalid_id(text: &Text<'_>, at: usize, findings: &mut Findings) {
    let end = text.field_end(at);
    if common(text, at, end, findings) {
        return;
    }
    let start = at.saturating_add("id=".len());
    let all = text.part(start, end);
    // White space before the semicolon belongs to it.
    let value = if end < text.bytes.len() { all.trim_wsp_end() } else { all };
    let place = (start, start.saturating_add(value.len()));
    if value.is_empty() {
        text.add(findings, Lint::TxtIdEmpty, (at, end), "the `id` is empty")
            .help("Give 1 to 32 letters and digits, such as the time of the change.");
        return;
    }
    if value.trim_wsp_start().len() < value.len() {
        return space_around_equals(text, at, end, findings);
    }
    if let Some(comma) = value.iter().position(|byte| *byte == b',') {
        let at = start.saturating_add(comma);
        let after = at.saturating_add(1);
        text.add(findings, Lint::TxtComma, (at, after), "a comma stands where a semicolon belongs")
            .help("Fields end with semicolons.")
            .fix("Write a semicolon", [(text.span(at, after), ";".into())]);
        return;
    }
    let is_alphanumeric = value.iter().all(u8::is_ascii_alphanumeric);
    if is_alphanumeric {
        let message = format!("the `id` has {} characters, more than 32", value.len());
        let cut = start.saturating_add(32);
        text.add(findings, Lint::TxtIdTooLong, place, message)
            .help("A date and time, or a counter, is enough.")
            .fix("Keep the first 32 characters", [(text.span(cut, place.1), "".into())]);
        return;
    }
    let foreign = value
        .iter()
        .find(|byte| !byte.is_ascii_alphanumeric())
        .map_or(&[][..], core::slice::from_ref);
    let message = format!(
        "the `id` {} has {}, where only letters and digits are allowed",
        quoted(value),
        quoted(foreign)
    );
    let finding = text.add(findings, Lint::TxtIdCharacter, place, message);
    let bare = value.iter().filter(|byte| byte.is_ascii_alphanumeric()).take(32);
    let bare: alloc::string::String = bare.copied().map(char::from).collect();
    if bare.is_empty() {
        finding.help("Give 1 to 32 letters and digits, such as the time of the change.");
    } else {
        finding
            .help(format!("Without those characters it reads `id={bare}`."))
            .fix("Keep letters and digits only", [(text.span(place.0, place.1), bare)]);
    }
}

/// Defects that any field may have.
fn common(text: &Text<'_>, at: usize, end: usize, findings: &mut Findings) -> bool {
    let field = text.part(at, end);
    if field.contains(&b'"') {
        quotes(text, findings);
    } else if field.ends_with(b"\\") && end < text.bytes.len() {
        escaped_semicolons(text, findings);
    } else if field.contains(&b'\\') {
        quotes(text, findings);
    } else if text.foreign().any(|(start, _)| (at..end).contains(&start)) {
        non_ascii(text, findings);
    } else if end == text.bytes.len()
        && ends_with_space(field)
        && !field.trim_wsp_start().is_empty()
    {
        let bare = at.saturating_add(field.trim_wsp_end().len());
        text.add(findings, Lint::TxtTrailingSpace, (bare, end), "the record ends with white space")
            .help("White space may stand beside semicolons only.")
            .fix("Remove the white space", [(text.span(bare, end), "".into())]);
    } else {
        return false;
    }
    true
}

fn space_around_equals(text: &Text<'_>, at: usize, end: usize, findings: &mut Findings) {
    let (name, value) = split(text.part(at, end));
    let value = value.unwrap_or_default();
    let equals = at.saturating_add(name.len());
    let start = at.saturating_add(name.trim_wsp_end().len());
    let after = value.len().saturating_sub(value.trim_wsp_start().len());
    let stop = equals.saturating_add(1).saturating_add(after);
    text.add(
        findings,
        Lint::TxtSpaceAroundEquals,
        (start, stop),
        "white space stands beside an equals sign",
    )
    .help("Write `id=1` without white space.")
    .fix("Remove the white space", [(text.span(start, stop), "=".into())]);
}

/// The name, and the value behind an equals sign.
fn split(field: &[u8]) -> (&[u8], Option<&[u8]>) {
    let at = field.iter().position(|byte| *byte == b'=');
    match at.and_then(|at| field.split_at_checked(at)) {
        Some((name, [_, value @ ..])) => (name, Some(value)),
        _ => (field, None),
    }
}

/// Whether somebody may have meant `id`.
pub(super) fn resembles_id(name: &[u8]) -> bool {
    let names: [&[u8]; 10] = [
        b"id",
        b"ids",
        b"idd",
        b"iid",
        b"di",
        b"policyid",
        b"policy_id",
        b"policy-id",
        b"sts-id",
        b"uid",
    ];
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
