//! The codes of errors: words that do not change. Those of failed discoveries are core's; here are
//! those of everything else that can be refused. `bindings/js/src/codes.ts` lists them all.

use mtasts_core::{DeviationKind, DomainError, InputError, TlsRptError, TxtError};

/// An argument has a value that means nothing.
pub(crate) const ARGUMENT: &str = "argument-invalid";
/// A text is no policy id.
pub(crate) const ID: &str = "id-invalid";
/// Something in a request for a policy and records is of no use.
pub(crate) const REQUEST: &str = "request-invalid";
/// Something in a publication that is to be checked is unknown or of another type.
pub(crate) const PUBLICATION: &str = "publication-invalid";
/// DNS cannot carry a name.
pub(crate) const DNS_NAME: &str = "dns-name-invalid";
/// A DNS message answers another query.
pub(crate) const DNS_FOREIGN: &str = "dns-answer-foreign";
/// A DNS message cannot be read.
pub(crate) const DNS_MALFORMED: &str = "dns-answer-malformed";

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
        TlsRptError::Txt(TxtError::NoField | TxtError::MalformedField { .. }) => "tlsrpt-malformed",
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
