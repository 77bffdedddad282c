//! How reports name a failure.

use core::fmt;

/// A TLSRPT result type (RFC 8460 §4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResultType {
    /// `starttls-not-supported`
    StarttlsNotSupported,
    /// `certificate-host-mismatch`
    CertificateHostMismatch,
    /// `certificate-expired`
    CertificateExpired,
    /// `certificate-not-trusted`
    CertificateNotTrusted,
    /// `validation-failure`
    ValidationFailure,
    /// `tlsa-invalid`
    TlsaInvalid,
    /// `dnssec-invalid`
    DnssecInvalid,
    /// `dane-required`
    DaneRequired,
    /// `sts-policy-fetch-error`
    StsPolicyFetchError,
    /// `sts-policy-invalid`
    StsPolicyInvalid,
    /// `sts-webpki-invalid`
    StsWebpkiInvalid,
}

impl ResultType {
    /// All result types, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::StarttlsNotSupported,
        Self::CertificateHostMismatch,
        Self::CertificateNotTrusted,
        Self::CertificateExpired,
        Self::ValidationFailure,
        Self::StsPolicyFetchError,
        Self::StsPolicyInvalid,
        Self::StsWebpkiInvalid,
        Self::TlsaInvalid,
        Self::DnssecInvalid,
        Self::DaneRequired,
    ];

    const fn name_and_number(self) -> (&'static str, u16) {
        match self {
            Self::StarttlsNotSupported => ("starttls-not-supported", 201),
            Self::CertificateHostMismatch => ("certificate-host-mismatch", 202),
            Self::CertificateNotTrusted => ("certificate-not-trusted", 203),
            Self::CertificateExpired => ("certificate-expired", 204),
            Self::ValidationFailure => ("validation-failure", 205),
            Self::StsPolicyFetchError => ("sts-policy-fetch-error", 301),
            Self::StsPolicyInvalid => ("sts-policy-invalid", 302),
            Self::StsWebpkiInvalid => ("sts-webpki-invalid", 303),
            Self::TlsaInvalid => ("tlsa-invalid", 304),
            Self::DnssecInvalid => ("dnssec-invalid", 305),
            Self::DaneRequired => ("dane-required", 306),
        }
    }

    /// The name as RFC 8460 §4.3 writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.name_and_number().0
    }

    /// The number that stands for it in a [`Datagram`](super::Datagram), as libtlsrpt assigns them.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.name_and_number().1
    }

    /// The result type of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result_type| result_type.as_str() == name)
    }

    /// The result type of this number.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|result_type| result_type.number() == number)
    }
}

impl fmt::Display for ResultType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_lead_back() {
        let numbers = ResultType::ALL.map(ResultType::number);
        assert_eq!(numbers, [201, 202, 203, 204, 205, 301, 302, 303, 304, 305, 306]);
        for result_type in ResultType::ALL {
            assert_eq!(ResultType::from_name(result_type.as_str()), Some(result_type));
            assert_eq!(ResultType::from_number(result_type.number()), Some(result_type));
        }
        assert_eq!(ResultType::from_name("Dane-Required"), None);
        assert_eq!(ResultType::from_number(200), None);
    }
}
