//! Lookup keys and the names that follow from them.

use core::ffi::c_char;

use crate::{guard::entry, input, out::Buffer};

/// The Policy Domain of a lookup key as MTAs write it (`example.com`, `EXAMPLE.com.`, U-labels,
/// `[host]`, `host:port`, `[host]:port`): in lower case, as A-labels, without root dot, brackets or
/// port. Errors: see mtasts_error_is_no_domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_domain(
    key: *const c_char,
    key_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let domain = unsafe { input::domain(key, key_len) }?;
        buffer.write_text(domain.as_str())
    })
}

/// Where the TXT record of a lookup key's domain is: `_mta-sts.` and the domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_domain_txt_name(
    key: *const c_char,
    key_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let domain = unsafe { input::domain(key, key_len) }?;
        buffer.write_text(&domain.txt_name())
    })
}

/// Where the policy of a lookup key's domain is: `mta-sts.` and the domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_domain_policy_host(
    key: *const c_char,
    key_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let domain = unsafe { input::domain(key, key_len) }?;
        buffer.write_text(&domain.policy_host())
    })
}

/// Where the TLSRPT record of a lookup key's domain is: `_smtp._tls.` and the domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_domain_tlsrpt_name(
    key: *const c_char,
    key_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let buffer = unsafe { Buffer::new(buf, cap, needed) }?;
        // SAFETY: as above.
        let domain = unsafe { input::domain(key, key_len) }?;
        buffer.write_text(&domain.tlsrpt_name())
    })
}
