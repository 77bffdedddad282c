//! Which code belongs to which error of the crates below.

use mtasts_client::ClientError;
use mtasts_core::{
    DnsFailure, DomainError, FailureKind, FetchFailure, InputError, NameError, PolicyError,
    PolicyErrorKind, RecordError, TlsFailure, TlsRptError, TxtError, dns,
};

use super::Error;
use super::codes::*;

impl From<DomainError> for Error {
    fn from(error: DomainError) -> Self {
        Self(match error {
            DomainError::Parent => MTASTS_ERR_DOMAIN_PARENT,
            DomainError::AddressLiteral => MTASTS_ERR_DOMAIN_ADDRESS,
            DomainError::Brackets => MTASTS_ERR_DOMAIN_BRACKETS,
            DomainError::Port => MTASTS_ERR_DOMAIN_PORT,
            DomainError::Name(error) => match error {
                NameError::Empty => MTASTS_ERR_NAME_EMPTY,
                NameError::EmptyLabel => MTASTS_ERR_NAME_EMPTY_LABEL,
                NameError::LabelTooLong => MTASTS_ERR_NAME_LABEL_TOO_LONG,
                NameError::TooLong => MTASTS_ERR_NAME_TOO_LONG,
                NameError::Hyphen => MTASTS_ERR_NAME_HYPHEN,
                NameError::Character => MTASTS_ERR_NAME_CHARACTER,
                NameError::Idna => MTASTS_ERR_NAME_IDNA,
                NameError::Address => MTASTS_ERR_DOMAIN_ADDRESS,
            },
        })
    }
}

impl From<TxtError> for Error {
    fn from(error: TxtError) -> Self {
        Self(match error {
            TxtError::NoRecord => MTASTS_ERR_RECORD_MISSING,
            TxtError::OtherRecord => MTASTS_ERR_RECORD_OTHER,
            TxtError::SeveralRecords => MTASTS_ERR_RECORD_SEVERAL,
            TxtError::NoField | TxtError::MalformedField { .. } => MTASTS_ERR_RECORD_MALFORMED,
        })
    }
}

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Txt(error) => error.into(),
            RecordError::NoId => Self(MTASTS_ERR_RECORD_ID_MISSING),
            RecordError::InvalidId { .. } => Self::ID,
        }
    }
}

impl Error {
    pub(crate) const ID: Self = Self(MTASTS_ERR_RECORD_ID_INVALID);
}

impl From<TlsRptError> for Error {
    fn from(error: TlsRptError) -> Self {
        Self(match error {
            TlsRptError::Txt(error) => return error.into(),
            TlsRptError::NoRua => MTASTS_ERR_TLSRPT_RUA_MISSING,
            TlsRptError::InvalidUri { .. } => MTASTS_ERR_TLSRPT_URI_INVALID,
            TlsRptError::NoUsableUri => MTASTS_ERR_TLSRPT_URI_UNUSABLE,
        })
    }
}

impl From<PolicyError> for Error {
    fn from(error: PolicyError) -> Self {
        Self(match error.kind {
            PolicyErrorKind::Empty => MTASTS_ERR_POLICY_EMPTY,
            PolicyErrorKind::MissingVersion => MTASTS_ERR_POLICY_VERSION_MISSING,
            PolicyErrorKind::InvalidVersion => MTASTS_ERR_POLICY_VERSION_INVALID,
            PolicyErrorKind::MissingMode => MTASTS_ERR_POLICY_MODE_MISSING,
            PolicyErrorKind::InvalidMode => MTASTS_ERR_POLICY_MODE_INVALID,
            PolicyErrorKind::MissingMaxAge => MTASTS_ERR_POLICY_MAX_AGE_MISSING,
            PolicyErrorKind::InvalidMaxAge => MTASTS_ERR_POLICY_MAX_AGE_INVALID,
            PolicyErrorKind::MaxAgeTooLarge => MTASTS_ERR_POLICY_MAX_AGE_TOO_LARGE,
            PolicyErrorKind::MissingMx => MTASTS_ERR_POLICY_MX_MISSING,
            PolicyErrorKind::InvalidMx(_) => MTASTS_ERR_POLICY_MX_INVALID,
        })
    }
}

impl From<DnsFailure> for Error {
    fn from(failure: DnsFailure) -> Self {
        Self(match failure {
            DnsFailure::Timeout => MTASTS_ERR_DNS_TIMEOUT,
            DnsFailure::ServFail => MTASTS_ERR_DNS_SERVFAIL,
            DnsFailure::Refused => MTASTS_ERR_DNS_REFUSED,
            DnsFailure::Other => MTASTS_ERR_DNS_FAILED,
        })
    }
}

impl From<FetchFailure> for Error {
    fn from(failure: FetchFailure) -> Self {
        Self(match failure {
            FetchFailure::NoAddress => MTASTS_ERR_FETCH_NO_ADDRESS,
            FetchFailure::Dns(_) => MTASTS_ERR_FETCH_DNS,
            FetchFailure::AddressRefused => MTASTS_ERR_FETCH_ADDRESS_REFUSED,
            FetchFailure::Connect => MTASTS_ERR_FETCH_CONNECT,
            FetchFailure::Tls(failure) => match failure {
                TlsFailure::NameMismatch => MTASTS_ERR_FETCH_TLS_NAME,
                TlsFailure::Expired => MTASTS_ERR_FETCH_TLS_EXPIRED,
                TlsFailure::NotYetValid => MTASTS_ERR_FETCH_TLS_NOT_YET_VALID,
                TlsFailure::Untrusted => MTASTS_ERR_FETCH_TLS_UNTRUSTED,
                TlsFailure::BadCertificate => MTASTS_ERR_FETCH_TLS_CERTIFICATE,
                TlsFailure::Handshake => MTASTS_ERR_FETCH_TLS_HANDSHAKE,
            },
            FetchFailure::Timeout => MTASTS_ERR_FETCH_TIMEOUT,
            FetchFailure::Http => MTASTS_ERR_FETCH_HTTP,
            FetchFailure::Status(_) => MTASTS_ERR_FETCH_STATUS,
            FetchFailure::Redirect(_) => MTASTS_ERR_FETCH_REDIRECT,
            FetchFailure::MediaType => MTASTS_ERR_FETCH_MEDIA_TYPE,
            FetchFailure::ContentCoding => MTASTS_ERR_FETCH_CONTENT_CODING,
            FetchFailure::TooLarge => MTASTS_ERR_FETCH_TOO_LARGE,
            FetchFailure::Truncated => MTASTS_ERR_FETCH_TRUNCATED,
            FetchFailure::Busy => MTASTS_ERR_FETCH_BUSY,
        })
    }
}

impl From<FailureKind> for Error {
    fn from(kind: FailureKind) -> Self {
        match kind {
            FailureKind::Dns(failure) => failure.into(),
            FailureKind::Record(error) => error.into(),
            FailureKind::Fetch(failure) => failure.into(),
            FailureKind::Policy(error) => error.into(),
        }
    }
}

impl From<InputError> for Error {
    fn from(error: InputError) -> Self {
        Self(match error {
            InputError::UnknownRequest(_) => MTASTS_ERR_UNKNOWN_REQUEST,
            InputError::WrongAnswer(_) => MTASTS_ERR_WRONG_ANSWER,
            InputError::UnknownLookup(_) => MTASTS_ERR_UNKNOWN_LOOKUP,
            InputError::DuplicateLookup(_) => MTASTS_ERR_DUPLICATE_LOOKUP,
            InputError::Busy => MTASTS_ERR_BUSY,
        })
    }
}

impl From<dns::InvalidName> for Error {
    fn from(dns::InvalidName: dns::InvalidName) -> Self {
        Self(MTASTS_ERR_DNS_NAME)
    }
}

impl From<dns::DecodeError> for Error {
    fn from(error: dns::DecodeError) -> Self {
        Self(match error {
            dns::DecodeError::NotOurs => MTASTS_ERR_DNS_NOT_OURS,
            dns::DecodeError::Malformed => MTASTS_ERR_DNS_MALFORMED,
        })
    }
}

impl From<mtasts_client::AddressError> for Error {
    fn from(_: mtasts_client::AddressError) -> Self {
        Self(MTASTS_ERR_CLIENT_ADDRESS)
    }
}

impl From<&ClientError> for Error {
    fn from(error: &ClientError) -> Self {
        Self(match error {
            ClientError::Connect { error, .. } | ClientError::Exchange { error, .. }
                if error.kind() == std::io::ErrorKind::TimedOut =>
            {
                MTASTS_ERR_CLIENT_TIMEOUT
            }
            ClientError::Connect { .. } => MTASTS_ERR_CLIENT_CONNECT,
            ClientError::Exchange { .. } => MTASTS_ERR_CLIENT_EXCHANGE,
            ClientError::Closed => MTASTS_ERR_CLIENT_CLOSED,
            ClientError::Malformed(_)
            | ClientError::TooLong(_)
            | ClientError::NotText
            | ClientError::Reply(_) => MTASTS_ERR_CLIENT_PROTOCOL,
            ClientError::Temporary(_) => MTASTS_ERR_CLIENT_TEMPORARY,
            ClientError::Refused(_) => MTASTS_ERR_CLIENT_REFUSED,
            ClientError::Answer(_) => MTASTS_ERR_CLIENT_ANSWER,
        })
    }
}
