//! The linter for other languages: JSON in, JSON out (docs/lint-json.md).
//!
//! C and JavaScript call this very function, so what they find is what Rust finds.

use alloc::string::String;
use core::fmt;

mod input;
mod output;

use super::Publication;
use crate::json;

/// Why a JSON text is no publication.
#[derive(Debug)]
pub struct JsonError(json::Error);

impl JsonError {
    /// Line and column of the text where it ceases to be a publication, counted from 1.
    #[must_use]
    pub const fn place(&self) -> (usize, usize) {
        (self.0.line, self.0.column)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a publication to check: {}", self.0)
    }
}

impl core::error::Error for JsonError {}

/// Reads what is known about a domain from a JSON object, whose members are those of
/// [`Publication`]. docs/lint-json.md describes it.
///
/// # Errors
///
/// When it is no JSON, or has a member that is not known or of another type.
pub fn read(input: &str) -> Result<Publication, JsonError> {
    json::read(input, input::publication).map_err(JsonError)
}

/// Checks what is known about a domain, and returns the [`Report`](super::Report) as a JSON object
/// on one line. docs/lint-json.md describes both.
///
/// # Errors
///
/// As [`read`].
pub fn check(input: &str) -> Result<String, JsonError> {
    Ok(write(&super::check(&read(input)?)))
}

/// The report as [`check`] writes it.
#[must_use]
pub fn write(report: &super::Report) -> String {
    json::written(report)
}

#[cfg(test)]
mod tests;
