//! A decision as a JSON object.

use alloc::{
    string::{String, ToString as _},
    vec::Vec,
};

use crate::{
    Applied, Decision, Failure, MxPattern, PolicyDomain, PolicyId, Source, UnixMillis,
    json::{Write, Writer, written},
};

/// The decision for `domain` as a JSON object on one line.
///
/// Members: `schema_version` (1), `domain`, `decision` (`enforce`, `testing`, `none`, `no-policy` or
/// `temp-fail`), `explanation`, `policy` (object or null) and `failure` (object or null). Times are
/// whole seconds since 1970-01-01 00:00 UTC, durations are seconds.
#[must_use]
pub fn json(decision: &Decision, domain: &PolicyDomain, now: UnixMillis) -> String {
    written(&Reply { decision, domain, now })
}

struct Reply<'a> {
    decision: &'a Decision,
    domain: &'a PolicyDomain,
    now: UnixMillis,
}

impl Write for Reply<'_> {
    fn write(&self, json: &mut Writer) {
        let Self { decision, domain, now } = self;
        json.object(&[
            ("schema_version", &1_u32),
            ("domain", &domain.as_str()),
            ("decision", &decision.kind()),
            ("explanation", &decision.explain(*now).to_string()),
            ("policy", &decision.policy().map(|applied| InForce { applied, now: *now })),
            ("failure", &decision.failure()),
        ]);
    }
}

struct InForce<'a> {
    applied: &'a Applied,
    now: UnixMillis,
}

impl Write for InForce<'_> {
    fn write(&self, json: &mut Writer) {
        let Self { applied, now } = self;
        let source = match applied.source {
            Source::Live => "live",
            Source::Cached => "cached",
        };
        json.object(&[
            ("id", &applied.id.as_str()),
            ("mode", &applied.policy.mode().as_str()),
            ("mx", &applied.policy.mx().iter().map(MxPattern::as_str).collect::<Vec<_>>()),
            ("max_age", &applied.policy.max_age().as_secs()),
            ("source", &source),
            ("fetched_at", &applied.fetched_at.as_secs()),
            ("expires_at", &applied.expires_at().as_secs()),
            ("age", &applied.age(*now).as_secs()),
        ]);
    }
}

impl Write for &Failure {
    fn write(&self, json: &mut Writer) {
        json.object(&[
            ("code", &self.kind.code()),
            ("message", &self.kind.to_string()),
            ("detail", &&*self.detail),
            ("result_type", &self.kind.result_type().as_str()),
            ("at", &self.at.as_secs()),
            ("id", &self.id.as_ref().map(PolicyId::as_str)),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use alloc::sync::Arc;

    use super::*;
    use crate::{DnsFailure, FailureKind, Policy};

    #[test]
    fn all_members_are_there() {
        let body = "version: STSv1\nmode: enforce\nmx: *.example.com\nmax_age: 3600\n";
        let failure = Failure {
            kind: FailureKind::Dns(DnsFailure::ServFail),
            at: UnixMillis::from_secs(1_500),
            id: None,
            detail: Arc::from("192.0.2.53"),
        };
        let decision = Decision::Enforce(Applied {
            policy: Arc::new(Policy::parse(body).unwrap().policy),
            id: PolicyId::parse("a1").unwrap(),
            fetched_at: UnixMillis::from_secs(1_000),
            source: Source::Cached,
            failure: Some(Arc::new(failure)),
        });
        let domain = PolicyDomain::from_lookup_key("example.com").unwrap();
        assert_eq!(
            json(&decision, &domain, UnixMillis::from_secs(2_000)),
            r#"{"schema_version":1,"domain":"example.com","decision":"enforce","explanation":"verified TLS to the policy's MX hosts or nothing: mode enforce under id a1, fetched 1000 s ago, 2600 s left; 500 s ago: TXT query failed: the resolver answered SERVFAIL (192.0.2.53)","policy":{"id":"a1","mode":"enforce","mx":["*.example.com"],"max_age":3600,"source":"cached","fetched_at":1000,"expires_at":4600,"age":1000},"failure":{"code":"dns-servfail","message":"TXT query failed: the resolver answered SERVFAIL","detail":"192.0.2.53","result_type":"sts-policy-fetch-error","at":1500,"id":null}}"#
        );
    }
}
