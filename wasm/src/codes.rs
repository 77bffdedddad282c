//! The codes of errors: words that do not change. Those of failed discoveries are core's; here are
//! those of everything else that can be refused. `bindings/js/src/codes.ts` lists them all.

use mtasts_core::{
    DeviationKind, DnsFailure, DomainError, FailureKind, FetchFailure, InputError, TlsFailure,
    TlsRptError, TxtError,
};

/// An argument has a value that means nothing.
pub(crate) const ARGUMENT: &str = "argument-invalid";
/// A text is no policy id.
pub(crate) const ID: &str = "id-invalid";
/// DNS cannot carry a name.
pub(crate) const DNS_NAME: &str = "dns-name-invalid";
/// A DNS message answers another query.
pub(crate) const DNS_FOREIGN: &str = "dns-answer-foreign";
/// A DNS message cannot be read.
pub(crate) const DNS_MALFORMED: &str = "dns-answer-malformed";

const DNS_FAILURES: [DnsFailure; 4] =
    [DnsFailure::Timeout, DnsFailure::ServFail, DnsFailure::Refused, DnsFailure::Other];

const TLS_FAILURES: [TlsFailure; 6] = [
    TlsFailure::NameMismatch,
    TlsFailure::Expired,
    TlsFailure::NotYetValid,
    TlsFailure::Untrusted,
    TlsFailure::BadCertificate,
    TlsFailure::Handshake,
];

/// All but those of TLS. `status` goes with the two that have one.
const fn fetch_failures(status: u16) -> [FetchFailure; 13] {
    [
        FetchFailure::NoAddress,
        FetchFailure::Dns(DnsFailure::Other),
        FetchFailure::AddressRefused,
        FetchFailure::Connect,
        FetchFailure::Timeout,
        FetchFailure::Http,
        FetchFailure::Status(status),
        FetchFailure::Redirect(status),
        FetchFailure::MediaType,
        FetchFailure::ContentCoding,
        FetchFailure::TooLarge,
        FetchFailure::Truncated,
        FetchFailure::Busy,
    ]
}

/// The failure of a DNS query that has this code.
pub(crate) fn dns_failure(code: &str) -> Option<DnsFailure> {
    DNS_FAILURES.into_iter().find(|failure| FailureKind::Dns(*failure).code() == code)
}

/// The failure of a fetch that has this code.
pub(crate) fn fetch_failure(code: &str, status: u16) -> Option<FetchFailure> {
    let tls = TLS_FAILURES.into_iter().map(FetchFailure::Tls);
    let mut all = fetch_failures(status).into_iter().chain(tls);
    all.find(|failure| FailureKind::Fetch(*failure).code() == code)
}

pub(crate) const fn domain(error: DomainError) -> &'static str {
    match error {
        DomainError::Parent => "domain-parent",
        DomainError::AddressLiteral => "domain-address",
        DomainError::Brackets => "domain-brackets",
        DomainError::Port => "domain-port",
        DomainError::Name(_) => "domain-name",
    }
}

pub(crate) const fn input(error: InputError) -> &'static str {
    match error {
        InputError::UnknownRequest(_) => "unknown-request",
        InputError::WrongAnswer(_) => "wrong-answer",
        InputError::UnknownLookup(_) => "unknown-lookup",
        InputError::DuplicateLookup(_) => "duplicate-lookup",
        InputError::Busy => "busy",
    }
}

pub(crate) const fn tlsrpt(error: TlsRptError) -> &'static str {
    match error {
        TlsRptError::Txt(TxtError::NoRecord) => "tlsrpt-missing",
        TlsRptError::Txt(TxtError::OtherRecord) => "tlsrpt-other",
        TlsRptError::Txt(TxtError::SeveralRecords) => "tlsrpt-several",
        TlsRptError::Txt(TxtError::NoField | TxtError::MalformedField { .. }) => {
            "tlsrpt-malformed"
        }
        TlsRptError::NoRua => "tlsrpt-rua-missing",
        TlsRptError::InvalidUri { .. } => "tlsrpt-uri-invalid",
        TlsRptError::NoUsableUri => "tlsrpt-uri-unusable",
    }
}

pub(crate) const fn deviation(kind: DeviationKind) -> &'static str {
    match kind {
        DeviationKind::ByteOrderMark => "byte-order-mark",
        DeviationKind::BlankLine => "blank-line",
        DeviationKind::CarriageReturn => "carriage-return",
        DeviationKind::LeadingSpace => "leading-space",
        DeviationKind::SpaceBeforeColon => "space-before-colon",
        DeviationKind::NoColon => "no-colon",
        DeviationKind::FieldName => "field-name",
        DeviationKind::FieldValue => "field-value",
        DeviationKind::TrailingDot => "trailing-dot",
        DeviationKind::Underscore => "underscore",
        DeviationKind::InvalidMx(_) => "mx-invalid",
    }
}
