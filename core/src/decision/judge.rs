//! One delivery attempt, judged (RFC 8461 §4, §5 and §6; RFC 7672 §2.2).

use super::Decision;
use crate::{Mode, Policy, ResultType};

/// What the sender saw of a candidate MX host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TlsOutcome {
    /// Whether the host offered STARTTLS.
    pub starttls: bool,
    /// What became of its certificate, checked against the MX host name (RFC 8461 §4.2).
    pub cert: CertOutcome,
    /// What DANE says of the host.
    pub dane: DaneOutcome,
}

/// What became of an MX host's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertOutcome {
    /// It is valid for the MX host name and chains to a trusted root.
    Valid,
    /// It has expired.
    Expired,
    /// No DNS-ID matches the MX host name.
    NameMismatch,
    /// It does not chain to a trusted root.
    Untrusted,
    /// It is unusable for another reason, or the handshake failed.
    Invalid,
}

/// What DANE says of an MX host (RFC 7672 §2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DaneOutcome {
    /// There are no TLSA records, or nobody looked.
    #[default]
    None,
    /// The TLSA records are not signed: DANE does not apply.
    Insecure,
    /// A usable TLSA record matches.
    Pass,
    /// Usable TLSA records are there and none matches.
    Fail,
    /// The TLSA lookup failed: the host must not be used.
    LookupError,
    /// TLSA records are there but none is usable: TLS is required, authentication is not.
    Unusable,
}

/// What to do with this candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Go on with the delivery.
    Deliver,
    /// Treat the host as unreachable and go on to the next candidate (RFC 8461 §8.4).
    SkipMx,
}

/// A judged attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// What to do.
    pub verdict: Verdict,
    /// What to report through TLSRPT, if anything.
    pub report: Option<ResultType>,
}

impl Decision {
    /// Judges the attempt to deliver to `mx_host`, a candidate for this decision's domain.
    ///
    /// A failing DANE validation always skips the host, whatever the policy says (RFC 8461 §2); a
    /// successful one exempts no host from an enforced policy (§5).
    #[must_use]
    pub fn judge(&self, mx_host: &str, seen: TlsOutcome) -> Attempt {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-2
        //# senders who implement MTA-STS validation MUST NOT allow MTA-STS Policy validation to
        //# override a failing DANE validation.
        if let Some(report) = dane_failure(seen) {
            return Attempt { verdict: Verdict::SkipMx, report: Some(report) };
        }
        match self {
            Self::Enforce(applied) | Self::Testing(applied) => {
                //= https://www.rfc-editor.org/rfc/rfc8461#section-6
                //# o Delivery attempts in which a contacted MX does not support STARTTLS or does
                //# not present a certificate that validates according to the applied policy, except
                //# if that policy's mode is "none".
                let report = policy_failure(&applied.policy, mx_host, seen);
                let enforced = applied.policy.mode() == Mode::Enforce;
                //= https://www.rfc-editor.org/rfc/rfc8461#section-5
                //# In this mode, Sending MTAs MUST NOT deliver the message to hosts that fail MX
                //# matching or certificate validation or that do not support STARTTLS.
                //= https://www.rfc-editor.org/rfc/rfc8461#section-5
                //# in any case, messages may be delivered as though there were no MTA-STS
                //# validation failure.
                //= https://www.rfc-editor.org/rfc/rfc8461#section-8.4
                //# treat invalid candidates as though they were unreachable
                let verdict =
                    if enforced && report.is_some() { Verdict::SkipMx } else { Verdict::Deliver };
                Attempt { verdict, report }
            }
            Self::Opportunistic(_) => Attempt { verdict: Verdict::Deliver, report: None },
            Self::TempFail(_) => Attempt { verdict: Verdict::SkipMx, report: None },
        }
    }
}

const fn dane_failure(seen: TlsOutcome) -> Option<ResultType> {
    match seen.dane {
        DaneOutcome::None | DaneOutcome::Insecure => None,
        DaneOutcome::Pass | DaneOutcome::Unusable => {
            if seen.starttls {
                None
            } else {
                Some(ResultType::StarttlsNotSupported)
            }
        }
        DaneOutcome::Fail => Some(if seen.starttls {
            ResultType::ValidationFailure
        } else {
            ResultType::StarttlsNotSupported
        }),
        DaneOutcome::LookupError => Some(ResultType::DnssecInvalid),
    }
}

fn policy_failure(policy: &Policy, mx_host: &str, seen: TlsOutcome) -> Option<ResultType> {
    //= https://www.rfc-editor.org/rfc/rfc8461#section-4
    //# a Sending MTA honoring MTA-STS MUST check whether: 1. At least one of the policy's "mx"
    //# patterns matches the selected MX host
    if !policy.matches(mx_host) {
        // RFC 8460 has no result type of its own for a host outside the policy.
        return Some(ResultType::ValidationFailure);
    }
    //= https://www.rfc-editor.org/rfc/rfc8461#section-4
    //# 2. The recipient mail server supports STARTTLS and offers a PKIX-based TLS certificate,
    //# during TLS handshake, which is valid for that host
    if !seen.starttls {
        return Some(ResultType::StarttlsNotSupported);
    }
    //= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
    //# The certificate presented by the receiving MTA MUST not be expired and MUST chain to a root
    //# CA that is trusted by the Sending MTA.
    //= https://www.rfc-editor.org/rfc/rfc8461#section-4.2
    //# The certificate MUST have a subject alternative name (SAN) [RFC5280] with a DNS-ID [RFC6125]
    //# matching the hostname, per the rules given in [RFC6125].
    match seen.cert {
        CertOutcome::Valid => None,
        CertOutcome::Expired => Some(ResultType::CertificateExpired),
        CertOutcome::NameMismatch => Some(ResultType::CertificateHostMismatch),
        CertOutcome::Untrusted => Some(ResultType::CertificateNotTrusted),
        CertOutcome::Invalid => Some(ResultType::ValidationFailure),
    }
}
