//! Why a text is no policy.

use alloc::{format, string::String, vec::Vec};

use super::PolicyText;
use crate::{
    MAX_MAX_AGE, PolicyError, PolicyErrorKind, Span,
    lint::{Findings, Lint, Place, Publication, quote::quoted},
    policy::{Piece, first_line},
    txt::TrimWsp as _,
};

/// A week: what is proposed where nothing can be taken from the text.
const WEEK: u32 = 604_800;
const KEYS: [&[u8]; 4] = [b"version:", b"mode:", b"max_age:", b"mx:"];
const MAX_EDITS: usize = 256;

/// Says what keeps the text from being a policy. Returns whether it is something else altogether.
pub(super) fn check(
    text: &PolicyText<'_>,
    error: PolicyError,
    publication: &Publication,
    findings: &mut Findings,
) -> bool {
    if something_else(text, findings) || carriage_returns(text, findings) {
        return true;
    }
    let part = error.span.map(|span| (span, text.part(span)));
    if let Some((span, value)) = part
        && one_line(span, value, findings)
    {
        return false;
    }
    match (error.kind, part) {
        (PolicyErrorKind::Empty, _) => {
            findings.add(Lint::PolicyEmpty, Place::Policy, None, "the policy is empty").help(
                "A policy has the fields `version`, `mode`, `mx` and `max_age`, each on a line.",
            );
        }
        (PolicyErrorKind::InvalidVersion, Some((span, value))) => {
            let message = format!("the version is {} instead of `STSv1`", quoted(value));
            findings
                .add(Lint::PolicyVersionInvalid, Place::Policy, Some(span), message)
                .help("Write `version: STSv1`, with exactly these letters.")
                .fix("Write `STSv1`", [(span, "STSv1".into())]);
        }
        (PolicyErrorKind::InvalidMode, Some((span, value))) => invalid_mode(span, value, findings),
        (PolicyErrorKind::InvalidMaxAge, Some((span, value))) => {
            invalid_max_age(span, value, findings)
        }
        (PolicyErrorKind::MaxAgeTooLarge, Some((span, value))) => {
            let message = format!(
                "`max_age` is {}, more than the maximum of 31557600 seconds, a year",
                quoted(value)
            );
            findings
                .add(Lint::PolicyMaxAgeTooLarge, Place::Policy, Some(span), message)
                .help("A larger number makes the policy invalid for strict senders.")
                .fix("Write the maximum", [(span, format!("{MAX_MAX_AGE}"))]);
        }
        (PolicyErrorKind::InvalidMx(error), part) => {
            let span = part.map(|(span, _)| span);
            let message = format!("no `mx` holds a host name or wildcard; of the first, {error}");
            findings
                .add(Lint::PolicyMxNoneValid, Place::Policy, span, message)
                .help("Each `mx` names one host, `mx: mail.example.com`, or the hosts one label below a domain, `mx: *.example.com`.");
        }
        (
            kind @ (PolicyErrorKind::MissingVersion
            | PolicyErrorKind::MissingMode
            | PolicyErrorKind::MissingMaxAge
            | PolicyErrorKind::MissingMx
            // These come with a span.
            | PolicyErrorKind::InvalidVersion
            | PolicyErrorKind::InvalidMode
            | PolicyErrorKind::InvalidMaxAge
            | PolicyErrorKind::MaxAgeTooLarge),
            _,
        ) => missing(text, kind, publication, findings),
    }
    false
}

/// A required field that is not there.
fn missing(
    text: &PolicyText<'_>,
    kind: PolicyErrorKind,
    publication: &Publication,
    findings: &mut Findings,
) {
    let end = text.end();
    // After an unfinished line, one break comes first.
    let line = |field: &str| {
        let is_open = !text.body.is_empty() && !text.body.ends_with(b"\n");
        format!("{}{field}\n", if is_open { "\n" } else { "" })
    };
    // A field with nearly this name is shown, with its own fix, by the check of names.
    let is_misspelled = |name: &str| {
        let mut keys = text.notes.extensions.iter().map(|(key, _)| key.bytes);
        keys.any(|key| super::key::meant(key) == Some(name))
    };
    let mut at = findings.at(Place::Policy, None);
    match kind {
        PolicyErrorKind::MissingMode => {
            let finding = at.add(Lint::PolicyModeMissing, "the policy has no `mode`");
            finding.help("There is no default: add `mode: testing` or `mode: enforce`.");
            if !is_misspelled("mode") {
                finding.fix("Add `mode: testing`", [(end, line("mode: testing"))]);
            }
        }
        PolicyErrorKind::MissingMaxAge => {
            let finding = at.add(Lint::PolicyMaxAgeMissing, "the policy has no `max_age`");
            finding.help("There is no default: add `max_age: 604800`, a week in seconds, or more.");
            if !is_misspelled("max_age") {
                finding.fix("Add `max_age: 604800`", [(end, line("max_age: 604800"))]);
            }
        }
        PolicyErrorKind::MissingMx => {
            let finding = at.add(Lint::PolicyMxMissing, "the policy has no `mx`");
            finding.help("In modes enforce and testing, name the domain's MX hosts, one `mx:` line for each.");
            let hosts = known_hosts(publication);
            if !is_misspelled("mx") && !hosts.is_empty() {
                let lines: Vec<String> = hosts.iter().map(|host| format!("mx: {host}")).collect();
                finding.fix("Add the domain's MX hosts", [(end, line(&lines.join("\n")))]);
            }
        }
        // What has a span was told before.
        PolicyErrorKind::MissingVersion
        | PolicyErrorKind::Empty
        | PolicyErrorKind::InvalidVersion
        | PolicyErrorKind::InvalidMode
        | PolicyErrorKind::InvalidMaxAge
        | PolicyErrorKind::MaxAgeTooLarge
        | PolicyErrorKind::InvalidMx(_) => {
            let finding = at.add(Lint::PolicyVersionMissing, "the policy has no `version`");
            finding.help("Begin with `version: STSv1`.");
            if !is_misspelled("version") {
                let at = u32::try_from(first_line(text.body)).unwrap_or(u32::MAX);
                let start = Span { start: at, end: at, line: 1, column: 1 };
                finding.fix("Add `version: STSv1`", [(start, "version: STSv1\n".into())]);
            }
        }
    }
}

/// The MX hosts that a policy can name.
fn known_hosts(publication: &Publication) -> Vec<crate::MxPattern> {
    const MAX_HOSTS: usize = 64;
    let hosts = publication.mx.as_ref().map_or(&[][..], |mx| &mx.hosts);
    let names = hosts.iter().take(MAX_HOSTS).filter_map(|mx| {
        crate::MxPattern::parse(mx.host.strip_suffix('.').unwrap_or(&mx.host)).ok()
    });
    names.filter(|pattern| pattern.can_match() && pattern.wildcard_suffix().is_none()).collect()
}

fn invalid_mode(span: Span, value: &[u8], findings: &mut Findings) {
    let message =
        format!("the mode is {}; the modes are `enforce`, `testing` and `none`", quoted(value));
    let finding = findings.add(Lint::PolicyModeInvalid, Place::Policy, Some(span), message);
    let bare = bare(value);
    let meant = match bare.as_str() {
        "enforce" | "enforced" | "enforcing" => "enforce",
        // The drafts of RFC 8461 said `report`.
        "testing" | "test" | "report" => "testing",
        "none" | "off" | "disabled" => "none",
        _ => {
            finding.help("Write one of them, in lower case.");
            return;
        }
    };
    finding
        .help(format!("Write `mode: {meant}`."))
        .fix(format!("Write `{meant}`"), [(span, meant.into())]);
}

fn invalid_max_age(span: Span, value: &[u8], findings: &mut Findings) {
    let message =
        format!("`max_age` is {}, which is no number of seconds of 1 to 10 digits", quoted(value));
    let finding = findings.add(Lint::PolicyMaxAgeInvalid, Place::Policy, Some(span), message);
    let seconds = seconds(&bare(value)).unwrap_or(WEEK);
    finding
        .help(format!("Write the time in seconds, in digits: `max_age: {seconds}`."))
        .fix(format!("Write `{seconds}`"), [(span, format!("{seconds}"))]);
}

/// The value without quotation marks and final punctuation, in lower case.
fn bare(value: &[u8]) -> String {
    let start = value.get(..64).unwrap_or(value);
    let text = core::str::from_utf8(start).unwrap_or_default();
    text.trim_matches(['"', '\'', ';', ',', '.', ' ', '\t']).to_ascii_lowercase()
}

/// The seconds of a duration as people write it: `604,800`, `1d`, `2 weeks`.
fn seconds(text: &str) -> Option<u32> {
    let text: String =
        text.chars().filter(|char| !matches!(char, ' ' | '\t' | '_' | ',' | '\'' | '+')).collect();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor: u32 = match unit {
        "" | "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        "w" | "week" | "weeks" => WEEK,
        "y" | "year" | "years" => MAX_MAX_AGE,
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    number.checked_mul(factor).filter(|seconds| *seconds <= MAX_MAX_AGE)
}

/// A text of another kind.
fn something_else(text: &PolicyText<'_>, findings: &mut Findings) -> bool {
    let body = text.body;
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let start = start.trim_ascii_start();
    let (lint, message, help) = if body.starts_with(b"\xff\xfe")
        || body.starts_with(b"\xfe\xff")
        || matches!(body, [0, _, 0, _, ..] | [_, 0, _, 0, ..])
    {
        (
            Lint::PolicyUtf16,
            "the policy is in UTF-16",
            "Save it as UTF-8 or US-ASCII, without a byte order mark.",
        )
    } else if start.starts_with(b"<") {
        (
            Lint::PolicyHtml,
            "this is a web page, not a policy",
            "Serve the plain text at `/.well-known/mta-sts.txt`, before any rule that answers all paths with a page.",
        )
    } else if start.trim_ascii_start().get(..8).is_some_and(|start| {
        start.eq_ignore_ascii_case(b"v=STSv1;") || start.eq_ignore_ascii_case(b"\"v=STSv1")
    }) {
        (
            Lint::PolicyTxtRecord,
            "this is the TXT record, not the policy",
            "The record belongs in DNS at `_mta-sts`; the policy has the fields `version`, `mode`, `mx` and `max_age`.",
        )
    } else {
        return false;
    };
    findings.add(lint, Place::Policy, None, message).help(help);
    true
}

/// Lines that end as on old Macintosh computers.
fn carriage_returns(text: &PolicyText<'_>, findings: &mut Findings) -> bool {
    let body = text.body.trim_ascii();
    if body.contains(&b'\n') || !body.contains(&b'\r') {
        return false;
    }
    let lines = Piece::lines(text.body, first_line(text.body));
    let returns = lines.flat_map(|(line, is_terminated)| {
        // A CRLF is right already.
        let end = line.len().saturating_sub(usize::from(is_terminated));
        let octets = line.bytes.iter().enumerate();
        let returns = octets.filter(move |(at, byte)| **byte == b'\r' && *at < end);
        returns.map(move |(at, _)| line.skip(at).keep(1).span())
    });
    let edits: Vec<_> = returns.take(MAX_EDITS).map(|span| (span, "\n".into())).collect();
    let first = edits.first().map(|(span, _)| *span);
    findings
        .add(
            Lint::PolicyCrLineEndings,
            Place::Policy,
            first,
            "carriage returns alone end no line, so all fields are on one",
        )
        .help("End lines with LF or CRLF.")
        .fix("End lines with LF", edits);
    true
}

/// Several fields on one line, as after a form or a script that dropped the line breaks.
fn one_line(span: Span, value: &[u8], findings: &mut Findings) -> bool {
    let mut edits: Vec<(Span, String)> = Vec::new();
    let mut at = 1_usize;
    while at < value.len() && edits.len() < MAX_EDITS {
        let (before, rest) = value.split_at_checked(at).unwrap_or((value, &[]));
        let key = KEYS.iter().find(|key| rest.starts_with(key));
        match key.map(|key| (key, separator(before))) {
            Some((key, separator)) if separator > 0 => {
                let offset = |by: usize| u32::try_from(by).unwrap_or(u32::MAX);
                let start = offset(at.saturating_sub(separator));
                edits.push((
                    Span {
                        start: span.start.saturating_add(start),
                        end: span.start.saturating_add(offset(at)),
                        line: span.line,
                        column: span.column.saturating_add(start),
                    },
                    "\n".into(),
                ));
                at = at.saturating_add(key.len());
            }
            _ => at = at.saturating_add(1),
        }
    }
    if edits.is_empty() {
        return false;
    }
    findings
        .add(Lint::PolicyOneLine, Place::Policy, Some(span), "several fields stand on one line")
        .help("Each field has a line of its own. Look for what drops the line breaks: a form, a shell, a template.")
        .fix("Break the line before each field", edits);
    true
}

/// The length of what may separate fields at the end of a text: spaces, semicolons, commas, and
/// `\n` or `\r\n` written out.
fn separator(before: &[u8]) -> usize {
    let mut rest = before;
    loop {
        let bare = rest.trim_wsp_end();
        let bare = bare.strip_suffix(b"\\n").unwrap_or(bare);
        let bare = bare.strip_suffix(b"\\r").unwrap_or(bare);
        let bare = bare.strip_suffix(b";").or_else(|| bare.strip_suffix(b",")).unwrap_or(bare);
        if bare.len() == rest.len() {
            return before.len().saturating_sub(rest.len());
        }
        rest = bare;
    }
}
