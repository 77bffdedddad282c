//! A publication as JSON has it.

use alloc::{format, string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};

use serde::{Deserialize, Deserializer, de::Error};

use super::octets::{Octets, Record};
use crate::{
    CertOutcome, DaneOutcome, DnsFailure, FetchFailure, PolicyDomain, TlsFailure, UnixMillis, lint,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Publication {
    domain: Option<Domain>,
    txt: Option<RecordSet>,
    policy: Option<Octets>,
    http: Option<Http>,
    mx: Option<Mx>,
    tlsrpt: Option<RecordSet>,
    dane: Option<Dane>,
    previous: Option<Previous>,
    now: Option<Seconds>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordSet {
    #[serde(default)]
    records: Vec<Record>,
    ttl: Option<u32>,
    #[serde(default)]
    cname: Vec<String>,
    failure: Option<Dns>,
    #[serde(default)]
    pasted: bool,
    #[serde(default)]
    resolvers: Vec<Resolver>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resolver {
    resolver: String,
    #[serde(default)]
    records: Vec<Record>,
    failure: Option<Dns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    failure: Option<Fetch>,
    #[serde(default)]
    detail: String,
    status: Option<u16>,
    headers: Option<Vec<(String, String)>>,
    body_length: Option<u64>,
    #[serde(default)]
    cname: Vec<String>,
    #[serde(default)]
    addresses: Vec<Address>,
    certificate: Option<Certificate>,
    tls_version: Option<Version>,
    duration_ms: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Address {
    address: IpAddr,
    failure: Option<Fetch>,
    same_body: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Certificate {
    names: Option<Vec<String>>,
    common_name: Option<String>,
    not_after: Option<Seconds>,
    chain_complete: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mx {
    #[serde(default)]
    hosts: Vec<MxHost>,
    failure: Option<Dns>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MxHost {
    host: String,
    preference: Option<u16>,
    cname: Option<String>,
    has_address: Option<bool>,
    smtp: Option<Smtp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Smtp {
    failure: Option<String>,
    #[serde(default)]
    starttls: bool,
    certificate: Option<Cert>,
    names: Option<Vec<String>>,
    days_left: Option<i64>,
    tls_version: Option<Version>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Dane {
    mx_signed: Option<bool>,
    #[serde(default)]
    tlsa: Vec<Tlsa>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tlsa {
    host: String,
    #[serde(default)]
    signed: bool,
    #[serde(default)]
    usages: Vec<u8>,
    outcome: Option<DaneWord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Previous {
    id: Option<String>,
    policy: Option<Octets>,
    seen_at: Option<Seconds>,
    mode_since: Option<Seconds>,
}

/// Whole seconds since 1970-01-01 00:00 UTC.
#[derive(Deserialize)]
struct Seconds(u64);

impl From<Seconds> for UnixMillis {
    fn from(Seconds(seconds): Seconds) -> Self {
        Self::from_secs(seconds)
    }
}

struct Domain(PolicyDomain);

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let domain = String::deserialize(deserializer)?;
        PolicyDomain::from_lookup_key(&domain)
            .map(Self)
            .map_err(|error| D::Error::custom(format!("`domain`: {error}")))
    }
}

/// Types whose values are words.
macro_rules! words {
    ($($name:ident($type:ty) $what:literal { $($word:literal => $value:expr,)* })*) => {$(
        struct $name($type);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                match word.as_str() {
                    $($word => Ok(Self($value)),)*
                    _ => Err(D::Error::unknown_variant(&word, &[$($word),*])),
                }
            }
        }

        #[cfg(test)]
        impl $name {
            /// What the words say, and the words: the documentation is held to them.
            pub(super) const WORDS: (&'static str, &'static [&'static str]) = ($what, &[$($word),*]);
        }
    )*};
}

words! {
    Dns(DnsFailure) "DNS failures" {
        "timeout" => DnsFailure::Timeout,
        "servfail" => DnsFailure::ServFail,
        "refused" => DnsFailure::Refused,
        "failed" => DnsFailure::Other,
    }
    Fetch(FetchFailure) "fetch failures" {
        "no-address" => FetchFailure::NoAddress,
        "dns-timeout" => FetchFailure::Dns(DnsFailure::Timeout),
        "dns-servfail" => FetchFailure::Dns(DnsFailure::ServFail),
        "dns-refused" => FetchFailure::Dns(DnsFailure::Refused),
        "dns-failed" => FetchFailure::Dns(DnsFailure::Other),
        "address-refused" => FetchFailure::AddressRefused,
        "connect" => FetchFailure::Connect,
        "timeout" => FetchFailure::Timeout,
        "http" => FetchFailure::Http,
        "media-type" => FetchFailure::MediaType,
        "content-coding" => FetchFailure::ContentCoding,
        "too-large" => FetchFailure::TooLarge,
        "truncated" => FetchFailure::Truncated,
        "busy" => FetchFailure::Busy,
        "tls-name" => FetchFailure::Tls(TlsFailure::NameMismatch),
        "tls-expired" => FetchFailure::Tls(TlsFailure::Expired),
        "tls-not-yet-valid" => FetchFailure::Tls(TlsFailure::NotYetValid),
        "tls-untrusted" => FetchFailure::Tls(TlsFailure::Untrusted),
        "tls-certificate" => FetchFailure::Tls(TlsFailure::BadCertificate),
        "tls-handshake" => FetchFailure::Tls(TlsFailure::Handshake),
    }
    Version(lint::TlsVersion) "TLS versions" {
        "SSL 3.0" => lint::TlsVersion::Ssl3,
        "TLS 1.0" => lint::TlsVersion::Tls10,
        "TLS 1.1" => lint::TlsVersion::Tls11,
        "TLS 1.2" => lint::TlsVersion::Tls12,
        "TLS 1.3" => lint::TlsVersion::Tls13,
    }
    Cert(CertOutcome) "outcomes of certificates" {
        "valid" => CertOutcome::Valid,
        "expired" => CertOutcome::Expired,
        "name-mismatch" => CertOutcome::NameMismatch,
        "untrusted" => CertOutcome::Untrusted,
        "invalid" => CertOutcome::Invalid,
    }
    DaneWord(DaneOutcome) "outcomes of DANE" {
        "none" => DaneOutcome::None,
        "insecure" => DaneOutcome::Insecure,
        "pass" => DaneOutcome::Pass,
        "fail" => DaneOutcome::Fail,
        "lookup-error" => DaneOutcome::LookupError,
        "unusable" => DaneOutcome::Unusable,
    }
}

/// All words that stand for something, for the test of the documentation.
#[cfg(test)]
pub(super) const WORDS: [(&str, &[&str]); 5] =
    [Dns::WORDS, Fetch::WORDS, Version::WORDS, Cert::WORDS, DaneWord::WORDS];

impl From<Publication> for lint::Publication {
    fn from(input: Publication) -> Self {
        Self {
            domain: input.domain.map(|Domain(domain)| domain),
            txt: input.txt.map(Into::into),
            policy: input.policy.map(|Octets(body)| body),
            http: input.http.map(Into::into),
            mx: input.mx.map(Into::into),
            tlsrpt: input.tlsrpt.map(Into::into),
            dane: input.dane.map(Into::into),
            previous: input.previous.map(Into::into),
            now: input.now.map(Into::into),
        }
    }
}

fn records(records: Vec<Record>) -> Vec<lint::TxtRecord> {
    records.into_iter().map(|Record(record)| record).collect()
}

impl From<RecordSet> for lint::RecordSet {
    fn from(input: RecordSet) -> Self {
        let resolver = |answer: Resolver| lint::ResolverAnswer {
            resolver: answer.resolver,
            records: match answer.failure {
                Some(Dns(failure)) => Err(failure),
                None => Ok(records(answer.records)),
            },
        };
        Self {
            records: records(input.records),
            ttl: input.ttl,
            cname: input.cname,
            failure: input.failure.map(|Dns(failure)| failure),
            pasted: input.pasted,
            resolvers: input.resolvers.into_iter().map(resolver).collect(),
        }
    }
}

impl From<Http> for lint::HttpFacts {
    fn from(input: Http) -> Self {
        let address = |facts: Address| lint::AddressFacts {
            address: facts.address,
            failure: facts.failure.map(|Fetch(failure)| failure),
            same_body: facts.same_body,
        };
        let certificate = |facts: Certificate| lint::Certificate {
            names: facts.names,
            common_name: facts.common_name,
            not_after: facts.not_after.map(Into::into),
            chain_complete: facts.chain_complete,
        };
        Self {
            failure: input.failure.map(|Fetch(failure)| failure),
            detail: input.detail,
            status: input.status,
            headers: input.headers,
            body_length: input.body_length,
            cname: input.cname,
            addresses: input.addresses.into_iter().map(address).collect(),
            certificate: input.certificate.map(certificate),
            tls_version: input.tls_version.map(|Version(version)| version),
            duration: input.duration_ms.map(Duration::from_millis),
        }
    }
}

impl From<Mx> for lint::MxFacts {
    fn from(input: Mx) -> Self {
        let smtp = |facts: Smtp| lint::SmtpFacts {
            failure: facts.failure,
            starttls: facts.starttls,
            certificate: facts.certificate.map(|Cert(outcome)| outcome),
            names: facts.names,
            days_left: facts.days_left,
            tls_version: facts.tls_version.map(|Version(version)| version),
        };
        let host = |host: MxHost| lint::MxHost {
            host: host.host,
            preference: host.preference,
            cname: host.cname,
            has_address: host.has_address,
            smtp: host.smtp.map(smtp),
        };
        Self {
            hosts: input.hosts.into_iter().map(host).collect(),
            failure: input.failure.map(|Dns(failure)| failure),
        }
    }
}

impl From<Dane> for lint::DaneFacts {
    fn from(input: Dane) -> Self {
        let tlsa = |facts: Tlsa| lint::TlsaFacts {
            host: facts.host,
            signed: facts.signed,
            usages: facts.usages,
            outcome: facts.outcome.map(|DaneWord(outcome)| outcome),
        };
        Self { mx_signed: input.mx_signed, tlsa: input.tlsa.into_iter().map(tlsa).collect() }
    }
}

impl From<Previous> for lint::Previous {
    fn from(input: Previous) -> Self {
        Self {
            id: input.id,
            policy: input.policy.map(|Octets(body)| body),
            seen_at: input.seen_at.map(Into::into),
            mode_since: input.mode_since.map(Into::into),
        }
    }
}
