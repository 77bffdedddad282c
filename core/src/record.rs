//! The `_mta-sts` TXT record (RFC 8461 §3.1).

use core::fmt;

use crate::txt::{Field, TxtError, fields, is_extension_value, select};

const VERSION: &str = "v=STSv1";

/// What a valid `_mta-sts` TXT record says: the id of the policy that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StsRecord {
    /// The id.
    pub id: PolicyId,
}

/// The id of one version of a policy: 1 to 32 letters and digits. Ids have no order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId {
    bytes: [u8; 32],
    len: u8,
}

/// Why a TXT RRset holds no usable MTA-STS record. To a sender all of these are the same: no policy
/// is announced (RFC 8461 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordError {
    /// The records are not one, or it is malformed.
    Txt(TxtError),
    /// There is no `id` field.
    NoId,
    /// The first `id` is not 1 to 32 letters and digits.
    InvalidId {
        /// Offset of the field in the record.
        at: usize,
    },
}

impl StsRecord {
    /// Selects the MTA-STS record from the answer to a TXT query and reads it. Each record is given
    /// with its character-strings joined, without a space between them.
    ///
    /// # Errors
    ///
    /// When there is not exactly one record that begins with `v=STSv1;`, or it is invalid.
    pub fn select<R: AsRef<[u8]>>(records: &[R]) -> Result<Self, RecordError> {
        Self::read(select(records, VERSION)?)
    }

    fn read(record: &[u8]) -> Result<Self, RecordError> {
        let mut first = None;
        for field in fields(record, VERSION) {
            let Field { at, name, value } = field?;
            let id = if name == b"id" { PolicyId::parse(value) } else { None };
            // What is no id is a field all the same, if its value is that of an extension.
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# MTA-STS TXT records MUST be US-ASCII, semicolon-separated key/value pairs
            let is_field = id.is_some() || is_extension_value(value);
            match name {
                b"id" if is_field => {
                    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
                    //# If any non-repeated field -- i.e., all fields excepting "mx" -- is
                    //# duplicated, all entries except for the first SHALL be ignored.
                    first.get_or_insert_with(|| id.ok_or(RecordError::InvalidId { at }));
                }
                b"id" => return Err(RecordError::InvalidId { at }),
                //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
                //# Parsers MUST accept TXT records and policy files that are syntactically valid
                //# (i.e., valid key/value pairs separated by semicolons for TXT records), possibly
                //# containing additional key/value pairs not specified in this document, in which
                //# case unknown fields SHALL be ignored.
                _ if is_field => {}
                _ => return Err(TxtError::MalformedField { at }.into()),
            }
        }
        let id = first.ok_or(RecordError::NoId)??;
        Ok(Self { id })
    }
}

impl PolicyId {
    /// What stands where there is no policy.
    pub(crate) const NONE: Self = Self { bytes: [0; 32], len: 0 };

    /// Reads an id; `None` unless it is 1 to 32 ASCII letters and digits.
    #[must_use]
    pub fn parse(id: impl AsRef<[u8]>) -> Option<Self> {
        let id = id.as_ref();
        if id.is_empty() || !id.iter().all(u8::is_ascii_alphanumeric) {
            return None;
        }
        let mut bytes = [0; 32];
        bytes.get_mut(..id.len())?.copy_from_slice(id);
        Some(Self { bytes, len: u8::try_from(id.len()).ok()? })
    }

    /// The id as published.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let id = self.bytes.get(..usize::from(self.len)).unwrap_or_default();
        core::str::from_utf8(id).unwrap_or_default()
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyId({self})")
    }
}

impl From<TxtError> for RecordError {
    fn from(error: TxtError) -> Self {
        Self::Txt(error)
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Txt(error) => error.describe(f, VERSION),
            Self::NoId => f.write_str("the TXT record has no `id` field"),
            Self::InvalidId { at } => write!(
                f,
                "the `id` at octet {at} of the TXT record is not 1 to 32 letters and digits"
            ),
        }
    }
}

impl core::error::Error for RecordError {}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use super::*;

    fn id(record: &str) -> Result<String, RecordError> {
        StsRecord::select(&[record]).map(|record| record.id.to_string())
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# If any non-repeated field -- i.e., all fields excepting "mx" -- is duplicated, all entries
    //# except for the first SHALL be ignored.
    #[test]
    fn the_first_id_counts() {
        assert_eq!(id("v=STSv1; id=a; id=b;"), Ok("a".into()));
        assert_eq!(id("v=STSv1; x=1; id=20160831085700Z"), Ok("20160831085700Z".into()));
        // Both are well-formed fields, but the first is no id.
        assert_eq!(id("v=STSv1; id=b-c; id=a"), Err(RecordError::InvalidId { at: 9 }));
        assert_eq!(id("v=STSv1; id=a; id=b-c"), Ok("a".into()));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
    //= type=test
    //# The TXT record MUST begin with the sts-version field; the order of other fields is not
    //# significant.
    #[test]
    fn a_record_begins_with_its_version_and_has_its_fields_in_any_order() {
        let other = RecordError::Txt(TxtError::OtherRecord);
        for record in ["id=a; v=STSv1;", " v=STSv1; id=a;", "V=STSv1; id=a;", "v=STSv1id=a;"] {
            assert_eq!(id(record), Err(other), "{record:?}");
        }
        assert_eq!(id("v=STSv1; id=a; x=1;"), id("v=STSv1; x=1; id=a;"));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
    //= type=test
    //# MTA-STS TXT records MUST be US-ASCII, semicolon-separated key/value pairs
    #[test]
    fn a_record_is_ascii_fields_between_semicolons() {
        for record in ["v=STSv1; id=ä", "v=STSv1; id=a; x=ä", "v=STSv1; id=a, x=1", "v=STSv1; id"]
        {
            assert!(id(record).is_err(), "{record:?}");
        }
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
    //= type=test
    //# Parsers MUST accept TXT records and policy files that are syntactically valid (i.e., valid
    //# key/value pairs separated by semicolons for TXT records), possibly containing additional
    //# key/value pairs not specified in this document, in which case unknown fields SHALL be
    //# ignored.
    #[test]
    fn unknown_fields_are_ignored() {
        assert_eq!(id("v=STSv1; x=1; y-2.z_=!:<>~; id=a; x=2"), Ok("a".into()));
    }

    #[test]
    fn an_id_has_1_to_32_letters_and_digits() {
        let longest = "a".repeat(32);
        assert_eq!(PolicyId::parse(&longest).unwrap().as_str(), longest);
        for bad in ["", "a-b", "a b", "\u{661}", &"a".repeat(33)] {
            assert_eq!(PolicyId::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn errors_name_the_octet() {
        assert_eq!(id("v=STSv1; ID=a"), Err(RecordError::NoId));
        let error = id("v=STSv1; id=a=b").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the `id` at octet 9 of the TXT record is not 1 to 32 letters and digits"
        );
        assert_eq!(
            id("v=STSv1; id=a; x").unwrap_err(),
            RecordError::Txt(TxtError::MalformedField { at: 15 })
        );
    }
}
