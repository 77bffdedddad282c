//! Error codes: what functions return instead of 0.

use core::ffi::{CStr, c_char};

mod codes;
mod origin;
mod table;

pub use codes::*;
use table::{Row, TABLE};

/// Why a call failed: one of the codes, and negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Error(i32);

impl Error {
    pub(crate) const NULL: Self = Self(MTASTS_ERR_NULL);
    pub(crate) const LENGTH: Self = Self(MTASTS_ERR_LENGTH);
    pub(crate) const NOT_UTF8: Self = Self(MTASTS_ERR_NOT_UTF8);
    pub(crate) const VALUE: Self = Self(MTASTS_ERR_VALUE);
    pub(crate) const BUFFER: Self = Self(MTASTS_ERR_BUFFER);
    pub(crate) const INDEX: Self = Self(MTASTS_ERR_INDEX);
    pub(crate) const ABSENT: Self = Self(MTASTS_ERR_ABSENT);
    pub(crate) const OTHER: Self = Self(MTASTS_ERR_OTHER);
    #[cfg(feature = "lint")]
    pub(crate) const PUBLICATION: Self = Self(MTASTS_ERR_PUBLICATION_INVALID);
    pub(crate) const ID: Self = Self(MTASTS_ERR_RECORD_ID_INVALID);
    pub(crate) const PANIC: Self = Self(MTASTS_ERR_PANIC);

    #[cfg(feature = "net")]
    pub(crate) const fn of(code: i32) -> Self {
        Self(code)
    }

    pub(crate) const fn code(self) -> i32 {
        self.0
    }

    /// The error whose name this is.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let row = TABLE.iter().find(|row| row.name.to_bytes() == name.as_bytes())?;
        Some(Self(row.code))
    }
}

/// What `code` is called: one word that does not change, for logs and scripts, such as
/// "policy-mode-missing". "unknown" for a number that is no code. Static; never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_error_name(code: i32) -> *const c_char {
    find(code).map_or(c"unknown", |row| row.name).as_ptr()
}

/// What `code` means, in English, for people: a sentence without its full stop. Static; never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_error_message(code: i32) -> *const c_char {
    find(code).map_or(c"not a code of this version of libmtasts", |row| row.message).as_ptr()
}

/// Whether `code` says that a lookup key names no Policy Domain (an address literal, a parent domain,
/// or no name at all), 1 or 0. Such a key has no policy, which is an answer: deliver as without one.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_error_is_no_domain(code: i32) -> i32 {
    i32::from((-199..=-100).contains(&code))
}

fn find(code: i32) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.code == code)
}

/// What `code` is called.
pub(crate) fn name(code: i32) -> &'static CStr {
    find(code).map_or(c"unknown", |row| row.name)
}
