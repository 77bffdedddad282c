//! The codes of errors: words that do not change. Most are core's; here are those of what only this
//! side can refuse. `bindings/js/src/codes.ts` lists them all.

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

#[cfg(test)]
mod tests {
    use mtasts_core::{
        DeviationKind, DnsFailure, DomainError, FailureKind, FetchFailure, InputError, LookupId,
        MxPatternError, NameError, PolicyError, PolicyErrorKind, RecordError, RequestId,
        TlsRptError, TxtError,
    };

    use super::*;

    const TYPESCRIPT: &str = include_str!("../../bindings/js/src/codes.ts");

    /// The words of a list in codes.ts.
    fn listed(name: &str) -> Vec<&'static str> {
        let (_, list) = TYPESCRIPT.split_once(&format!("export const {name} = [")).unwrap();
        let (list, _) = list.split_once("] as const;").unwrap();
        list.split('"').skip(1).step_by(2).collect()
    }

    fn same(name: &str, codes: impl IntoIterator<Item = &'static str>) {
        let mut codes: Vec<_> = codes.into_iter().collect();
        codes.dedup();
        assert_eq!(listed(name), codes, "{name}");
    }

    #[test]
    fn failures_have_the_codes_that_typescript_knows() {
        same("dnsFailureCodes", DnsFailure::ALL.map(DnsFailure::code));
        same("fetchFailureCodes", FetchFailure::WITHOUT_RESPONSE.map(FetchFailure::code));
        let response =
            [FetchFailure::Status(404), FetchFailure::Redirect(302), FetchFailure::MediaType];
        same("responseCodes", response.map(FetchFailure::code));
        let records = [
            TxtError::NoRecord.into(),
            TxtError::OtherRecord.into(),
            TxtError::SeveralRecords.into(),
            TxtError::NoField.into(),
            TxtError::MalformedField { at: 0 }.into(),
            RecordError::NoId,
            RecordError::InvalidId { at: 0 },
        ];
        same("recordCodes", records.map(|error| FailureKind::Record(error).code()));
        let policies = [
            PolicyErrorKind::Empty,
            PolicyErrorKind::MissingVersion,
            PolicyErrorKind::InvalidVersion,
            PolicyErrorKind::MissingMode,
            PolicyErrorKind::InvalidMode,
            PolicyErrorKind::MissingMaxAge,
            PolicyErrorKind::InvalidMaxAge,
            PolicyErrorKind::MaxAgeTooLarge,
            PolicyErrorKind::MissingMx,
            PolicyErrorKind::InvalidMx(MxPatternError::Empty),
        ];
        let code = |kind| FailureKind::Policy(PolicyError { kind, span: None }).code();
        same("policyCodes", policies.map(code));
    }

    #[test]
    fn refusals_have_the_codes_that_typescript_knows() {
        let records = [
            TxtError::NoRecord.into(),
            TxtError::OtherRecord.into(),
            TxtError::SeveralRecords.into(),
            TxtError::NoField.into(),
            TxtError::MalformedField { at: 0 }.into(),
            TlsRptError::NoRua,
            TlsRptError::InvalidUri { at: 0 },
            TlsRptError::NoUsableUri,
        ];
        same("tlsRptCodes", records.map(TlsRptError::code));
        let domains = [
            DomainError::Parent,
            DomainError::AddressLiteral,
            DomainError::Brackets,
            DomainError::Port,
            DomainError::Name(NameError::Empty),
        ];
        same("domainCodes", domains.map(DomainError::code));
        let inputs = [
            InputError::UnknownRequest(RequestId(0)),
            InputError::WrongAnswer(RequestId(0)),
            InputError::UnknownLookup(LookupId(0)),
            InputError::DuplicateLookup(LookupId(0)),
            InputError::Busy,
        ];
        same("inputCodes", inputs.map(InputError::code));
        let deviations = [
            DeviationKind::ByteOrderMark,
            DeviationKind::BlankLine,
            DeviationKind::CarriageReturn,
            DeviationKind::LeadingSpace,
            DeviationKind::SpaceBeforeColon,
            DeviationKind::NoColon,
            DeviationKind::FieldName,
            DeviationKind::FieldValue,
            DeviationKind::TrailingDot,
            DeviationKind::Underscore,
            DeviationKind::InvalidMx(MxPatternError::Empty),
        ];
        same("deviationCodes", deviations.map(DeviationKind::code));
        same(
            "otherCodes",
            [ARGUMENT, ID, REQUEST, PUBLICATION, DNS_NAME, DNS_FOREIGN, DNS_MALFORMED],
        );
    }
}
