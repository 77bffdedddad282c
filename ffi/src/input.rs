//! What comes from C, checked.

use core::{
    ffi::{c_char, c_void},
    slice,
};

use mtasts_core::{PolicyDomain, UnixMillis};

use crate::error::Error;

/// Most octets of one argument. Nothing that is read here is as long; what claims to be is a mistake.
pub(crate) const MAX_LEN: usize = 16 << 20;
/// Most elements of an array.
const MAX_COUNT: usize = 65_536;

/// The octets of an argument. NULL will do if there are none.
///
/// # Safety
///
/// `data` is NULL or points to `len` octets that stay as they are for `'a`.
pub(crate) unsafe fn octets<'a>(data: *const c_void, len: usize) -> Result<&'a [u8], Error> {
    if len == 0 {
        return Ok(&[]);
    }
    if data.is_null() {
        return Err(Error::NULL);
    }
    if len > MAX_LEN {
        return Err(Error::LENGTH);
    }
    // SAFETY: not NULL, and promised by the caller; any alignment will do for octets.
    Ok(unsafe { slice::from_raw_parts(data.cast(), len) })
}

/// As [`octets`], for what must be UTF-8.
///
/// # Safety
///
/// As for [`octets`].
pub(crate) unsafe fn text<'a>(data: *const c_char, len: usize) -> Result<&'a str, Error> {
    // SAFETY: promised by the caller.
    let octets = unsafe { octets(data.cast(), len) }?;
    core::str::from_utf8(octets).map_err(|_| Error::NOT_UTF8)
}

/// As [`octets`], for a lookup key.
///
/// # Safety
///
/// As for [`octets`].
pub(crate) unsafe fn domain(data: *const c_char, len: usize) -> Result<PolicyDomain, Error> {
    // SAFETY: promised by the caller.
    let key = unsafe { octets(data.cast(), len) }?;
    Ok(PolicyDomain::from_lookup_key(key)?)
}

/// The TXT records in two arrays, one of pointers and one of lengths.
///
/// # Safety
///
/// Each array is NULL or has `count` elements, and each element is as for [`octets`].
pub(crate) unsafe fn records<'a>(
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
) -> Result<Vec<&'a [u8]>, Error> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if records.is_null() || lengths.is_null() {
        return Err(Error::NULL);
    }
    if count > MAX_COUNT {
        return Err(Error::LENGTH);
    }
    // SAFETY: not NULL, and promised by the caller.
    let (records, lengths) =
        unsafe { (slice::from_raw_parts(records, count), slice::from_raw_parts(lengths, count)) };
    // SAFETY: promised by the caller.
    let octets = |(data, len): (&*const c_char, &usize)| unsafe { octets(data.cast(), *len) };
    records.iter().zip(lengths).map(octets).collect()
}

/// A moment.
pub(crate) const fn time(millis: u64) -> UnixMillis {
    UnixMillis(millis)
}
