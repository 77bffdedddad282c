//! What the TXT records of MTA-STS and TLSRPT have in common: several may be there, one may remain,
//! and it is a version and fields between semicolons (RFC 8461 §3.1, RFC 8460 §3).

use core::fmt;

/// Why a TXT RRset does not hold one well-formed record of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TxtError {
    /// There is no TXT record.
    NoRecord,
    /// None of the TXT records begins with the version.
    OtherRecord,
    /// More than one record begins with the version.
    SeveralRecords,
    /// Nothing follows the version.
    NoField,
    /// At this octet, counted from 0, stands no `name=value`.
    MalformedField {
        /// The first octet of the field.
        at: usize,
    },
}

/// A field of a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field<'a> {
    /// Offset of the name in the record.
    pub(crate) at: usize,
    pub(crate) name: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl TxtError {
    /// The error in words, about records that begin with `version`.
    pub(crate) fn describe(self, f: &mut fmt::Formatter<'_>, version: &str) -> fmt::Result {
        match self {
            Self::NoRecord => f.write_str("there is no TXT record"),
            Self::OtherRecord => write!(f, "no TXT record begins with `{version};`"),
            Self::SeveralRecords => {
                write!(f, "more than one TXT record begins with `{version};`, so none counts")
            }
            Self::NoField => write!(f, "no field follows `{version}`"),
            Self::MalformedField { at } => {
                write!(f, "malformed field at octet {at} of the TXT record")
            }
        }
    }
}

/// The one record that begins with `version`. With several records, those that do not begin with
/// the version and a semicolon are discarded first.
pub(crate) fn select<'a, R: AsRef<[u8]>>(
    records: &'a [R],
    version: &str,
) -> Result<&'a [u8], TxtError> {
    let record = match records {
        [] => return Err(TxtError::NoRecord),
        [record] => record.as_ref(),
        _ => {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# If multiple TXT records for "_mta-sts" are returned by the resolver, records that do
            //# not begin with "v=STSv1;" are discarded.
            let mut own = records.iter().map(AsRef::as_ref).filter(|record| {
                record.strip_prefix(version.as_bytes()).is_some_and(|rest| rest.starts_with(b";"))
            });
            let record = own.next().ok_or(TxtError::OtherRecord)?;
            if own.next().is_some() {
                return Err(TxtError::SeveralRecords);
            }
            record
        }
    };
    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
    //# The TXT record MUST begin with the sts-version field
    let rest = record.strip_prefix(version.as_bytes()).ok_or(TxtError::OtherRecord)?;
    match rest.trim_wsp_start() {
        [b';', ..] => Ok(record),
        [] => Err(TxtError::NoField),
        _ => Err(TxtError::OtherRecord),
    }
}

/// The fields of a [`select`]ed record, in order, at least one or an error. Stop at the first error.
pub(crate) fn fields<'a>(
    record: &'a [u8],
    version: &str,
) -> impl Iterator<Item = Result<Field<'a>, TxtError>> {
    let rest = record.get(version.len()..).unwrap_or_default();
    let mut parts = rest.split(|byte| *byte == b';').peekable();
    // Between the version and the first semicolon is only white space: `select` has looked.
    let before = parts.next().map_or(0, <[u8]>::len);
    let mut at = version.len().saturating_add(before);
    let mut is_first = true;
    core::iter::from_fn(move || {
        let part = parts.next()?;
        let is_last = parts.peek().is_none();
        let field = part.trim_wsp_start();
        let indent = part.len().saturating_sub(field.len());
        let start = at.saturating_add(1).saturating_add(indent);
        at = at.saturating_add(1).saturating_add(part.len());
        // White space belongs to the delimiters, so behind the last field there is none.
        let field = if is_last { field } else { field.trim_wsp_end() };
        if field.is_empty() && is_last {
            return is_first.then_some(Err(TxtError::NoField));
        }
        is_first = false;
        Some(read_field(field, start))
    })
}

fn read_field(field: &[u8], at: usize) -> Result<Field<'_>, TxtError> {
    let equals = field.iter().position(|byte| *byte == b'=');
    match equals.and_then(|equals| field.split_at_checked(equals)) {
        Some((name, [_, value @ ..])) if is_field_name(name) => Ok(Field { at, name, value }),
        _ => Err(TxtError::MalformedField { at }),
    }
}

/// `(ALPHA / DIGIT) *31(ALPHA / DIGIT / "_" / "-" / ".")`, in records and policies alike.
pub(crate) fn is_field_name(name: &[u8]) -> bool {
    matches!(name, [first, rest @ ..] if first.is_ascii_alphanumeric()
        && rest.len() <= 31
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte)))
}

/// The value of a field that this software does not know: visible US-ASCII but `=` and `;`.
pub(crate) fn is_extension_value(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(|byte| byte.is_ascii_graphic() && !b"=;".contains(byte))
}

/// Trimming of WSP as ABNF means it: space and tab, nothing else.
pub(crate) trait TrimWsp {
    fn trim_wsp_start(&self) -> &Self;
    fn trim_wsp_end(&self) -> &Self;
}

impl TrimWsp for [u8] {
    fn trim_wsp_start(&self) -> &Self {
        let mut bytes = self;
        while let [b' ' | b'\t', rest @ ..] = bytes {
            bytes = rest;
        }
        bytes
    }

    fn trim_wsp_end(&self) -> &Self {
        let mut bytes = self;
        while let [rest @ .., b' ' | b'\t'] = bytes {
            bytes = rest;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use alloc::{string::String, vec::Vec};

    use super::*;

    const V: &str = "v=X";

    fn fields(record: &str) -> Result<Vec<(usize, String)>, TxtError> {
        let records = [record];
        let fields = super::fields(select(&records, V)?, V);
        fields
            .map(|field| field.map(|field| (field.at, String::from_utf8_lossy(field.name).into())))
            .collect()
    }

    #[test]
    fn fields_carry_their_place() {
        assert_eq!(fields("v=X; a=1 ;\tb=2;"), Ok([(5, "a".into()), (11, "b".into())].into()));
    }

    #[test]
    fn a_record_needs_a_field() {
        assert_eq!(fields("v=X"), Err(TxtError::NoField));
        assert_eq!(fields("v=X "), Err(TxtError::NoField));
        assert_eq!(fields("v=X; "), Err(TxtError::NoField));
        assert_eq!(fields("v=X;;"), Err(TxtError::MalformedField { at: 4 }));
    }

    #[test]
    fn white_space_stands_only_beside_semicolons() {
        assert!(fields("v=X;a=1").is_ok());
        assert!(fields("v=X \t; a=1 \t; \t").is_ok());
        assert_eq!(fields("v=X; a"), Err(TxtError::MalformedField { at: 5 }));
        assert_eq!(fields("v=X;; a=1"), Err(TxtError::MalformedField { at: 4 }));
        assert_eq!(fields("v =X; a=1"), Err(TxtError::OtherRecord));
    }

    //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
    //= type=test
    //# If multiple TXT records for "_mta-sts" are returned by the resolver, records that do not
    //# begin with "v=STSv1;" are discarded.
    #[test]
    fn several_records_are_filtered_by_prefix() {
        assert_eq!(select(&["v=X;a=1", "v=Y;a=1"], V), Ok(&b"v=X;a=1"[..]));
        assert_eq!(select(&["v=X;a=1", "v=X;bogus"], V), Err(TxtError::SeveralRecords));
        assert_eq!(select(&["v=X ;a=1", "v=Y;a=1"], V), Err(TxtError::OtherRecord));
        assert_eq!(select(&["v=X ;a=1"], V), Ok(&b"v=X ;a=1"[..]));
    }
}
