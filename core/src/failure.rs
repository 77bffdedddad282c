//! What can go wrong while a policy is discovered, and how TLSRPT names it.

use alloc::sync::Arc;
use core::fmt;

use crate::{
    PolicyError, PolicyErrorKind, PolicyId, RecordError, ResultType, TxtError, UnixMillis,
};

/// A failed discovery: what failed, when, and for which announced policy id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What failed.
    pub kind: FailureKind,
    /// When the engine learned of it.
    pub at: UnixMillis,
    /// The id that the TXT record announced, where one was read.
    pub id: Option<PolicyId>,
    /// The caller's words on it (a TLS alert, an address), empty if there are none.
    pub detail: Arc<str>,
}

/// Why no live policy could be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The TXT query got no answer that can be relied on.
    Dns(DnsFailure),
    /// The TXT records are not one valid MTA-STS record (RFC 8461 §3.1).
    Record(RecordError),
    /// The policy could not be fetched (RFC 8461 §3.3).
    Fetch(FetchFailure),
    /// What was fetched is not a valid policy (RFC 8461 §3.2).
    Policy(PolicyError),
}

/// Why the TXT query failed. Absence of a record is an answer, not a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DnsFailure {
    /// No resolver answered in time.
    Timeout,
    /// The resolver answered SERVFAIL.
    ServFail,
    /// The resolver answered REFUSED or another error.
    Refused,
    /// No query could be sent, or the answers could not be understood.
    Other,
}

/// Why the HTTPS fetch failed (RFC 8461 §3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FetchFailure {
    /// The policy host has no address.
    NoAddress,
    /// The policy host's address could not be looked up.
    Dns(DnsFailure),
    /// Every address of the policy host lies in a range that must not be contacted.
    AddressRefused,
    /// No TCP connection.
    Connect,
    /// No TLS session with the policy host.
    Tls(TlsFailure),
    /// The deadline passed.
    Timeout,
    /// The HTTP response could not be understood.
    Http,
    /// A status other than 200 and outside 3xx.
    Status(u16),
    /// A 3xx status; redirects are not followed.
    Redirect(u16),
    /// The media type is absent or not `text/plain`.
    MediaType,
    /// The body has a content coding that cannot be undone.
    ContentCoding,
    /// The body is larger than the limit.
    TooLarge,
    /// The response ended before its framing said so.
    Truncated,
    /// Too many fetches were waiting.
    Busy,
}

/// Why there is no TLS session with the policy host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsFailure {
    /// The certificate has no DNS-ID that matches the policy host.
    NameMismatch,
    /// The certificate's validity has ended.
    Expired,
    /// The certificate's validity has not begun.
    NotYetValid,
    /// The certificate does not chain to a trusted root.
    Untrusted,
    /// The certificate is unusable for another reason (revoked, malformed, wrong purpose).
    BadCertificate,
    /// The handshake failed before a certificate could be judged.
    Handshake,
}

impl FailureKind {
    /// The TLSRPT result type of a discovery that failed this way (RFC 8460 §4.3.2.2).
    #[must_use]
    pub const fn result_type(self) -> ResultType {
        match self {
            Self::Fetch(FetchFailure::Tls(failure)) => match failure {
                TlsFailure::Handshake => ResultType::StsPolicyFetchError,
                TlsFailure::NameMismatch
                | TlsFailure::Expired
                | TlsFailure::NotYetValid
                | TlsFailure::Untrusted
                | TlsFailure::BadCertificate => ResultType::StsWebpkiInvalid,
            },
            Self::Policy(_) => ResultType::StsPolicyInvalid,
            Self::Dns(_) | Self::Record(_) | Self::Fetch(_) => ResultType::StsPolicyFetchError,
        }
    }

    /// The failure as one word that does not change: for metrics, JSON and scripts.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Dns(failure) => failure.code(),
            Self::Record(error) => match error {
                RecordError::Txt(TxtError::NoRecord) => "record-missing",
                RecordError::Txt(TxtError::OtherRecord) => "record-other",
                RecordError::Txt(TxtError::SeveralRecords) => "record-several",
                RecordError::Txt(TxtError::NoField | TxtError::MalformedField { .. }) => {
                    "record-malformed"
                }
                RecordError::NoId => "record-id-missing",
                RecordError::InvalidId { .. } => "record-id-invalid",
            },
            Self::Fetch(failure) => failure.code(),
            Self::Policy(error) => match error.kind {
                PolicyErrorKind::Empty => "policy-empty",
                PolicyErrorKind::MissingVersion => "policy-version-missing",
                PolicyErrorKind::InvalidVersion => "policy-version-invalid",
                PolicyErrorKind::MissingMode => "policy-mode-missing",
                PolicyErrorKind::InvalidMode => "policy-mode-invalid",
                PolicyErrorKind::MissingMaxAge => "policy-max-age-missing",
                PolicyErrorKind::InvalidMaxAge => "policy-max-age-invalid",
                PolicyErrorKind::MaxAgeTooLarge => "policy-max-age-too-large",
                PolicyErrorKind::MissingMx => "policy-mx-missing",
                PolicyErrorKind::InvalidMx(_) => "policy-mx-invalid",
            },
        }
    }
}

impl DnsFailure {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Timeout, Self::ServFail, Self::Refused, Self::Other];

    /// The failure as one word that does not change, see [`FailureKind::code`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Timeout => "dns-timeout",
            Self::ServFail => "dns-servfail",
            Self::Refused => "dns-refused",
            Self::Other => "dns-failed",
        }
    }

    /// The failure that has this [`code`](Self::code).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.code() == code)
    }
}

impl FetchFailure {
    /// What can happen instead of a response. A status is part of a response, and which query
    /// failed is not in the code of [`Dns`](Self::Dns): it stands for [`DnsFailure::Other`].
    pub const WITHOUT_RESPONSE: [Self; 16] = [
        Self::NoAddress,
        Self::Dns(DnsFailure::Other),
        Self::AddressRefused,
        Self::Connect,
        Self::Tls(TlsFailure::NameMismatch),
        Self::Tls(TlsFailure::Expired),
        Self::Tls(TlsFailure::NotYetValid),
        Self::Tls(TlsFailure::Untrusted),
        Self::Tls(TlsFailure::BadCertificate),
        Self::Tls(TlsFailure::Handshake),
        Self::Timeout,
        Self::Http,
        Self::ContentCoding,
        Self::TooLarge,
        Self::Truncated,
        Self::Busy,
    ];

    /// The failure of [`WITHOUT_RESPONSE`](Self::WITHOUT_RESPONSE) that has this
    /// [`code`](Self::code).
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::WITHOUT_RESPONSE.into_iter().find(|failure| failure.code() == code)
    }

    /// The failure as one word that does not change, see [`FailureKind::code`].
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoAddress => "fetch-no-address",
            Self::Dns(_) => "fetch-dns",
            Self::AddressRefused => "fetch-address-refused",
            Self::Connect => "fetch-connect",
            Self::Tls(failure) => match failure {
                TlsFailure::NameMismatch => "fetch-tls-name",
                TlsFailure::Expired => "fetch-tls-expired",
                TlsFailure::NotYetValid => "fetch-tls-not-yet-valid",
                TlsFailure::Untrusted => "fetch-tls-untrusted",
                TlsFailure::BadCertificate => "fetch-tls-certificate",
                TlsFailure::Handshake => "fetch-tls-handshake",
            },
            Self::Timeout => "fetch-timeout",
            Self::Http => "fetch-http",
            Self::Status(_) => "fetch-status",
            Self::Redirect(_) => "fetch-redirect",
            Self::MediaType => "fetch-media-type",
            Self::ContentCoding => "fetch-content-coding",
            Self::TooLarge => "fetch-too-large",
            Self::Truncated => "fetch-truncated",
            Self::Busy => "fetch-busy",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(failure) => write!(f, "TXT query failed: {failure}"),
            Self::Record(error) => error.fmt(f),
            Self::Fetch(failure) => write!(f, "policy fetch failed: {failure}"),
            Self::Policy(error) => write!(f, "policy invalid: {error}"),
        }
    }
}

impl fmt::Display for DnsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Timeout => "no resolver answered in time",
            Self::ServFail => "the resolver answered SERVFAIL",
            Self::Refused => "the resolver refused the query",
            Self::Other => "no usable answer from a resolver",
        })
    }
}

impl fmt::Display for FetchFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("the policy host has no address"),
            Self::Dns(failure) => write!(f, "address lookup of the policy host: {failure}"),
            Self::AddressRefused => {
                f.write_str("the policy host's addresses lie in networks that may not be contacted")
            }
            Self::Connect => f.write_str("no connection to the policy host"),
            Self::Tls(failure) => write!(f, "TLS: {failure}"),
            Self::Timeout => f.write_str("timed out"),
            Self::Http => f.write_str("malformed HTTP response"),
            Self::Status(status) => write!(f, "HTTP status {status} instead of 200"),
            Self::Redirect(status) => {
                write!(f, "HTTP status {status}: redirects are not followed")
            }
            Self::MediaType => f.write_str("the media type is not text/plain"),
            Self::ContentCoding => f.write_str("unknown content coding"),
            Self::TooLarge => f.write_str("the body is larger than the limit"),
            Self::Truncated => f.write_str("the response ended early"),
            Self::Busy => f.write_str("too many fetches are waiting"),
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameMismatch => "the certificate is not valid for the policy host",
            Self::Expired => "the certificate has expired",
            Self::NotYetValid => "the certificate is not yet valid",
            Self::Untrusted => "the certificate does not chain to a trusted root",
            Self::BadCertificate => "the certificate is unusable",
            Self::Handshake => "the handshake failed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_by_its_code() {
        for failure in DnsFailure::ALL {
            assert_eq!(DnsFailure::from_code(failure.code()), Some(failure));
        }
        for failure in FetchFailure::WITHOUT_RESPONSE {
            assert_eq!(FetchFailure::from_code(failure.code()), Some(failure));
        }
        assert_eq!(DnsFailure::from_code("fetch-timeout"), None);
        assert_eq!(FetchFailure::from_code("fetch-status"), None);
    }
}
