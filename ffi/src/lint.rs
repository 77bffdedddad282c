//! The linter, in JSON.

use core::{ffi::c_char, ptr};

use mtasts_core::lint::json;

use crate::{error::Error, guard::entry, input, out::Buffer};

/// Says what is wrong with a domain's MTA-STS, and how to put it right. `publication` is a JSON object
/// with what is known about the domain: its TXT records, its policy, the response that the policy came
/// in, its MX hosts. What is written to `buf` is the report, a JSON object on one line. docs/lint-json.md
/// describes both.
///
/// Errors: MTASTS_ERR_PUBLICATION_INVALID: `publication` is no JSON object, or has a member that is not
/// known or of another type. Then words for people, with line and column, are written to `why`, cut to
/// its size, with a NUL; `why` may be NULL if `why_cap` is 0. Otherwise nothing is written there.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_lint_json(
    publication: *const c_char,
    publication_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
    why: *mut c_char,
    why_cap: usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let why = unsafe { Buffer::new(why, why_cap, ptr::null_mut()) }?;
        // SAFETY: as above.
        let publication = unsafe { input::text(publication, publication_len) }?;
        let report = json::check(publication).map_err(|error| {
            why.write_cut(&error.to_string());
            Error::PUBLICATION
        })?;
        buffer.write_text(&report)
    })
}
