//! The `_smtp._tls` TXT record: where a domain wants its TLS reports (RFC 8460 §3).

use alloc::vec::Vec;
use core::fmt;

use smol_str::SmolStr;

use super::uri;
use crate::txt::{Field, TxtError, fields, is_extension_value, select};

const VERSION: &str = "v=TLSRPTv1";

/// What a valid `_smtp._tls` TXT record says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TlsRptRecord {
    /// The `mailto:` and `https:` URIs, as published and in order.
    pub rua: Vec<SmolStr>,
}

/// Why a TXT RRset holds no usable TLSRPT record. Then no reports are wanted (RFC 8460 §3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsRptError {
    /// The records are not one, or it is malformed.
    Txt(TxtError),
    /// There is no `rua` field.
    NoRua,
    /// The `rua` field holds something that is no URI, or a `!` that is not encoded.
    InvalidUri {
        /// Offset of the field in the record.
        at: usize,
    },
    /// None of the URIs is `mailto:` or `https:` with somewhere to go.
    NoUsableUri,
}

impl TlsRptError {
    /// The error as one word that does not change.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Txt(TxtError::NoRecord) => "tlsrpt-missing",
            Self::Txt(TxtError::OtherRecord) => "tlsrpt-other",
            Self::Txt(TxtError::SeveralRecords) => "tlsrpt-several",
            Self::Txt(TxtError::NoField | TxtError::MalformedField { .. }) => "tlsrpt-malformed",
            Self::NoRua => "tlsrpt-rua-missing",
            Self::InvalidUri { .. } => "tlsrpt-rua-invalid",
            Self::NoUsableUri => "tlsrpt-rua-unusable",
        }
    }
}

impl TlsRptRecord {
    /// Selects the TLSRPT record from the answer to a TXT query and reads it. Each record is given
    /// with its character-strings joined, without a space between them.
    ///
    /// # Errors
    ///
    /// When there is not exactly one record that begins with `v=TLSRPTv1;`, or it is invalid, or it
    /// has no URI to which a report could be sent.
    pub fn select<R: AsRef<[u8]>>(records: &[R]) -> Result<Self, TlsRptError> {
        Self::read(select(records, VERSION)?)
    }

    fn read(record: &[u8]) -> Result<Self, TlsRptError> {
        let mut rua = Vec::new();
        let mut has_rua = false;
        let mut invalid = None;
        for field in fields(record, VERSION) {
            let Field { at, name, value } = field?;
            let is_rua = name == b"rua";
            match if is_rua { uri::list(value) } else { None } {
                Some(uris) => {
                    has_rua = true;
                    rua.extend(uris.filter(|uri| uri::is_usable(uri)).map(SmolStr::new));
                }
                // What is no list of URIs is a field all the same, if its value is that of an
                // extension.
                None if is_extension_value(value) => {
                    if is_rua {
                        invalid.get_or_insert(TlsRptError::InvalidUri { at });
                    }
                }
                None if is_rua => return Err(TlsRptError::InvalidUri { at }),
                None => return Err(TxtError::MalformedField { at }.into()),
            }
        }
        match (has_rua, rua.is_empty()) {
            (false, _) => Err(invalid.unwrap_or(TlsRptError::NoRua)),
            (true, true) => Err(TlsRptError::NoUsableUri),
            (true, false) => Ok(Self { rua }),
        }
    }

    /// The text of the record that [`select`](Self::select) selects.
    pub(super) fn selected_text<R: AsRef<[u8]>>(records: &[R]) -> Result<&str, TlsRptError> {
        Self::select(records)?;
        let record = select(records, VERSION)?;
        // What has been read as a record is ASCII.
        core::str::from_utf8(record).map_err(|_| TxtError::OtherRecord.into())
    }
}

impl From<TxtError> for TlsRptError {
    fn from(error: TxtError) -> Self {
        Self::Txt(error)
    }
}

impl fmt::Display for TlsRptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Txt(error) => error.describe(f, VERSION),
            Self::NoRua => f.write_str("the TXT record has no `rua` field"),
            Self::InvalidUri { at } => {
                write!(f, "the `rua` at octet {at} of the TXT record is not a list of URIs")
            }
            Self::NoUsableUri => {
                f.write_str("no URI in `rua` is a mailto: or https: address for reports")
            }
        }
    }
}

impl core::error::Error for TlsRptError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn rua(record: &str) -> Result<Vec<SmolStr>, TlsRptError> {
        TlsRptRecord::select(&[record]).map(|record| record.rua)
    }

    #[test]
    fn several_uris_and_fields_are_a_union() {
        assert_eq!(
            rua("v=TLSRPTv1; rua=mailto:a@example.com , https://r.example.com; rua=mailto:b@c"),
            Ok(["mailto:a@example.com", "https://r.example.com", "mailto:b@c"]
                .map(SmolStr::new)
                .into())
        );
    }

    #[test]
    fn unusable_uris_are_left_out() {
        assert_eq!(
            rua("v=TLSRPTv1; rua=ftp://x, mailto:a@example.com"),
            Ok([SmolStr::new("mailto:a@example.com")].into())
        );
        for record in ["http://example.com", "mailto:", "mailto:a@", "https:", "https:///x"] {
            let record = alloc::format!("v=TLSRPTv1; rua={record}");
            assert_eq!(rua(&record), Err(TlsRptError::NoUsableUri), "{record}");
        }
    }

    #[test]
    fn what_is_no_uri_spoils_the_record() {
        for record in ["a@example.com", "mailto:a@example.com!10m", "https://x/%zz", "", "a,"] {
            let record = alloc::format!("v=TLSRPTv1; rua={record}");
            assert_eq!(rua(&record), Err(TlsRptError::InvalidUri { at: 12 }), "{record}");
        }
        assert_eq!(rua("v=TLSRPTv1; x=1"), Err(TlsRptError::NoRua));
        for record in ["rua= mailto:a@b", "rua=mailto:a@b ", "rua=mailto:a@b, x"] {
            let record = alloc::format!("v=TLSRPTv1; {record}");
            assert_eq!(rua(&record), Err(TlsRptError::InvalidUri { at: 12 }), "{record}");
        }
    }

    #[test]
    fn what_is_no_uri_may_be_an_extension_beside_one() {
        for record in ["rua=mailto:a@b; rua=a@b", "rua=a@b; rua=mailto:a@b"] {
            let record = alloc::format!("v=TLSRPTv1; {record}");
            assert_eq!(rua(&record), Ok([SmolStr::new("mailto:a@b")].into()), "{record}");
        }
    }
}
