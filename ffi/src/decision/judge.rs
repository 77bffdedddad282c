//! One delivery attempt, and what to report.

use core::ffi::{CStr, c_char};

use mtasts_core::{
    CertOutcome, DaneOutcome, Decision as CoreDecision, ResultType, TlsOutcome, Verdict,
};

use super::Decision;
use crate::{
    error::{Error, name},
    guard, input,
    out::Out,
};

/// The certificate is valid for the MX host name and chains to a trusted root.
pub const MTASTS_CERT_VALID: i32 = 1;
/// It has expired.
pub const MTASTS_CERT_EXPIRED: i32 = 2;
/// No DNS-ID matches the MX host name.
pub const MTASTS_CERT_NAME_MISMATCH: i32 = 3;
/// It does not chain to a trusted root.
pub const MTASTS_CERT_UNTRUSTED: i32 = 4;
/// It is unusable for another reason, or the handshake failed.
pub const MTASTS_CERT_INVALID: i32 = 5;

/// There are no TLSA records, or nobody looked.
pub const MTASTS_DANE_NONE: i32 = 0;
/// The TLSA records are not signed: DANE does not apply.
pub const MTASTS_DANE_INSECURE: i32 = 1;
/// A usable TLSA record matches.
pub const MTASTS_DANE_PASS: i32 = 2;
/// Usable TLSA records are there and none matches.
pub const MTASTS_DANE_FAIL: i32 = 3;
/// The TLSA lookup failed.
pub const MTASTS_DANE_LOOKUP_ERROR: i32 = 4;
/// TLSA records are there but none is usable.
pub const MTASTS_DANE_UNUSABLE: i32 = 5;

/// Go on with the delivery.
pub const MTASTS_VERDICT_DELIVER: i32 = 1;
/// Treat the host as unreachable and go on to the next candidate (RFC 8461 section 8.4).
pub const MTASTS_VERDICT_SKIP_MX: i32 = 2;

/// Nothing to report. The others are the TLSRPT result types of RFC 8460 section 4.3, with the numbers
/// that libtlsrpt gives them.
pub const MTASTS_RESULT_NOTHING: i32 = 0;
/// starttls-not-supported
pub const MTASTS_RESULT_STARTTLS_NOT_SUPPORTED: i32 = 201;
/// certificate-host-mismatch
pub const MTASTS_RESULT_CERTIFICATE_HOST_MISMATCH: i32 = 202;
/// certificate-not-trusted
pub const MTASTS_RESULT_CERTIFICATE_NOT_TRUSTED: i32 = 203;
/// certificate-expired
pub const MTASTS_RESULT_CERTIFICATE_EXPIRED: i32 = 204;
/// validation-failure
pub const MTASTS_RESULT_VALIDATION_FAILURE: i32 = 205;
/// sts-policy-fetch-error
pub const MTASTS_RESULT_STS_POLICY_FETCH_ERROR: i32 = 301;
/// sts-policy-invalid
pub const MTASTS_RESULT_STS_POLICY_INVALID: i32 = 302;
/// sts-webpki-invalid
pub const MTASTS_RESULT_STS_WEBPKI_INVALID: i32 = 303;
/// tlsa-invalid
pub const MTASTS_RESULT_TLSA_INVALID: i32 = 304;
/// dnssec-invalid
pub const MTASTS_RESULT_DNSSEC_INVALID: i32 = 305;
/// dane-required
pub const MTASTS_RESULT_DANE_REQUIRED: i32 = 306;

const RESULTS: [(i32, ResultType, &CStr); 11] = [
    (
        MTASTS_RESULT_STARTTLS_NOT_SUPPORTED,
        ResultType::StarttlsNotSupported,
        c"starttls-not-supported",
    ),
    (
        MTASTS_RESULT_CERTIFICATE_HOST_MISMATCH,
        ResultType::CertificateHostMismatch,
        c"certificate-host-mismatch",
    ),
    (
        MTASTS_RESULT_CERTIFICATE_NOT_TRUSTED,
        ResultType::CertificateNotTrusted,
        c"certificate-not-trusted",
    ),
    (MTASTS_RESULT_CERTIFICATE_EXPIRED, ResultType::CertificateExpired, c"certificate-expired"),
    (MTASTS_RESULT_VALIDATION_FAILURE, ResultType::ValidationFailure, c"validation-failure"),
    (
        MTASTS_RESULT_STS_POLICY_FETCH_ERROR,
        ResultType::StsPolicyFetchError,
        c"sts-policy-fetch-error",
    ),
    (MTASTS_RESULT_STS_POLICY_INVALID, ResultType::StsPolicyInvalid, c"sts-policy-invalid"),
    (MTASTS_RESULT_STS_WEBPKI_INVALID, ResultType::StsWebpkiInvalid, c"sts-webpki-invalid"),
    (MTASTS_RESULT_TLSA_INVALID, ResultType::TlsaInvalid, c"tlsa-invalid"),
    (MTASTS_RESULT_DNSSEC_INVALID, ResultType::DnssecInvalid, c"dnssec-invalid"),
    (MTASTS_RESULT_DANE_REQUIRED, ResultType::DaneRequired, c"dane-required"),
];

/// Judges the attempt to deliver to an MX host, by what the sender saw of it: whether it offered
/// STARTTLS (0 or 1), what became of its certificate (MTASTS_CERT_...; any of them without STARTTLS)
/// and what DANE says of it (MTASTS_DANE_...). Writes what to do (MTASTS_VERDICT_...) and what to report
/// through TLSRPT (MTASTS_RESULT_...). A verdict that you do not know means: skip this host.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_judge(
    decision: *const Decision,
    host: *const c_char,
    host_len: usize,
    starttls: i32,
    cert: i32,
    dane: i32,
    verdict: *mut i32,
    result: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let (verdict, result) = (Out::new(verdict)?, Out::new(result)?);
            // What is not UTF-8 is no host name, and neither is nothing.
            let host = input::octets(host.cast(), host_len)?;
            let host = core::str::from_utf8(host).unwrap_or_default();
            let seen = outcome(starttls, cert, dane)?;
            let attempt = decision.decision.judge(host, seen);
            verdict.set(match attempt.verdict {
                Verdict::Deliver => MTASTS_VERDICT_DELIVER,
                Verdict::SkipMx => MTASTS_VERDICT_SKIP_MX,
            });
            result.set(number(attempt.report));
            Ok(())
        })
    }
}

fn outcome(starttls: i32, cert: i32, dane: i32) -> Result<TlsOutcome, Error> {
    Ok(TlsOutcome {
        starttls: match starttls {
            0 => false,
            1 => true,
            _ => return Err(Error::VALUE),
        },
        cert: match cert {
            MTASTS_CERT_VALID => CertOutcome::Valid,
            MTASTS_CERT_EXPIRED => CertOutcome::Expired,
            MTASTS_CERT_NAME_MISMATCH => CertOutcome::NameMismatch,
            MTASTS_CERT_UNTRUSTED => CertOutcome::Untrusted,
            MTASTS_CERT_INVALID => CertOutcome::Invalid,
            _ => return Err(Error::VALUE),
        },
        dane: match dane {
            MTASTS_DANE_NONE => DaneOutcome::None,
            MTASTS_DANE_INSECURE => DaneOutcome::Insecure,
            MTASTS_DANE_PASS => DaneOutcome::Pass,
            MTASTS_DANE_FAIL => DaneOutcome::Fail,
            MTASTS_DANE_LOOKUP_ERROR => DaneOutcome::LookupError,
            MTASTS_DANE_UNUSABLE => DaneOutcome::Unusable,
            _ => return Err(Error::VALUE),
        },
    })
}

fn number(result: Option<ResultType>) -> i32 {
    let row = RESULTS.iter().find(|(_, known, _)| Some(*known) == result);
    row.map_or(MTASTS_RESULT_NOTHING, |(number, _, _)| *number)
}

/// What the state of the domain's discovery calls for in a report (RFC 8461 section 6): writes a
/// MTASTS_RESULT_..., MTASTS_RESULT_NOTHING for nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_discovery_result(
    decision: *const Decision,
    out: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            Out::new(out)?.set(decision.discovery_result());
            Ok(())
        })
    }
}

impl Decision {
    fn discovery_result(&self) -> i32 {
        let Some(told) = &self.told else { return number(self.decision.discovery_result()) };
        let Some(failure) = &told.failure else { return MTASTS_RESULT_NOTHING };
        // The same rule, for a failure of which there are only words.
        let reportable = match &self.decision {
            CoreDecision::Enforce(_) | CoreDecision::Testing(_) => true,
            CoreDecision::Opportunistic(unprotected) | CoreDecision::TempFail(unprotected) => {
                let fetched = ["fetch-", "policy-"];
                unprotected.none.is_none()
                    && fetched.iter().any(|kind| failure.code.starts_with(kind))
            }
        };
        let row = RESULTS.iter().find(|(_, known, _)| known.as_str() == failure.result_type);
        row.filter(|_| reportable).map_or(MTASTS_RESULT_NOTHING, |(number, _, _)| *number)
    }
}

/// A MTASTS_RESULT_... as RFC 8460 section 4.3 writes it; "unknown" for other numbers. Static; never
/// NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_result_name(result: i32) -> *const c_char {
    let row = RESULTS.iter().find(|(number, _, _)| *number == result);
    row.map_or_else(|| name(i32::MAX), |(_, _, name)| *name).as_ptr()
}
