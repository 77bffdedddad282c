//! The `_smtp._tls` TXT record.

use core::ffi::c_char;

use mtasts_core::TlsRptRecord;

use crate::{
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::{Out, TextOut},
};

/// A valid TLSRPT record (RFC 8460 section 3): where a domain wants its reports. Immutable.
#[derive(Debug)]
pub struct TlsRpt {
    poison: Poison,
    record: TlsRptRecord,
}

handle!(TlsRpt);

/// Selects the TLSRPT record from the answer to a TXT query, given as for mtasts_record_select. Free
/// `*out` with mtasts_tlsrpt_free.
///
/// Errors: MTASTS_ERR_RECORD_... and MTASTS_ERR_TLSRPT_...: no reports are wanted.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_tlsrpt_select(
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
    out: *mut *mut TlsRpt,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let records = unsafe { input::records(records, lengths, count) }?;
        let record = TlsRptRecord::select(&records)?;
        out.set_new(TlsRpt { poison: Poison::default(), record });
        Ok(())
    })
}

/// How many URIs there are: 1 or more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_tlsrpt_rua_count(record: *const TlsRpt) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(record, |record| Ok(record.record.rua.len())) }
}

/// The URI with this index, from 0: `mailto:` or `https:`, as published. Borrowed from the record.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_tlsrpt_rua(
    record: *const TlsRpt,
    index: usize,
    uri: *mut *const c_char,
    uri_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(record, |record| {
            let out = TextOut::new(uri, uri_len)?;
            out.lend(record.record.rua.get(index).ok_or(Error::INDEX)?.as_str());
            Ok(())
        })
    }
}

/// Frees a record. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_tlsrpt_free(record: *mut TlsRpt) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(record) }
}
