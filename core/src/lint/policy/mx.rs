//! The MX patterns of a policy, each for itself.

use alloc::{
    borrow::ToOwned as _,
    format,
    string::{String, ToString as _},
    vec::Vec,
};
use core::net::IpAddr;

use super::{PolicyText, deviation::is_comment};
use crate::{
    MxPattern, MxPatternError, Policy, Span,
    lint::{Finding, Findings, Lint, Place, Publication, Report, quote::quoted},
    name::{IDEOGRAPHIC_DOTS, to_host_name},
    txt::TrimWsp as _,
};

const ONE_LABEL: &str = "`*.` stands for exactly one label, and `*` stands nowhere else.";

/// Patterns that are valid, and match nothing or too much.
pub(super) fn check(
    text: &PolicyText<'_>,
    policy: &Policy,
    publication: &Publication,
    findings: &mut Findings,
) {
    let mut wildcards: Vec<&str> =
        policy.mx().iter().filter_map(MxPattern::wildcard_suffix).collect();
    wildcards.sort_unstable();
    for (pattern, span) in policy.mx().iter().zip(&text.mx_spans) {
        let mut at = findings.at(Place::Policy, Some(*span));
        if !pattern.can_match() {
            // The grammar has them, and DNS does not.
            if pattern.as_str().parse::<IpAddr>().is_ok() {
                at.add(
                    Lint::PolicyMxAddress,
                    format!("{} is an IP address, and matches no host", quoted(pattern.as_str())),
                )
                .help("Name the MX host as its MX record does.");
            } else {
                at.add(
                    Lint::PolicyMxTooLong,
                    format!(
                        "{} is too long for DNS, and matches no host",
                        quoted(pattern.as_str())
                    ),
                )
                .help("A label has at most 63 characters, and a name 253.");
            }
        } else if let Some(suffix) = pattern.wildcard_suffix() {
            if is_public_suffix(suffix) {
                at.add(Lint::PolicyMxPublicSuffix, format!("`{pattern}` allows hosts of every domain under {}", quoted(suffix)))
                    .help("Anybody can have such a host and a certificate for it. Name the MX hosts, or a wildcard over your own domain.");
            } else if publication.domain.as_ref().is_some_and(|domain| domain.as_str() == suffix) {
                at.add(Lint::PolicyMxOwnDomain, format!("`{pattern}` allows every host of the domain as MX host"))
                    .help("Whoever controls any host of the domain, and gets a certificate for it, can receive its mail. Naming the MX hosts is narrower.");
            }
        } else if let Some((_, parent)) = pattern.as_str().split_once('.')
            && wildcards.binary_search(&parent).is_ok()
        {
            at.add(
                Lint::PolicyMxShadowed,
                format!("`{pattern}` is covered by {}", quoted(format!("*.{parent}"))),
            );
        }
    }
}

/// Domains under which everybody can register: all of one label, and the common ones of two.
fn is_public_suffix(suffix: &str) -> bool {
    const SECOND: [&str; 12] =
        ["ac", "co", "com", "edu", "gov", "govt", "gv", "me", "ne", "net", "or", "org"];
    match suffix.split_once('.') {
        None => true,
        // `co.uk`, `com.au`: a generic label under a country.
        Some((second, country)) => country.len() == 2 && SECOND.contains(&second),
    }
}

/// A value that is no pattern and matches nothing.
pub(super) fn invalid(
    text: &PolicyText<'_>,
    span: Span,
    value: &[u8],
    error: MxPatternError,
    findings: &mut Findings,
) {
    let shown = quoted(value);
    let mut at = findings.at(Place::Policy, Some(span));
    let unquoted = trimmed(value, b"\"'");
    let unpunctuated = trimmed_end(value, b";,");
    if value.is_empty() {
        at.add(Lint::PolicyMxEmpty, "the `mx` has no value")
            .help("Name an MX host, or remove the line.")
            .fix("Remove the line", text.without_line_at(span));
    } else if unquoted.len() < value.len() {
        let finding = at.add(
            Lint::PolicyValueQuoted,
            format!("{shown} stands in quotation marks, and matches no host"),
        );
        finding.help("Values are written without quotation marks.");
        replace(finding, span, unquoted);
    } else if unpunctuated.len() < value.len() {
        let finding = at.add(
            Lint::PolicyValuePunctuation,
            format!("{shown} ends with punctuation, and matches no host"),
        );
        finding.help("A line ends without a semicolon or comma.");
        replace(finding, span, unpunctuated);
    } else if address(value) {
        at.add(Lint::PolicyMxAddress, format!("{shown} is an IP address, and matches no host"))
            .help("Name the MX host as its MX record does.");
    } else if value.iter().any(|byte| b" \t,;".contains(byte)) {
        several(span, value, &shown, findings);
    } else if value.windows(3).any(|window| window == b"://") {
        let finding = at.add(Lint::PolicyMxUrl, format!("{shown} is a URL, and matches no host"));
        finding.help("Write the host name alone.");
        let at = value.windows(3).position(|window| window == b"://").unwrap_or(0);
        let host = value.get(at.saturating_add(3)..).unwrap_or_default();
        let host = host.split(|byte| b"/:?#".contains(byte)).next().unwrap_or_default();
        replace(finding, span, host);
    } else if value.contains(&b'@') {
        at.add(Lint::PolicyMxMailbox, format!("{shown} is a mail address, and matches no host"))
            .help("Name the host that receives the mail.");
    } else if let Some(colon) = value.iter().rposition(|byte| *byte == b':') {
        let finding = at.add(
            Lint::PolicyMxPort,
            format!("{shown} has a port or a prefix, and matches no host"),
        );
        finding.help("Write the host name alone.");
        replace(finding, span, value.get(..colon).unwrap_or_default());
    } else {
        by_error(span, value, &shown, error, findings);
    }
}

/// What is left is told by what the parser says.
fn by_error(span: Span, value: &[u8], shown: &str, error: MxPatternError, findings: &mut Findings) {
    let mut at = findings.at(Place::Policy, Some(span));
    match error {
        MxPatternError::Empty | MxPatternError::Wildcard
            if matches!(value, b"*" | b"*." | b".") =>
        {
            at.add(Lint::PolicyMxWildcardBare, format!("{shown} matches no host"))
                .help(format!("{ONE_LABEL} Name the hosts, or `*.` and their domain."));
        }
        MxPatternError::Empty | MxPatternError::Wildcard => {
            at.add(
                Lint::PolicyMxWildcardPosition,
                format!("{shown} has `*` where it stands for nothing"),
            )
            .help(ONE_LABEL);
        }
        MxPatternError::EmptyLabel if value.starts_with(b".") => {
            let finding = at.add(
                Lint::PolicyMxLeadingDot,
                format!("{shown} begins with a dot, and matches no host"),
            );
            finding.help(format!(
                "For the hosts one label below, write `*` before the dot. {ONE_LABEL}"
            ));
            replace(finding, span, &[b"*", value].concat());
        }
        MxPatternError::EmptyLabel => {
            let finding = at.add(
                Lint::PolicyMxEmptyLabel,
                format!("{shown} has two dots in a row, and matches no host"),
            );
            let labels: Vec<&[u8]> =
                value.split(|byte| *byte == b'.').filter(|label| !label.is_empty()).collect();
            replace(finding, span, &labels.join(&b'.'));
        }
        MxPatternError::Hyphen => {
            at.add(
                Lint::PolicyMxHyphen,
                format!("a label of {shown} begins or ends with a hyphen"),
            )
            .help("Host names do not have such labels; compare it with the MX record.");
        }
        MxPatternError::NotAscii => {
            let finding = at
                .add(Lint::PolicyMxULabel, format!("{shown} is not US-ASCII, and matches no host"));
            finding
                .help("Internationalised names are written as A-labels, which begin with `xn--`.");
            let (wildcard, name) = parts(value);
            replace_u_labels(finding, span, wildcard, name);
        }
        MxPatternError::Character => {
            at.add(
                Lint::PolicyMxCharacter,
                format!("{shown} has a character that host names do not have"),
            )
            .help("Host names have letters, digits, hyphens and dots.");
        }
    }
}

/// Adds what [`check`](crate::lint::check()) leaves out where the feature `idna` is not there: the fixes that
/// write U-labels of the policy as A-labels. `a_label` converts a U-label by IDNA (UTS 46), or returns
/// `None` for what is none; a browser's `URL` can do that.
pub fn add_a_labels(
    report: &mut Report,
    policy: &[u8],
    mut a_label: impl FnMut(&str) -> Option<String>,
) {
    for finding in &mut report.findings {
        if finding.lint != Lint::PolicyMxULabel || !finding.fixes.is_empty() {
            continue;
        }
        let Some(span) = finding.span else { continue };
        let [start, end] = [span.start, span.end].map(|place| usize::try_from(place).ok());
        let value = start.zip(end).and_then(|(start, end)| policy.get(start..end));
        let Some((wildcard, name)) = value.map(parts) else { continue };
        let Ok(name) = core::str::from_utf8(name) else { continue };
        let name = name.replace(IDEOGRAPHIC_DOTS, ".");
        let labels = name
            .split('.')
            .map(|label| if label.is_ascii() { Some(label.to_owned()) } else { a_label(label) });
        if let Some(labels) = labels.collect::<Option<Vec<_>>>() {
            replace_u_labels(finding, span, wildcard, labels.join(".").as_bytes());
        }
    }
}

/// `*.` or nothing, and the name behind it. What IDNA takes for `*` is none.
fn parts(value: &[u8]) -> (&'static str, &[u8]) {
    value.strip_prefix(b"*.").map_or(("", value), |name| ("*.", name))
}

/// Offers the name with A-labels.
fn replace_u_labels(finding: &mut Finding, span: Span, wildcard: &str, name: &[u8]) {
    if let Ok(name) = to_host_name(name) {
        replace(finding, span, format!("{wildcard}{name}").as_bytes());
    }
}

/// A value of several words.
fn several(span: Span, value: &[u8], shown: &str, findings: &mut Findings) {
    const MAX_WORDS: usize = 1024;
    let mut words = value.split(|byte| b" \t,;".contains(byte)).filter(|word| !word.is_empty());
    let words: Vec<&[u8]> = words.by_ref().take(MAX_WORDS).collect();
    let mut at = findings.at(Place::Policy, Some(span));
    if let [host, comment, ..] = words.as_slice()
        && is_comment(comment)
    {
        let finding = at.add(
            Lint::PolicyComment,
            format!("policies have no comments, so {shown} matches no host"),
        );
        replace(finding, span, host);
    } else if let [preference, host] = words.as_slice()
        && preference.iter().all(u8::is_ascii_digit)
    {
        let finding = at.add(
            Lint::PolicyMxPreference,
            format!("{shown} has a preference, and matches no host"),
        );
        finding.help("Preferences are in the MX records only. Write the host name alone.");
        replace(finding, span, host);
    } else {
        let finding = at.add(
            Lint::PolicyMxSeveralHosts,
            format!("{shown} is no host name: each host has an `mx` line of its own"),
        );
        finding.help("Write one `mx:` line for each host.");
        let hosts: Option<Vec<String>> = words
            .iter()
            .map(|word| MxPattern::parse(word).ok().map(|pattern| pattern.to_string()))
            .collect();
        if let Some(hosts) = hosts.filter(|hosts| hosts.len() < MAX_WORDS) {
            finding.fix("Give each host its own line", [(span, hosts.join("\nmx: "))]);
        }
    }
}

/// Offers `pattern` in place of the value, if it is one.
fn replace(finding: &mut Finding, span: Span, pattern: &[u8]) {
    if MxPattern::parse(pattern).is_err() {
        return;
    }
    let pattern = String::from_utf8_lossy(pattern);
    finding.fix(format!("Write {}", quoted(pattern.as_bytes())), [(span, pattern.into_owned())]);
}

fn trimmed<'a>(value: &'a [u8], bytes: &[u8]) -> &'a [u8] {
    let mut value = trimmed_end(value, bytes);
    while let [first, rest @ ..] = value
        && bytes.contains(first)
    {
        value = rest;
    }
    value
}

fn trimmed_end<'a>(value: &'a [u8], bytes: &[u8]) -> &'a [u8] {
    let mut value = value;
    while let [rest @ .., last] = value
        && bytes.contains(last)
    {
        value = rest.trim_wsp_end();
    }
    value
}

/// An IP address, in brackets or not.
fn address(value: &[u8]) -> bool {
    let text = core::str::from_utf8(value.get(..64).unwrap_or(value)).unwrap_or_default();
    let text = text.trim_matches(['[', ']']);
    let text = text.strip_prefix("IPv6:").unwrap_or(text);
    text.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::check as lint;

    /// With the feature `idna` the fix is there already, and there is no second one.
    #[test]
    fn u_labels_become_a_labels_by_whoever_can_convert_them() {
        let policy = "version: STSv1\nmode: enforce\nmx: *.Bücher.example\nmax_age: 604800\n";
        let publication =
            Publication { policy: Some(policy.as_bytes().to_vec()), ..Publication::default() };
        let mut report = lint(&publication);
        add_a_labels(&mut report, policy.as_bytes(), |label| {
            assert_eq!(label, "Bücher");
            Some("xn--bcher-kva".into())
        });
        let mut found = report.findings.iter().filter(|found| found.lint == Lint::PolicyMxULabel);
        let [fix] = found.next().unwrap().fixes.as_slice() else { panic!("{report:?}") };
        assert_eq!(fix.label, "Write `*.xn--bcher-kva.example`");
        assert_eq!(fix.edits[0].replacement, "*.xn--bcher-kva.example");
    }

    #[cfg(not(feature = "idna"))]
    #[test]
    fn what_has_no_a_label_has_no_fix() {
        let policy = "version: STSv1\nmode: enforce\nmx: bücher.example\nmax_age: 604800\n";
        let publication =
            Publication { policy: Some(policy.as_bytes().to_vec()), ..Publication::default() };
        let mut report = lint(&publication);
        let labels =
            [(None, false), (Some("not a label"), false), (Some("*"), false), (Some("a"), true)];
        for (label, is_fixed) in labels {
            add_a_labels(&mut report, policy.as_bytes(), |_| label.map(Into::into));
            let mut found = report.findings.iter().filter(|found| !found.fixes.is_empty());
            assert_eq!(found.any(|found| found.lint == Lint::PolicyMxULabel), is_fixed);
        }
    }
}
