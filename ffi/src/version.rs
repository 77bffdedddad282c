//! Which library this is.

use core::ffi::{CStr, c_char};

const VERSION: &CStr =
    match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };

/// The version of the library that is loaded, such as "0.1.0". Static; never NULL. MTASTS_VERSION is
/// the version of this header.
#[unsafe(no_mangle)]
pub extern "C" fn mtasts_version() -> *const c_char {
    VERSION.as_ptr()
}
