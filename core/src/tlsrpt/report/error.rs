//! What is wrong with a report, and where.

use alloc::string::{String, ToString as _};
use core::fmt;

/// What is wrong with a report, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReportError {
    /// The member, such as `policies[0].summary`; empty for the report as a whole.
    pub member: String,
    /// What is wrong with it.
    pub kind: ReportErrorKind,
}

/// What is wrong with a member of a report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReportErrorKind {
    /// The text is no I-JSON (RFC 7493): malformed, or with a name twice in an object, or with a
    /// noncharacter. The text says what and where.
    NoJson(String),
    /// It is not there.
    Missing,
    /// It is another kind of value.
    WrongType {
        /// What it should be.
        expected: &'static str,
    },
    /// It is an empty text.
    Empty,
    /// It is no date and time of RFC 3339, or one before 1970 or after 9999.
    NoDateTime,
    /// The end is before the start.
    EndsBeforeItBegins,
    /// It is no mail address (`addr-spec`, RFC 5322 §3.4.1).
    NoMailAddress,
    /// It is no policy type of RFC 8460 §4.4.
    UnknownPolicyType,
    /// It is no result type of RFC 8460 §4.3.
    UnknownResultType,
    /// It is no domain name of A-labels.
    NoDomain,
    /// It has U-labels, or other characters that are not ASCII.
    NotAscii,
    /// It is no IPv4 or IPv6 address.
    NoAddress,
    /// It is no URI (RFC 3986).
    NoUri,
    /// It is more than 2^53 - 1, which not all readers of JSON understand.
    CountTooLarge,
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.member.as_str() {
            "" => f.write_str("the report ")?,
            member => write!(f, "`{member}` ")?,
        }
        f.write_str(match &self.kind {
            ReportErrorKind::NoJson(problem) => return write!(f, "is no I-JSON: {problem}"),
            ReportErrorKind::WrongType { expected } => return write!(f, "is not {expected}"),
            ReportErrorKind::Missing => "is missing",
            ReportErrorKind::Empty => "is empty",
            ReportErrorKind::NoDateTime => {
                "is no date and time such as `2016-04-01T00:00:00Z`, from 1970 to 9999"
            }
            ReportErrorKind::EndsBeforeItBegins => "ends before it begins",
            ReportErrorKind::NoMailAddress => "is no mail address",
            ReportErrorKind::UnknownPolicyType => "is none of `tlsa`, `sts` and `no-policy-found`",
            ReportErrorKind::UnknownResultType => "is no result type of RFC 8460, section 4.3",
            ReportErrorKind::NoDomain => "is no domain name of A-labels",
            ReportErrorKind::NotAscii => "has characters other than ASCII, and so is no A-label",
            ReportErrorKind::NoAddress => "is no IP address",
            ReportErrorKind::NoUri => "is no URI",
            ReportErrorKind::CountTooLarge => "is more than 9007199254740991",
        })
    }
}

impl core::error::Error for ReportError {}

/// Where something is in a report. It is made into text only when there is an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path<'a> {
    last: Option<(&'a Self, Step)>,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Member(&'static str),
    Item(usize),
}

impl Path<'_> {
    /// The report as a whole.
    pub(super) const ROOT: Self = Self { last: None };

    pub(super) const fn member(&self, name: &'static str) -> Path<'_> {
        Path { last: Some((self, Step::Member(name))) }
    }

    pub(super) const fn item(&self, index: usize) -> Path<'_> {
        Path { last: Some((self, Step::Item(index))) }
    }

    pub(super) fn error(&self, kind: ReportErrorKind) -> ReportError {
        ReportError { member: self.to_string(), kind }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((parent, step)) = self.last else { return Ok(()) };
        parent.fmt(f)?;
        match step {
            Step::Member(name) if parent.last.is_some() => write!(f, ".{name}"),
            Step::Member(name) => f.write_str(name),
            Step::Item(index) => write!(f, "[{index}]"),
        }
    }
}
