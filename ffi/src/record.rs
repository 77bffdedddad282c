//! The `_mta-sts` TXT record.

use core::ffi::c_char;

use mtasts_core::StsRecord;

use crate::{guard::entry, input, out::Buffer};

/// Selects the MTA-STS record (RFC 8461 section 3.1) from the answer to a TXT query and writes its id,
/// which has at most 32 octets. `records` and `lengths` have `count` elements, one a record: its
/// character-strings joined, without anything between them.
///
/// Errors: MTASTS_ERR_RECORD_...: no policy is announced.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_record_select(
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let records = unsafe { input::records(records, lengths, count) }?;
        let record = StsRecord::select(&records)?;
        buffer.write_text(record.id.as_str())
    })
}
