//! DANE for the MX hosts, as far as it meets MTA-STS (RFC 8461 §2, RFC 7672).

use alloc::format;

use super::{DaneFacts, Findings, Lint, MxFacts, Place, TlsaFacts, quote::quoted};
use crate::DaneOutcome;

/// As many hosts as are looked at.
const MAX_HOSTS: usize = 256;

/// What DANE says of an MX host.
pub(super) fn outcome(dane: Option<&DaneFacts>, host: &str) -> DaneOutcome {
    let facts = dane
        .and_then(|dane| dane.tlsa.iter().take(MAX_HOSTS).find(|facts| is_same(&facts.host, host)));
    match facts {
        Some(TlsaFacts { outcome: Some(outcome), .. }) => *outcome,
        Some(facts) if !facts.usages.is_empty() && !facts.signed => DaneOutcome::Insecure,
        // What was not compared is taken to be right.
        _ => DaneOutcome::None,
    }
}

fn is_same(left: &str, right: &str) -> bool {
    let bare = |name: &'_ str| name.strip_suffix('.').map_or(name.len(), str::len);
    left.get(..bare(left))
        .zip(right.get(..bare(right)))
        .is_some_and(|(left, right)| left.eq_ignore_ascii_case(right))
}

pub(super) fn check(dane: &DaneFacts, mx: Option<&MxFacts>, findings: &mut Findings) {
    let hosts = dane.tlsa.get(..MAX_HOSTS).unwrap_or(&dane.tlsa);
    if hosts.len() < dane.tlsa.len() {
        findings.left_out(Place::Dane, "TLSA lookups", dane.tlsa.len().saturating_sub(MAX_HOSTS));
    }
    let mut at = findings.at(Place::Dane, None);
    for facts in hosts {
        let shown = quoted(&facts.host);
        if let Some(outcome @ (DaneOutcome::Fail | DaneOutcome::LookupError)) = facts.outcome {
            let why = if outcome == DaneOutcome::Fail {
                "its certificate matches no TLSA record"
            } else {
                "the lookup of its TLSA records fails"
            };
            at.add(Lint::DaneFailure, format!("{shown} fails DANE: {why}"))
                .help("Senders with DANE do not deliver there, whatever the policy says. Update the TLSA records before the certificate, and keep both for their TTL.");
        }
        if facts.usages.is_empty() {
            continue;
        }
        if !facts.signed {
            at.add(
                Lint::DaneUnsigned,
                format!("the TLSA records of {shown} are not signed, so senders ignore them"),
            )
            .help("Sign the zone with DNSSEC, or remove the records.");
        }
        if facts.usages.iter().any(|usage| *usage < 2) {
            at.add(
                Lint::DaneUsage,
                format!("{shown} has a TLSA record of usage 0 or 1, which SMTP does not use"),
            )
            .help("Write usage 3 (DANE-EE) or 2 (DANE-TA).");
        }
    }
    let protected = hosts.iter().filter(|facts| facts.signed && !facts.usages.is_empty()).count();
    if protected == 0 {
        return;
    }
    if dane.mx_signed == Some(false) {
        at.add(Lint::DaneMxUnsigned, "the MX records are not signed, so DANE protects against little")
            .help("Whoever forges the MX records chooses the host. MTA-STS still protects; signing the domain's zone makes DANE do so too.");
        return;
    }
    at.add(
        Lint::DanePresent,
        "the domain uses DANE as well: senders that know both obey DANE first",
    );
    let others = hosts.len().saturating_sub(protected);
    let missing = mx.is_some_and(|mx| mx.hosts.len() > 1) && others > 0;
    if missing {
        at.add(
            Lint::DanePartial,
            format!("{others} of {} MX hosts have no usable TLSA record", hosts.len()),
        )
        .help("Publish TLSA records for every MX host: an attacker chooses the weakest.");
    }
}
