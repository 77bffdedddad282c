//! Policies.

use core::ffi::{c_char, c_void};
use std::sync::Arc;

use mtasts_core::{Mode, Policy as CorePolicy, Response, read_policy};

use crate::{
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::{Buffer, Out, TextOut},
};

/// Do not deliver to hosts that fail validation.
pub const MTASTS_MODE_ENFORCE: i32 = 1;
/// Deliver, and report.
pub const MTASTS_MODE_TESTING: i32 = 2;
/// As though there were no policy.
pub const MTASTS_MODE_NONE: i32 = 3;

/// A valid policy. Immutable and counted: any number of threads may use it, and each handle is freed
/// by itself.
#[derive(Debug)]
pub struct Policy {
    poison: Poison,
    pub(crate) policy: Arc<CorePolicy>,
}

handle!(Policy);

impl Policy {
    pub(crate) fn new(policy: Arc<CorePolicy>) -> Self {
        Self { poison: Poison::default(), policy }
    }
}

/// Reads a policy file (RFC 8461 section 3.2). Deviations from the grammar that can neither weaken
/// nor widen the policy are accepted; mtasts_policy_diagnose shows them. Free `*out` with
/// mtasts_policy_free.
///
/// Errors: MTASTS_ERR_POLICY_...
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_parse(
    body: *const c_void,
    body_len: usize,
    out: *mut *mut Policy,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let body = unsafe { input::octets(body, body_len) }?;
        out.set_new(Policy::new(Arc::new(CorePolicy::parse(body)?.policy)));
        Ok(())
    })
}

/// As mtasts_policy_parse, for a complete HTTP response with its content coding undone, by the rules of
/// RFC 8461 sections 3.2 and 3.3: status 200 only, `text/plain` with any parameters, a body of at most
/// `max_bytes` (the RFC suggests 65536). `content_type` is the field's value, NULL where there is none.
///
/// Errors: MTASTS_ERR_POLICY_..., MTASTS_ERR_FETCH_STATUS, _REDIRECT, _MEDIA_TYPE, _TOO_LARGE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_from_response(
    status: u16,
    content_type: *const c_char,
    content_type_len: usize,
    body: *const c_void,
    body_len: usize,
    max_bytes: usize,
    out: *mut *mut Policy,
) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        // SAFETY: as above.
        let response = unsafe { response(status, content_type, content_type_len, body, body_len) }?;
        let parsed = read_policy(&response, max_bytes)?;
        out.set_new(Policy::new(Arc::new(parsed.policy)));
        Ok(())
    })
}

/// # Safety
///
/// As for [`input::octets`], twice.
pub(crate) unsafe fn response(
    status: u16,
    content_type: *const c_char,
    content_type_len: usize,
    body: *const c_void,
    body_len: usize,
) -> Result<Response, Error> {
    // SAFETY: promised by the caller.
    let content_type = if content_type.is_null() && content_type_len == 0 {
        None
    } else {
        // SAFETY: promised by the caller.
        let field = unsafe { input::octets(content_type.cast(), content_type_len) }?;
        // Octets that are not UTF-8 can only be in parameters of text/plain, which are ignored.
        Some(String::from_utf8_lossy(field).into_owned())
    };
    // SAFETY: promised by the caller.
    let body = unsafe { input::octets(body, body_len) }?.to_vec();
    Ok(Response { status, content_type, body })
}

/// Another handle to the same policy. Free it with mtasts_policy_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_clone(policy: *const Policy, out: *mut *mut Policy) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            Out::new(out)?.set_new(Policy::new(Arc::clone(&policy.policy)));
            Ok(())
        })
    }
}

/// MTASTS_MODE_ENFORCE, _TESTING or _NONE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_mode(policy: *const Policy) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            Ok(match policy.policy.mode() {
                Mode::Enforce => MTASTS_MODE_ENFORCE,
                Mode::Testing => MTASTS_MODE_TESTING,
                Mode::None => MTASTS_MODE_NONE,
            })
        })
    }
}

/// How long the policy may be kept after its fetch, in seconds: 0 to 31557600.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_max_age(policy: *const Policy, out: *mut u32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            let seconds = policy.policy.max_age().as_secs();
            Out::new(out)?.set(u32::try_from(seconds).unwrap_or(u32::MAX));
            Ok(())
        })
    }
}

/// How many MX patterns there are. 0 only in mode none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_mx_count(policy: *const Policy) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(policy, |policy| Ok(policy.policy.mx().len())) }
}

/// The MX pattern with this index, from 0, in the order of the policy: in lower case, such as
/// `mx.example.com` or `*.example.com`. Borrowed from the policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_mx(
    policy: *const Policy,
    index: usize,
    pattern: *mut *const c_char,
    pattern_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            let out = TextOut::new(pattern, pattern_len)?;
            out.lend(policy.policy.mx().get(index).ok_or(Error::INDEX)?.as_str());
            Ok(())
        })
    }
}

/// Whether one of the MX patterns matches an MX host: writes 1 or 0. See mtasts_mx_matches.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_matches(
    policy: *const Policy,
    host: *const c_char,
    host_len: usize,
    out: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            let out = Out::new(out)?;
            out.set(matches(&policy.policy, input::octets(host.cast(), host_len)?));
            Ok(())
        })
    }
}

/// What is not UTF-8 is no host name.
pub(crate) fn matches(policy: &CorePolicy, host: &[u8]) -> i32 {
    i32::from(core::str::from_utf8(host).is_ok_and(|host| policy.matches(host)))
}

/// How many fields the policy has that RFC 8461 does not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_extension_count(policy: *const Policy) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(policy, |policy| Ok(policy.policy.extensions().len())) }
}

/// The field with this index, from 0, of those that RFC 8461 does not know. Both texts are borrowed
/// from the policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_extension(
    policy: *const Policy,
    index: usize,
    name: *mut *const c_char,
    name_len: *mut usize,
    value: *mut *const c_char,
    value_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            let (name, value) = (TextOut::new(name, name_len)?, TextOut::new(value, value_len)?);
            let extension = policy.policy.extensions().get(index).ok_or(Error::INDEX)?;
            name.lend(extension.name.as_str());
            value.lend(extension.value.as_str());
            Ok(())
        })
    }
}

/// The policy as a policy file, with LF after each line: to be stored, and read again with
/// mtasts_policy_parse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_text(
    policy: *const Policy,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            Buffer::new(buf, cap, needed)?.write_text(&policy.policy.to_string())
        })
    }
}

/// Frees a handle. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_policy_free(policy: *mut Policy) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(policy) }
}
