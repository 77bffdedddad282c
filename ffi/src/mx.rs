//! One MX pattern and one host.

use core::ffi::c_char;

use mtasts_core::MxPattern;

use crate::{guard::entry, input, out::Out};

/// Whether an MX pattern matches an MX host (RFC 8461 section 4.1): writes 1 or 0. What is no pattern
/// matches nothing, and what is no host name is matched by nothing. U-labels in the host are
/// converted, and its root dot is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_mx_matches(
    pattern: *const c_char,
    pattern_len: usize,
    host: *const c_char,
    host_len: usize,
    out: *mut i32,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let pattern = unsafe { input::octets(pattern.cast(), pattern_len) }?;
        // SAFETY: as above.
        let host = unsafe { input::octets(host.cast(), host_len) }?;
        out.set(i32::from(match (MxPattern::parse(pattern), core::str::from_utf8(host)) {
            (Ok(pattern), Ok(host)) => pattern.matches(host),
            _ => false,
        }));
        Ok(())
    })
}
