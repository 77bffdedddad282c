//! A report for programs.

use mtasts_core::{
    CertOutcome,
    lint::{Certificate, DaneFacts, HttpFacts, MxFacts, RecordSet, SmtpFacts, TxtRecord},
};
use serde_json::{Value, json};

use super::Checked;
use crate::{config::Profile, socketmap::render};

/// One domain's report as a JSON object: `domain`, `at` (seconds since 1970), `took_ms`, the members
/// of a lint report (`findings`, `unchecked`, `verdict`; see docs/lint-json.md), `reply`, `notes`,
/// and what was seen as `facts`. Octets that are not printable US-ASCII are escaped as in Rust.
#[must_use]
pub fn json(checked: &Checked, profile: Profile) -> Value {
    let report = mtasts_core::lint::json::write(&checked.report);
    let mut report: Value = serde_json::from_str(&report).unwrap_or_default();
    let mut member = |name: &str| report.get_mut(name).map(Value::take);
    let reply = checked.report.verdict.decision.as_ref().map(|decision| {
        let mut reply = String::new();
        render(profile, decision, &checked.domain, || checked.at, &mut reply);
        reply
    });
    let publication = &checked.publication;
    json!({
        "domain": checked.domain.as_str(),
        "at": checked.at.as_secs(),
        "took_ms": millis(checked.trace.took),
        "verdict": member("verdict"),
        "findings": member("findings"),
        "unchecked": member("unchecked"),
        "profile": profile.as_str(),
        "reply": reply,
        "notes": checked.trace.notes,
        "facts": {
            "txt": publication.txt.as_ref().map(records),
            "http": publication.http.as_ref().map(http),
            "policy": publication.policy.as_ref().map(|body| String::from_utf8_lossy(body)),
            "mx": publication.mx.as_ref().map(mx),
            "tlsrpt": publication.tlsrpt.as_ref().map(records),
            "dane": publication.dane.as_ref().map(dane),
        },
    })
}

fn records(set: &RecordSet) -> Value {
    let resolvers = set.resolvers.iter().map(|answer| {
        json!({
            "resolver": answer.resolver,
            "records": answer.records.as_ref().ok().map(|records| texts(records)),
            "failure": answer.records.as_ref().err().map(ToString::to_string),
        })
    });
    json!({
        "records": texts(&set.records),
        "ttl": set.ttl,
        "cname": set.cname,
        "failure": set.failure.map(|failure| failure.to_string()),
        "resolvers": resolvers.collect::<Value>(),
    })
}

fn texts(records: &[TxtRecord]) -> Value {
    records.iter().map(|record| record.joined().escape_ascii().to_string()).collect()
}

fn http(http: &HttpFacts) -> Value {
    let addresses = http.addresses.iter().map(|facts| {
        json!({
            "address": facts.address,
            "failure": facts.failure.map(|failure| failure.to_string()),
            "same_body": facts.same_body,
        })
    });
    json!({
        "status": http.status,
        "failure": http.failure.map(|failure| failure.to_string()),
        "detail": http.detail,
        "headers": http.headers,
        "body_length": http.body_length,
        "cname": http.cname,
        "addresses": addresses.collect::<Value>(),
        "certificate": http.certificate.as_ref().map(certificate),
        "tls_version": http.tls_version.map(mtasts_core::lint::TlsVersion::as_str),
        "duration_ms": http.duration.map(millis),
    })
}

fn certificate(certificate: &Certificate) -> Value {
    json!({
        "names": certificate.names,
        "common_name": certificate.common_name,
        "not_after": certificate.not_after.map(|end| end.as_secs()),
        "chain_complete": certificate.chain_complete,
    })
}

fn mx(mx: &MxFacts) -> Value {
    let hosts = mx.hosts.iter().map(|host| {
        json!({
            "host": host.host,
            "preference": host.preference,
            "cname": host.cname,
            "has_address": host.has_address,
            "smtp": host.smtp.as_ref().map(smtp),
        })
    });
    json!({
        "hosts": hosts.collect::<Value>(),
        "failure": mx.failure.map(|failure| failure.to_string()),
    })
}

fn smtp(smtp: &SmtpFacts) -> Value {
    let certificate = smtp.certificate.map(|outcome| match outcome {
        CertOutcome::Valid => "valid",
        CertOutcome::Expired => "expired",
        CertOutcome::NameMismatch => "name-mismatch",
        CertOutcome::Untrusted => "untrusted",
        CertOutcome::Invalid => "invalid",
    });
    json!({
        "failure": smtp.failure,
        "starttls": smtp.starttls,
        "certificate": certificate,
        "names": smtp.names,
        "days_left": smtp.days_left,
        "tls_version": smtp.tls_version.map(mtasts_core::lint::TlsVersion::as_str),
    })
}

fn dane(dane: &DaneFacts) -> Value {
    let tlsa = dane
        .tlsa
        .iter()
        .map(|facts| json!({ "host": facts.host, "signed": facts.signed, "usages": facts.usages }));
    json!({ "mx_signed": dane.mx_signed, "tlsa": tlsa.collect::<Value>() })
}

fn millis(duration: core::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
