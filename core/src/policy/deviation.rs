//! What a policy may get wrong and still be read: nothing here can weaken or widen it.

use core::fmt;

use super::Span;
use crate::MxPatternError;

/// Something in a policy that the grammar does not allow and that does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Deviation {
    /// What it is.
    pub kind: DeviationKind,
    /// Where it is.
    pub span: Span,
}

/// The kinds of [`Deviation`]. What the text says otherwise is read as though it were not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeviationKind {
    /// A UTF-8 byte order mark at the start.
    ByteOrderMark,
    /// A line with nothing on it.
    BlankLine,
    /// A carriage return too many at the end of a line.
    CarriageReturn,
    /// White space at the start of a line.
    LeadingSpace,
    /// White space before the colon.
    SpaceBeforeColon,
    /// A line without a colon; it is ignored.
    NoColon,
    /// A line whose field name is malformed; it is ignored.
    FieldName,
    /// A line whose value is empty or has characters that values do not have; it is ignored.
    FieldValue,
    /// A dot at the end of an MX pattern.
    TrailingDot,
    /// An underscore in an MX pattern.
    Underscore,
    /// An MX pattern that is none; it matches nothing.
    InvalidMx(MxPatternError),
}

impl DeviationKind {
    /// The kind as one word that does not change.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte-order-mark",
            Self::BlankLine => "blank-line",
            Self::CarriageReturn => "carriage-return",
            Self::LeadingSpace => "leading-space",
            Self::SpaceBeforeColon => "space-before-colon",
            Self::NoColon => "no-colon",
            Self::FieldName => "field-name",
            Self::FieldValue => "field-value",
            Self::TrailingDot => "trailing-dot",
            Self::Underscore => "underscore",
            Self::InvalidMx(_) => "mx-invalid",
        }
    }
}

impl fmt::Display for DeviationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "byte order mark at the start",
            Self::BlankLine => "blank line",
            Self::CarriageReturn => "carriage return that ends no line",
            Self::LeadingSpace => "white space before the field name",
            Self::SpaceBeforeColon => "white space before the colon",
            Self::NoColon => "no colon, the line is ignored",
            Self::FieldName => "malformed field name, the line is ignored",
            Self::FieldValue => "malformed or empty value, the line is ignored",
            Self::TrailingDot => "dot at the end of the MX pattern",
            Self::Underscore => "underscore in the MX pattern",
            Self::InvalidMx(error) => {
                return write!(f, "invalid MX pattern, it matches nothing: {error}");
            }
        })
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.span.line, self.span.column, self.kind)
    }
}
