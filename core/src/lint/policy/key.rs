//! Field names: repeated, misspelled, unknown.

use alloc::{format, string::String};

use super::{PolicyText, show};
use crate::lint::{Findings, Lint, Place};

pub(super) fn check(text: &PolicyText<'_>, findings: &mut Findings) {
    repeated(text, findings);
    for (name, value) in &text.notes.extensions {
        let span = name.span();
        let Some(meant) = meant(name.bytes) else {
            let message = format!("the field {} is unknown, and senders ignore it", show(*name));
            findings.add(Lint::PolicyKeyUnknown, Place::Policy, Some(span), message);
            continue;
        };
        let is_case = name.bytes.eq_ignore_ascii_case(meant.as_bytes());
        let (lint, why) = if is_case {
            (Lint::PolicyKeyCase, "field names are written in lower case")
        } else {
            (Lint::PolicyKeyTypo, "no field has this name")
        };
        let message = format!("{} is ignored, since {why}: {}", show(*name), show(*value));
        findings
            .add(lint, Place::Policy, Some(span), message)
            .help(format!("Write `{meant}`."))
            .fix(format!("Write `{meant}`"), [(span, meant.into())]);
    }
    if let Some(first) = text.notes.first
        && first.bytes != b"version"
        && text.notes.known.iter().any(|(name, _)| name.bytes == b"version")
    {
        let message = format!("the policy begins with {} instead of `version`", show(first));
        findings.add(Lint::PolicyOrder, Place::Policy, Some(first.span()), message).help(
            "The order does not matter to senders; people and simple tools expect `version` first.",
        );
    }
}

fn repeated(text: &PolicyText<'_>, findings: &mut Findings) {
    for (name, value) in &text.notes.repeated {
        let mut known = text.notes.known.iter();
        let first = known.find(|(known, _)| known.bytes == name.bytes).map(|(_, value)| *value);
        let (first, line) =
            first.map_or_else(|| (String::new(), 0), |value| (show(value), value.span().line));
        let message = format!(
            "{} is given again; {first} of line {line} counts, and {} is ignored",
            show(*name),
            show(*value)
        );
        findings
            .add(Lint::PolicyKeyRepeated, Place::Policy, Some(name.span()), message)
            .help("Keep one line, with the right value.")
            .fix("Remove this line", text.without_line(*name));
    }
    for (name, value) in &text.notes.repeated_mx {
        let message = format!("{} is named before", show(*value));
        findings
            .add(Lint::PolicyMxRepeated, Place::Policy, Some(value.span()), message)
            .fix("Remove this line", text.without_line(*name));
    }
}

/// The field that somebody may have meant by a name that is not one.
pub(super) fn meant(name: &[u8]) -> Option<&'static str> {
    const LONGEST: usize = 16;
    if name.len() > LONGEST {
        return None;
    }
    let squeezed: String = name
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect();
    let is_near =
        |known: &str, most: usize| distance(squeezed.as_bytes(), known.as_bytes()) <= most;
    if is_near("version", 2) {
        Some("version")
    } else if is_near("mode", 1) {
        Some("mode")
    } else if is_near("maxage", 1) {
        Some("max_age")
    } else {
        let number = squeezed.strip_prefix("mx")?;
        let is_mx = number.bytes().all(|byte| byte.is_ascii_digit())
            || ["s", "host", "hosts", "record", "pattern"].contains(&number);
        is_mx.then_some("mx")
    }
}

/// How many letters must be put in, left out or replaced to make one text of the other.
fn distance(left: &[u8], right: &[u8]) -> usize {
    // Before each row: the distances of `left` so far to the starts of `right`.
    let mut row: [usize; 8] = core::array::from_fn(|at| at);
    for (index, letter) in left.iter().enumerate() {
        let mut diagonal = index;
        let mut before = index.saturating_add(1);
        if let Some(first) = row.first_mut() {
            *first = before;
        }
        for (place, other) in row.iter_mut().skip(1).zip(right) {
            let replaced = diagonal.saturating_add(usize::from(letter != other));
            diagonal = *place;
            before = replaced.min(before.saturating_add(1)).min(diagonal.saturating_add(1));
            *place = before;
        }
    }
    row.get(right.len()).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_recognised() {
        for (name, field) in [
            ("Version", "version"),
            ("verison", "version"),
            ("MODE", "mode"),
            ("mod", "mode"),
            ("modes", "mode"),
            ("max-age", "max_age"),
            ("maxage", "max_age"),
            ("MaxAge", "max_age"),
            ("max_ages", "max_age"),
            ("MX", "mx"),
            ("mx1", "mx"),
            ("mx-host", "mx"),
        ] {
            assert_eq!(meant(name.as_bytes()), Some(field), "{name}");
        }
        for name in
            ["", "m", "contact", "x-note", "rua", "ttl", "age", "mxtoolbox", "code-of-conduct-url"]
        {
            assert_eq!(meant(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn distances_count_letters() {
        for (left, right, count) in [
            ("", "mode", 4),
            ("mode", "mode", 0),
            ("node", "mode", 1),
            ("moode", "mode", 1),
            ("verison", "version", 2),
        ] {
            assert_eq!(distance(left.as_bytes(), right.as_bytes()), count, "{left} {right}");
        }
    }
}
