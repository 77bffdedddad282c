//! What is known about a domain. Everything may be unknown, and that differs from absent.

use alloc::{string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};

use crate::{CertOutcome, DaneOutcome, DnsFailure, FetchFailure, PolicyDomain, UnixMillis};

/// What a domain publishes, as far as it is known. `None` says that nobody looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// The Policy Domain.
    pub domain: Option<PolicyDomain>,
    /// The TXT records at `_mta-sts.` and the domain.
    pub txt: Option<RecordSet>,
    /// The policy's text: the body of the HTTPS response, or a file.
    pub policy: Option<Vec<u8>>,
    /// How the policy host answered.
    pub http: Option<HttpFacts>,
    /// The domain's MX hosts.
    pub mx: Option<MxFacts>,
    /// The TXT records at `_smtp._tls.` and the domain.
    pub tlsrpt: Option<RecordSet>,
    /// TLSA records of the MX hosts.
    pub dane: Option<DaneFacts>,
    /// What the domain published when it was looked at before.
    pub previous: Option<Previous>,
    /// The time of the check: what expires is judged by it.
    pub now: Option<UnixMillis>,
}

/// The answer to a TXT query, or the records that somebody pasted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordSet {
    /// The TXT records, in the order of the answer. None: there is no such record.
    pub records: Vec<TxtRecord>,
    /// The TTL of the records, in seconds.
    pub ttl: Option<u32>,
    /// The CNAME targets that the query went through, in order.
    pub cname: Vec<String>,
    /// Why there is no answer. The records count for nothing then.
    pub failure: Option<DnsFailure>,
    /// Whether this is text that somebody pasted: nothing is known about its character-strings.
    pub pasted: bool,
    /// What further resolvers answered.
    pub resolvers: Vec<ResolverAnswer>,
}

/// One TXT record: its character-strings, in order, with escapes undone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct TxtRecord {
    /// The character-strings, each of at most 255 octets in DNS.
    pub strings: Vec<Vec<u8>>,
}

/// What one more resolver answered to the same query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolverAnswer {
    /// The resolver, as a person would name it: an address, or the name of a provider.
    pub resolver: String,
    /// The records, or why there is no answer.
    pub records: Result<Vec<TxtRecord>, DnsFailure>,
}

/// How the policy host answered a request for the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpFacts {
    /// Why there is no complete response. A status outside 200, a redirect, the media type and the
    /// size may be told here or by the members below.
    pub failure: Option<FetchFailure>,
    /// The caller's words on the failure, empty if there are none.
    pub detail: String,
    /// The status code.
    pub status: Option<u16>,
    /// The fields of the response, in order; names in any case. `None`: not known.
    pub headers: Option<Vec<(String, String)>>,
    /// The size of the body in octets, as received or as announced.
    pub body_length: Option<u64>,
    /// The CNAME targets that the lookup of the policy host went through, in order.
    pub cname: Vec<String>,
    /// The policy host's addresses, and what came of each.
    pub addresses: Vec<AddressFacts>,
    /// The policy host's certificate.
    pub certificate: Option<Certificate>,
    /// The TLS version that was agreed on, or the newest that the policy host offers.
    pub tls_version: Option<TlsVersion>,
    /// From the start of the connection to the end of the response.
    pub duration: Option<Duration>,
}

/// What came of a request to one address of the policy host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressFacts {
    /// The address.
    pub address: IpAddr,
    /// Why it gave no policy, if it gave none.
    pub failure: Option<FetchFailure>,
    /// Whether the body is that of the other addresses, where that was compared.
    pub same_body: Option<bool>,
}

/// A certificate, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The DNS names among the subject alternative names. `None`: not known.
    pub names: Option<Vec<String>>,
    /// The common name of the subject.
    pub common_name: Option<String>,
    /// The end of its validity.
    pub not_after: Option<UnixMillis>,
    /// Whether the server sent all intermediate certificates, where that is known.
    pub chain_complete: Option<bool>,
}

/// A version of TLS, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TlsVersion {
    /// SSL 3.0.
    Ssl3,
    /// TLS 1.0.
    Tls10,
    /// TLS 1.1.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The answer to an MX query, or a list of hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MxFacts {
    /// The hosts. None: there is no MX record, so the domain itself is the host (RFC 5321 §5.1).
    pub hosts: Vec<MxHost>,
    /// Why there is no answer. The hosts count for nothing then.
    pub failure: Option<DnsFailure>,
}

/// One MX host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MxHost {
    /// The host name, with or without the root dot. `.` is the null MX (RFC 7505).
    pub host: String,
    /// The preference; the least is tried first. `None`: not known, and taken as the least.
    pub preference: Option<u16>,
    /// The target, if the name is an alias.
    pub cname: Option<String>,
    /// Whether the host has an address, where that was looked up.
    pub has_address: Option<bool>,
    /// What an SMTP session with the host showed.
    pub smtp: Option<SmtpFacts>,
}

/// What an SMTP session with an MX host showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmtpFacts {
    /// Why there was no session, in the caller's words. The other members count for nothing then.
    pub failure: Option<String>,
    /// Whether the host offers STARTTLS.
    pub starttls: bool,
    /// What became of the certificate, checked against the MX host's name.
    pub certificate: Option<CertOutcome>,
    /// The DNS names in the certificate. `None`: not known.
    pub names: Option<Vec<String>>,
    /// Whole days until the certificate expires.
    pub days_left: Option<i64>,
    /// The TLS version that was agreed on.
    pub tls_version: Option<TlsVersion>,
}

/// What DNS says about DANE for the domain's MX hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaneFacts {
    /// Whether the MX records are signed and validated.
    pub mx_signed: Option<bool>,
    /// The MX hosts whose TLSA records were looked up.
    pub tlsa: Vec<TlsaFacts>,
}

/// The TLSA records of one MX host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsaFacts {
    /// The MX host.
    pub host: String,
    /// Whether the records, or their absence, are signed and validated.
    pub signed: bool,
    /// The certificate usage of each record (RFC 6698 §2.1.1). None: there is no TLSA record.
    pub usages: Vec<u8>,
    /// What DANE says of the host's certificate, where that was checked.
    pub outcome: Option<DaneOutcome>,
}

/// What a domain published when it was looked at before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Previous {
    /// The id that the TXT record announced.
    pub id: Option<String>,
    /// The policy's text.
    pub policy: Option<Vec<u8>>,
    /// When it was fetched last.
    pub seen_at: Option<UnixMillis>,
    /// Since when the domain's policy has been in the mode that this text has.
    pub mode_since: Option<UnixMillis>,
}

impl RecordSet {
    /// Records as somebody pasted them, one text for each.
    pub fn pasted<R: AsRef<[u8]>>(records: impl IntoIterator<Item = R>) -> Self {
        let record = |text: R| TxtRecord { strings: [text.as_ref().to_vec()].into() };
        Self { records: records.into_iter().map(record).collect(), pasted: true, ..Self::default() }
    }
}

impl TxtRecord {
    /// The record's text: its character-strings joined, with nothing between them.
    #[must_use]
    pub fn joined(&self) -> Vec<u8> {
        self.strings.concat()
    }
}

impl MxHost {
    /// A host of which nothing else is known.
    #[must_use]
    pub fn new(host: impl Into<String>) -> Self {
        Self { host: host.into(), ..Self::default() }
    }

    /// Whether this is the null MX: the domain accepts no mail (RFC 7505).
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.host.as_str(), "" | ".")
    }
}

impl TlsVersion {
    /// The name as people write it: `TLS 1.2`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ssl3 => "SSL 3.0",
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}
