//! What is wrong with a request.

use alloc::string::{String, ToString};
use core::fmt;

/// Why nothing could be made of a [`Request`](super::Request).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which part of it is wrong.
    pub field: Field,
    /// What is wrong with it, and what belongs there.
    pub message: String,
}

/// A part of a [`Request`](super::Request). Indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The request as a whole: it is no JSON object, or has members that it should not have.
    Request,
    /// `domain`
    Domain,
    /// `mx`
    MxHosts,
    /// One of `mx`.
    Mx(usize),
    /// `mode`
    Mode,
    /// `max_age`
    MaxAge,
    /// `id`
    Id,
    /// `rua`
    RuaList,
    /// One of `rua`.
    Rua(usize),
}

impl Error {
    pub(super) fn new(field: Field, message: impl ToString) -> Self {
        Self { field, message: message.to_string() }
    }
}

/// The field as in JSON: `max_age`, `mx[1]`.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Domain => "domain",
            Self::MxHosts => "mx",
            Self::Mx(index) => return write!(f, "mx[{index}]"),
            Self::Mode => "mode",
            Self::MaxAge => "max_age",
            Self::Id => "id",
            Self::RuaList => "rua",
            Self::Rua(index) => return write!(f, "rua[{index}]"),
        })
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl core::error::Error for Error {}
