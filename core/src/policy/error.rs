//! Why a text is no policy.

use core::fmt;

use super::Span;
use crate::MxPatternError;

/// Why a text is no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PolicyError {
    /// Which rule is broken.
    pub kind: PolicyErrorKind,
    /// Where, unless something is missing.
    pub span: Option<Span>,
}

/// The rules of RFC 8461 §3.2 that a text can break beyond repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyErrorKind {
    /// Nothing but white space.
    Empty,
    /// No `version` field.
    MissingVersion,
    /// The first `version` is not `STSv1`.
    InvalidVersion,
    /// No `mode` field.
    MissingMode,
    /// The first `mode` is not `enforce`, `testing` or `none`.
    InvalidMode,
    /// No `max_age` field.
    MissingMaxAge,
    /// The first `max_age` is not 1 to 10 digits.
    InvalidMaxAge,
    /// The first `max_age` is more than 31557600.
    MaxAgeTooLarge,
    /// No `mx` field in a mode that needs one.
    MissingMx,
    /// No `mx` field holds a pattern, in a mode that needs one. The error is that of the first.
    InvalidMx(MxPatternError),
}

impl fmt::Display for PolicyErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the policy is empty",
            Self::MissingVersion => "there is no `version` field",
            Self::InvalidVersion => "`version` is not `STSv1`",
            Self::MissingMode => "there is no `mode` field",
            Self::InvalidMode => "`mode` is not `enforce`, `testing` or `none`",
            Self::MissingMaxAge => "there is no `max_age` field",
            Self::InvalidMaxAge => "`max_age` is not 1 to 10 digits",
            Self::MaxAgeTooLarge => "`max_age` is more than 31557600",
            Self::MissingMx => "there is no `mx` field",
            Self::InvalidMx(error) => return write!(f, "no `mx` field is valid: {error}"),
        })
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(span) = self.span {
            write!(f, "line {}, column {}: ", span.line, span.column)?;
        }
        self.kind.fmt(f)
    }
}

impl core::error::Error for PolicyError {}
