//! The network of a scenario: what DNS and HTTPS answer, and how often they were asked.

use std::collections::BTreeMap;

use mtasts_core::{DnsFailure, FetchFailure, Fetched, PolicyDomain, TxtAnswer};
use serde_json::{Value, json};

use crate::{
    answers::{DnsAnswer, HttpAnswer, Rcode, join},
    vectors::{
        findings::{Publication, dns_word, octets},
        response,
    },
};

#[derive(Default)]
pub(super) struct Network {
    dns: BTreeMap<String, DnsAnswer>,
    https: BTreeMap<String, HttpAnswer>,
    /// Queries and requests since [`forget_counts`](Self::forget_counts), by name. Queries for the
    /// targets of aliases count too.
    asked: BTreeMap<String, u32>,
    fetched: BTreeMap<String, u32>,
}

/// CNAMEs followed for one query, as a resolver would.
const MAX_CNAMES: usize = 16;
/// How long an absence may be remembered where the scenario does not say.
const NEGATIVE_TTL: u32 = 60;

impl Network {
    pub(super) fn set_dns(&mut self, name: &str, answer: DnsAnswer) {
        self.dns.insert(same_name(name), answer);
    }

    pub(super) fn set_https(&mut self, host: &str, answer: HttpAnswer) {
        self.https.insert(same_name(host), answer);
    }

    pub(super) fn forget_counts(&mut self) {
        self.asked.clear();
        self.fetched.clear();
    }

    pub(super) fn queries(&self, name: &str) -> u32 {
        self.asked.get(&same_name(name)).copied().unwrap_or(0)
    }

    pub(super) fn requests(&self, host: &str) -> u32 {
        self.fetched.get(&same_name(host)).copied().unwrap_or(0)
    }

    pub(super) fn all_requests(&self) -> u32 {
        self.fetched.values().sum()
    }

    /// Whether neither DNS nor a policy host was asked anything.
    pub(super) fn is_quiet(&self) -> bool {
        self.asked.is_empty() && self.fetched.is_empty()
    }

    pub(super) fn query(&mut self, name: &str) -> Result<Result<TxtAnswer, DnsFailure>, String> {
        let (mut name, mut smallest) = (same_name(name), u32::MAX);
        for _ in 0..MAX_CNAMES {
            *self.asked.entry(name.clone()).or_default() += 1;
            match self.dns.get(&name) {
                None => return Ok(absent(NEGATIVE_TTL.min(smallest))),
                Some(DnsAnswer::Txt { records, ttl }) => {
                    return Ok(Ok(TxtAnswer { records: join(records)?, ttl: smallest.min(*ttl) }));
                }
                Some(DnsAnswer::Cname { target, ttl }) => {
                    smallest = smallest.min(*ttl);
                    name = same_name(target);
                }
                Some(DnsAnswer::Rcode { rcode, ttl }) => {
                    return Ok(match rcode {
                        Rcode::Nxdomain | Rcode::Nodata => {
                            absent(ttl.unwrap_or(NEGATIVE_TTL).min(smallest))
                        }
                        Rcode::Servfail => Err(DnsFailure::ServFail),
                        Rcode::Refused => Err(DnsFailure::Refused),
                    });
                }
                Some(DnsAnswer::Timeout) => return Ok(Err(DnsFailure::Timeout)),
            }
        }
        Ok(Err(DnsFailure::ServFail))
    }

    pub(super) fn get(&mut self, host: &str) -> Result<Fetched, String> {
        *self.fetched.entry(same_name(host)).or_default() += 1;
        match self.https.get(&same_name(host)) {
            Some(answer) => response::fetched(answer, Some(host)),
            None => Ok(Err((FetchFailure::NoAddress, "not in the scenario".into()))),
        }
    }

    /// What a domain publishes now.
    pub(super) fn publication(&mut self, domain: &str) -> Result<Publication, String> {
        let publication = Publication::new(domain);
        let Ok(domain) = PolicyDomain::from_lookup_key(domain) else { return Ok(publication) };
        let txt = match self.query(&domain.txt_name())? {
            Ok(TxtAnswer { records, ttl }) => {
                let records: Vec<Value> = records.iter().map(|record| octets(record)).collect();
                json!({ "records": records, "ttl": ttl })
            }
            Err(failure) => json!({ "failure": dns_word(failure) }),
        };
        let publication = publication.with("txt", txt);
        let host = domain.policy_host();
        match self.https.get(&same_name(&host)) {
            Some(answer) => publication.answered(answer, Some(&host)),
            None => Ok(publication.with("http", json!({ "failure": "no-address" }))),
        }
    }
}

/// A name as all its spellings have it in common.
fn same_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

fn absent(ttl: u32) -> Result<TxtAnswer, DnsFailure> {
    Ok(TxtAnswer { records: Vec::new(), ttl })
}
