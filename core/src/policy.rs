//! The policy itself: what a domain says about its MX hosts (RFC 8461 §3.2).

use alloc::boxed::Box;
use core::{fmt, time::Duration};

use smol_str::SmolStr;

use crate::{MxPattern, name::to_mx_name};

mod deviation;
mod error;
mod parse;
mod piece;

pub use deviation::{Deviation, DeviationKind};
pub use error::{PolicyError, PolicyErrorKind};
pub use parse::Parsed;
#[cfg(feature = "lint")]
pub(crate) use {
    parse::{BYTE_ORDER_MARK, Watch, first_line, read},
    piece::Piece,
};

/// A valid policy. Two policies that say the same are equal, however they are written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    mode: Mode,
    max_age: u32,
    mx: Box<[MxPattern]>,
    extensions: Box<[Extension]>,
}

/// What a sender does when a policy fails to validate (RFC 8461 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Do not deliver.
    Enforce,
    /// Deliver, and report.
    Testing,
    /// As though there were no policy.
    None,
}

/// A field that RFC 8461 does not know. Senders ignore it; reports repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extension {
    /// The name: a letter or digit, then up to 31 letters, digits, `_`, `-` or `.`.
    pub name: SmolStr,
    /// The value: UTF-8 without controls, no space at either end.
    pub value: SmolStr,
}

/// Where something stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first octet.
    pub start: u32,
    /// Offset after the last octet.
    pub end: u32,
    /// Line, counted from 1.
    pub line: u32,
    /// Octet in the line, counted from 1.
    pub column: u32,
}

/// The largest `max_age`: about a year (RFC 8461 §3.2).
pub const MAX_MAX_AGE: u32 = 31_557_600;

impl Policy {
    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// How long the policy may be kept after its fetch: 0 to 31557600 seconds.
    #[must_use]
    pub fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age.into())
    }

    /// The MX patterns in the order of the policy, without repetitions. Never empty but in mode
    /// `none`.
    #[must_use]
    pub const fn mx(&self) -> &[MxPattern] {
        &self.mx
    }

    /// The fields that RFC 8461 does not know, in the order of the policy.
    #[must_use]
    pub const fn extensions(&self) -> &[Extension] {
        &self.extensions
    }

    /// Whether a pattern matches this MX host (RFC 8461 §4.1).
    #[must_use]
    pub fn matches(&self, host: &str) -> bool {
        to_mx_name(host.as_bytes())
            .is_ok_and(|host| self.mx.iter().any(|pattern| pattern.matches_name(&host)))
    }
}

/// The policy as a policy file: `version`, `mode`, `mx`, `max_age`, then the other fields. Reading
/// it again gives an equal policy without deviations.
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "version: STSv1\nmode: {}\n", self.mode)?;
        for pattern in &self.mx {
            writeln!(f, "mx: {pattern}")?;
        }
        writeln!(f, "max_age: {}", self.max_age)?;
        for Extension { name, value } in &self.extensions {
            writeln!(f, "{name}: {value}")?;
        }
        Ok(())
    }
}

impl Mode {
    /// The mode as a policy writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Testing => "testing",
            Self::None => "none",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
