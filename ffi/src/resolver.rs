//! DNS, HTTPS and a cache file, all in one.

use core::{
    ffi::c_char,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use std::{
    process,
    sync::{Arc, Mutex, PoisonError},
};

use mtasts_core::Bounce;

use crate::{
    decision::Decision,
    engine::output::{MTASTS_BOUNCE_ALLOWED, MTASTS_BOUNCE_FORBIDDEN},
    error::{Error, MTASTS_ERR_FORKED},
    guard::{self, Poison, handle},
    input,
    out::{Buffer, Out},
};

pub mod options;
mod running;

use options::{ResolverOptions, Settings};
use running::{Running, StartError};

/// Resolves lookup keys by itself: with DNS queries, HTTPS fetches and, if it is told of one, a cache
/// file that several processes may share. Any number of threads may use it.
///
/// The first lookup starts its threads, which block all signals: one for the network and, with a cache
/// file, one for that. A child of fork() does not have them: what was used before the fork returns
/// MTASTS_ERR_FORKED in the child, where it may be freed (its memory is not given back). What was not
/// used before works in the child. So a mail server that forks makes a resolver early and uses it late,
/// or, better, asks a daemon: see mtasts_client.
///
/// It reads /etc/resolv.conf and the system's trusted certificates, for which it looks at the environment
/// (SSL_CERT_FILE and SSL_CERT_DIR), unless it is told otherwise.
#[derive(Debug)]
pub struct Resolver {
    poison: Poison,
    settings: Settings,
    running: Mutex<Option<Arc<Running>>>,
    /// The process whose threads these are; 0 before there are any.
    process: AtomicU32,
}

handle!(Resolver);

/// Makes a resolver. `options` may be NULL; they are copied. Nothing is opened or started yet. Free
/// `*out` with mtasts_resolver_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_new(
    options: *const ResolverOptions,
    out: *mut *mut Resolver,
) -> i32 {
    let make = |settings| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        let (poison, running) = (Poison::default(), Mutex::new(None));
        out.set_new(Resolver { poison, settings, running, process: AtomicU32::new(0) });
        Ok(())
    };
    if options.is_null() {
        return guard::entry(|| make(Settings::default()));
    }
    // SAFETY: the header asks for it.
    unsafe { guard::shared(options, |options| make(options.settings.clone())) }
}

/// Starts a resolver before its first lookup, to learn in time whether it can be started. If it cannot,
/// it says why in words for a log: they are written to `buf`, cut to its size, with a NUL. On success
/// nothing is written there.
///
/// Errors: MTASTS_ERR_RESOLVER_..., MTASTS_ERR_FORKED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_start(
    resolver: *const Resolver,
    buf: *mut c_char,
    cap: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(resolver, |resolver| {
            let buffer = Buffer::new(buf, cap, core::ptr::null_mut())?;
            resolver.check_process()?;
            resolver.running().map(drop).map_err(|error| {
                buffer.write_cut(&error.words);
                error.error
            })
        })
    }
}

/// The decision for a lookup key, from what is known or discovered within `timeout_ms`. Blocks until
/// then at most. Free `*out` with mtasts_decision_free.
///
/// Errors: see mtasts_error_is_no_domain. For all others hold the mail: MTASTS_ERR_BUSY,
/// MTASTS_ERR_RESOLVER_..., MTASTS_ERR_FORKED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_lookup(
    resolver: *const Resolver,
    key: *const c_char,
    key_len: usize,
    timeout_ms: u32,
    out: *mut *mut Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(resolver, |resolver| {
            let out = Out::new(out)?;
            let domain = input::domain(key, key_len)?;
            let running = resolver.ready()?;
            let decision = running.lookup(domain, Duration::from_millis(timeout_ms.into()))?;
            out.set_new(Decision::new(decision));
            Ok(())
        })
    }
}

/// As mtasts_resolver_lookup, when mail for the domain is about to be bounced: asks DNS whatever is known
/// (RFC 8461 section 5.1 step 3), and writes to `bounce` whether a message may now be failed permanently:
/// MTASTS_BOUNCE_ALLOWED or MTASTS_BOUNCE_FORBIDDEN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_recheck(
    resolver: *const Resolver,
    key: *const c_char,
    key_len: usize,
    timeout_ms: u32,
    out: *mut *mut Decision,
    bounce: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(resolver, |resolver| {
            let (out, bounce) = (Out::new(out)?, Out::new(bounce)?);
            let domain = input::domain(key, key_len)?;
            let running = resolver.ready()?;
            let within = Duration::from_millis(timeout_ms.into());
            let (decision, ruling) = running.recheck(domain, within)?;
            out.set_new(Decision::new(decision));
            bounce.set(match ruling {
                Bounce::Allowed => MTASTS_BOUNCE_ALLOWED,
                Bounce::Forbidden => MTASTS_BOUNCE_FORBIDDEN,
            });
            Ok(())
        })
    }
}

impl Resolver {
    fn ready(&self) -> Result<Arc<Running>, Error> {
        self.check_process()?;
        self.running().map_err(|error| error.error)
    }

    /// Comes before the lock, which a thread of the parent may have held during the fork.
    fn check_process(&self) -> Result<(), Error> {
        let process = self.process.load(Ordering::Acquire);
        if process == 0 || process == process::id() { Ok(()) } else { Err(Error::FORKED) }
    }

    fn running(&self) -> Result<Arc<Running>, StartError> {
        let mut place = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = &*place {
            return Ok(Arc::clone(running));
        }
        let running = Arc::new(Running::start(&self.settings)?);
        self.process.store(process::id(), Ordering::Release);
        *place = Some(Arc::clone(&running));
        Ok(running)
    }
}

impl Drop for Resolver {
    fn drop(&mut self) {
        if self.check_process().is_err() {
            // The threads that could be stopped are in the parent process.
            let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
            core::mem::forget(running.take());
        }
    }
}

impl Error {
    const FORKED: Self = Self::of(MTASTS_ERR_FORKED);
}

/// Frees a resolver and ends its threads; waits for them. Call it when no thread is using it. NULL is
/// fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_free(resolver: *mut Resolver) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(resolver) }
}
