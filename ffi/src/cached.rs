//! A policy as it is kept.

use core::ffi::c_char;
use std::sync::Arc;

use mtasts_core::{CachedPolicy, PolicyId};

use crate::{
    error::Error,
    guard::{self, Poison, handle},
    input,
    out::{Out, TextOut},
    policy::Policy,
};

/// A policy as a store keeps it: with its id and the time of its fetch. Immutable.
#[derive(Debug)]
pub struct Cached {
    poison: Poison,
    pub(crate) cached: CachedPolicy,
}

handle!(Cached);

impl Cached {
    pub(crate) fn new(cached: CachedPolicy) -> Self {
        Self { poison: Poison::default(), cached }
    }
}

/// Puts together what a store has kept: the policy, the id that the TXT record announced, when the
/// policy was fetched and when the domain was last asked for (Unix milliseconds). Free `*out` with
/// mtasts_cached_free; the policy remains the caller's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_new(
    policy: *const Policy,
    id: *const c_char,
    id_len: usize,
    fetched_at_ms: u64,
    last_used_ms: u64,
    out: *mut *mut Cached,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(policy, |policy| {
            let out = Out::new(out)?;
            let id = input::octets(id.cast(), id_len)?;
            out.set_new(Cached::new(CachedPolicy {
                policy: Arc::clone(&policy.policy),
                id: PolicyId::parse(id).ok_or(Error::ID)?,
                fetched_at: input::time(fetched_at_ms),
                last_used: input::time(last_used_ms),
            }));
            Ok(())
        })
    }
}

/// The policy. Free `*out` with mtasts_policy_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_policy(cached: *const Cached, out: *mut *mut Policy) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(cached, |cached| {
            Out::new(out)?.set_new(Policy::new(Arc::clone(&cached.cached.policy)));
            Ok(())
        })
    }
}

/// The id. Borrowed from `cached`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_id(
    cached: *const Cached,
    id: *mut *const c_char,
    id_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(cached, |cached| {
            TextOut::new(id, id_len)?.lend(cached.cached.id.as_str());
            Ok(())
        })
    }
}

/// When the policy was fetched, in Unix milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_fetched_at(cached: *const Cached, out: *mut u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(cached, |cached| {
            Out::new(out)?.set(cached.cached.fetched_at.0);
            Ok(())
        })
    }
}

/// When the domain was last asked for, in Unix milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_last_used(cached: *const Cached, out: *mut u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(cached, |cached| {
            Out::new(out)?.set(cached.cached.last_used.0);
            Ok(())
        })
    }
}

/// The last moment at which the policy governs, in Unix milliseconds. A store may forget it then.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_expires_at(cached: *const Cached, out: *mut u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(cached, |cached| {
            Out::new(out)?.set(cached.cached.expires_at().0);
            Ok(())
        })
    }
}

/// Frees what mtasts_cached_new has made. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_cached_free(cached: *mut Cached) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(cached) }
}
