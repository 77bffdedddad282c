//! A report for programs.

use mtasts_core::{Deviation, Response};
use mtasts_net::https::{FetchTrace, Phase};
use serde_json::{Value, json};

use super::{FetchStep, Report, TxtStep};
use crate::{config::Profile, socketmap::render};

/// The report as one JSON object. Octets that are not printable US-ASCII are escaped as in Rust;
/// durations are milliseconds.
#[must_use]
pub fn json(report: &Report, profile: Profile, mx: &[String]) -> Value {
    let mut reply = String::new();
    render(profile, &report.decision, &report.domain, || report.at, &mut reply);
    let decision = mtasts_core::render::json(&report.decision, &report.domain, report.at);
    let policy = report.decision.policy().map(|applied| &applied.policy);
    let matches = |host: &String| json!({ "host": host, "matches": policy.map(|policy| policy.matches(host)) });
    json!({
        "schema_version": 1,
        "domain": report.domain.as_str(),
        "txt": report.txt.as_ref().map(txt),
        "fetch": report.fetch.as_ref().map(fetch),
        "decision": serde_json::from_str::<Value>(&decision).unwrap_or_default(),
        "mx": mx.iter().map(matches).collect::<Value>(),
        "profile": profile.as_str(),
        "reply": reply,
    })
}

fn txt(step: &TxtStep) -> Value {
    let answer = step.answer.as_ref();
    let record = step.record.as_ref();
    let records = answer.ok().map(|answer| {
        answer.records.iter().map(|record| record.escape_ascii().to_string()).collect::<Value>()
    });
    json!({
        "name": step.name,
        "took_ms": millis(step.took),
        "records": records,
        "ttl": answer.ok().map(|answer| answer.ttl),
        "id": record.and_then(|record| Some(record.as_ref().ok()?.id.to_string())),
        "error": answer.err().map(ToString::to_string)
            .or_else(|| Some(record?.as_ref().err()?.to_string())),
    })
}

fn fetch(step: &FetchStep) -> Value {
    let response = step.outcome.as_ref().ok();
    let deviations = step.reading.as_ref().and_then(|reading| reading.as_ref().ok());
    let error = match &step.outcome {
        Err((failure, detail)) => Some(format!("{failure} ({detail})")),
        Ok(_) => step.reading.as_ref().and_then(|read| Some(read.as_ref().err()?.to_string())),
    };
    json!({
        "url": step.url,
        "took_ms": millis(step.trace.total),
        "trace": trace(&step.trace),
        "response": response.map(http),
        "deviations": deviations.map(|deviations| deviations.iter().map(deviation).collect::<Value>()),
        "error": error,
    })
}

fn trace(trace: &FetchTrace) -> Value {
    let took = |phase| trace.duration(phase).map(millis);
    json!({
        "addresses": trace.addresses,
        "refused": trace.refused,
        "address": trace.address,
        "tls": trace.tls.as_ref().map(|tls| json!({
            "version": tls.version,
            "cipher_suite": tls.cipher_suite,
            "names": tls.certificate.names,
            "not_after": tls.certificate.not_after.map(|at| at.as_secs()),
        })),
        "addresses_ms": took(Phase::Addresses),
        "connect_ms": took(Phase::Connect),
        "tls_ms": took(Phase::Tls),
        "response_ms": took(Phase::Response),
        "body_ms": took(Phase::Body),
    })
}

fn http(response: &Response) -> Value {
    json!({
        "status": response.status,
        "content_type": response.content_type,
        "body": String::from_utf8_lossy(&response.body),
    })
}

fn deviation(deviation: &Deviation) -> Value {
    json!({
        "line": deviation.span.line,
        "column": deviation.span.column,
        "message": deviation.kind.to_string(),
    })
}

fn millis(duration: core::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
