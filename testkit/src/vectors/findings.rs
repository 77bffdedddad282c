//! The linter on every face: what a case publishes is checked by the face and by the Rust API, and both
//! must write the same report, octet for octet.

use core::fmt::Write as _;

use mtasts_core::{DnsFailure, FetchFailure, PolicyDomain, lint::json};
use serde_json::{Map, Value, json};

use super::{Face, response};
use crate::answers::{CertSpec, HttpAnswer, Octets, San, character_strings};

/// When everything is looked at, in seconds since 1970: some moment of 2026.
const NOW: u64 = 1_790_000_000;
const DAY: u64 = 86400;

/// What a domain publishes, as the linter reads it from JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Publication(Map<String, Value>);

impl Publication {
    /// Of a domain, unless it is none that has policies. Some faces know names as A-labels only.
    pub(super) fn new(domain: &str) -> Self {
        let mut members = Map::new();
        members.insert("now".into(), NOW.into());
        if let Ok(domain) = PolicyDomain::from_lookup_key(domain) {
            members.insert("domain".into(), domain.as_str().into());
        }
        Self(members)
    }

    pub(super) fn with(mut self, member: &str, value: Value) -> Self {
        self.0.insert(member.to_owned(), value);
        self
    }

    pub(super) fn policy(self, body: &[u8]) -> Self {
        self.with("policy", octets(body))
    }

    /// TXT records, under `txt` or `tlsrpt`: as DNS answers, and as somebody pastes them.
    pub(super) fn records(
        self,
        member: &str,
        records: &[Vec<Octets>],
    ) -> Result<Vec<Self>, String> {
        let strings = |record: &Vec<Octets>| {
            Ok(character_strings(record)?.iter().map(|string| octets(string)).collect())
        };
        let records: Vec<Value> = records.iter().map(strings).collect::<Result<_, String>>()?;
        Ok(vec![
            self.clone().with(member, json!({ "records": records, "ttl": 2 * DAY })),
            self.with(member, json!({ "records": records, "pasted": true })),
        ])
    }

    /// What the policy host answers. `host` is its name, where the answer does not say.
    pub(super) fn answered(self, answer: &HttpAnswer, host: Option<&str>) -> Result<Self, String> {
        let mut http = Map::new();
        if let Some(certificate) = &answer.head.tls {
            http.insert("certificate".into(), self::certificate(certificate));
        }
        let publication = match response::fetched(answer, host)? {
            Err((failure, _)) => {
                http.insert("failure".into(), fetch_word(failure).into());
                self
            }
            Ok(response) => {
                let head = answer.head.response.as_ref().ok();
                let fields: Vec<_> = head.iter().flat_map(|head| head.fields()).collect();
                http.insert("status".into(), response.status.into());
                http.insert("headers".into(), json!(fields));
                http.insert("body_length".into(), response.body.len().into());
                self.policy(&response.body)
            }
        };
        Ok(publication.with("http", http.into()))
    }

    /// One MX host, and what is known of it beside its name. DNS has names as A-labels: what has none is
    /// no host that DNS could name.
    pub(super) fn mx_host(self, host: &str, mut facts: Map<String, Value>) -> Self {
        let Some(host) = wire_name(host) else { return self };
        facts.insert("host".into(), host.into());
        self.with("mx", json!({ "hosts": [facts] }))
    }
}

/// The name as DNS has it.
fn wire_name(host: &str) -> Option<String> {
    if host.is_ascii() {
        return Some(host.to_owned());
    }
    PolicyDomain::from_lookup_key(host).ok().map(|name| name.as_str().to_owned())
}

/// Octets as the linter reads them.
pub(super) fn octets(octets: &[u8]) -> Value {
    match core::str::from_utf8(octets) {
        Ok(text) => text.into(),
        Err(_) => {
            let digits = octets.iter().fold(String::new(), |mut digits, octet| {
                // Writing to a string does not fail.
                let _ = write!(digits, "{octet:02x}");
                digits
            });
            json!({ "hex": digits })
        }
    }
}

/// A certificate's names and end.
pub(super) fn certificate(spec: &CertSpec) -> Value {
    let end = if spec.expired { NOW - DAY } else { NOW + 7 * DAY };
    json!({
        "names": dns_names(spec),
        "common_name": spec.cn,
        "not_after": end,
        "chain_complete": spec.trusted,
    })
}

pub(super) fn dns_names(spec: &CertSpec) -> Vec<&str> {
    let names = spec.san.iter().filter_map(|name| match name {
        San::Dns(name) => Some(name.as_str()),
        San::Ip(_) | San::Email(_) | San::Uri(_) | San::Srv(_) => None,
    });
    names.collect()
}

pub(super) fn dns_word(failure: DnsFailure) -> &'static str {
    failure.code().trim_start_matches("dns-")
}

pub(super) fn fetch_word(failure: FetchFailure) -> &'static str {
    if let FetchFailure::Dns(failure) = failure {
        return failure.code();
    }
    failure.code().trim_start_matches("fetch-")
}

/// Whether the face finds what the Rust API finds.
pub(super) fn compare(face: &mut Face, Publication(members): &Publication) -> Result<(), String> {
    let input = Value::from(members.clone()).to_string();
    let expected = json::check(&input).map_err(|error| format!("{error}\nin {input}"))?;
    let got = face.lint(&input)?;
    if got == expected {
        return Ok(());
    }
    let start = expected.chars().zip(got.chars()).take_while(|(left, right)| left == right).count();
    let excerpt =
        |text: &str| text.chars().skip(start.saturating_sub(60)).take(200).collect::<String>();
    let (expected, got) = (excerpt(&expected), excerpt(&got));
    let input: String = input.chars().take(1000).collect();
    Err(format!("the linter reports\n{got}\nwhere Rust's reports\n{expected}\nof {input}"))
}
