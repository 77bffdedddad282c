//! The engine.

use core::{ffi::c_char, ptr};

use mtasts_core::{Engine as CoreEngine, UnixMillis, WakeReason};

use crate::{
    config::Config,
    decision::Decision,
    error::Error,
    guard::{self, Poison, entry, handle},
    input,
    out::Out,
};

pub mod inputs;
pub mod output;

use output::Output;

/// Nothing is to be done at any time.
pub const MTASTS_NEVER: u64 = 0xffff_ffff_ffff_ffff;

/// There is no need to wake.
pub const MTASTS_WAKE_NEVER: i32 = 0;
/// A lookup must be answered.
pub const MTASTS_WAKE_LOOKUP_DEADLINE: i32 = 1;
/// A request got no answer in time.
pub const MTASTS_WAKE_REQUEST_DEADLINE: i32 = 2;
/// A policy is to be refreshed, or something remembered has ended.
pub const MTASTS_WAKE_MAINTENANCE: i32 = 3;

/// Discovers, remembers and applies policies, without doing any I/O itself: the host carries out its
/// outputs, gives it inputs, and tells it the time. One thread at a time may use it.
#[derive(Debug)]
pub struct Engine {
    poison: Poison,
    pub(crate) engine: CoreEngine,
    /// What was lent last.
    answer: Option<Decision>,
    output: Option<Output>,
}

handle!(Engine);

/// Makes an engine that knows nothing yet. `config` may be NULL for the default settings; it is copied.
/// Free `*out` with mtasts_engine_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_new(config: *const Config, out: *mut *mut Engine) -> i32 {
    let make = |config| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        let engine = CoreEngine::new(config);
        out.set_new(Engine { poison: Poison::default(), engine, answer: None, output: None });
        Ok(())
    };
    if config.is_null() {
        return entry(|| make(mtasts_core::Config::default()));
    }
    // SAFETY: the header asks for it.
    unsafe { guard::shared(config, |config| make(config.config.clone())) }
}

/// The decision for a lookup key, if it can be given at once: from an unexpired policy, or from a
/// remembered absence or failure. Else `*out` is NULL: call mtasts_engine_resolve. The decision is
/// borrowed until the next call that changes the engine; mtasts_decision_clone makes it yours.
///
/// A policy that is due for a check is checked in the background, so poll outputs afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_lookup(
    engine: *mut Engine,
    key: *const c_char,
    key_len: usize,
    now_ms: u64,
    out: *mut *const Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let out = Out::new(out)?;
            let domain = input::domain(key, key_len)?;
            engine.lend(out, |engine, now| engine.lookup(&domain, now), now_ms);
            Ok(())
        })
    }
}

/// As mtasts_engine_lookup, for a look at what is remembered: counts as no use and starts nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_peek(
    engine: *mut Engine,
    key: *const c_char,
    key_len: usize,
    now_ms: u64,
    out: *mut *const Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let out = Out::new(out)?;
            let domain = input::domain(key, key_len)?;
            engine.lend(out, |engine, now| engine.peek(&domain, now), now_ms);
            Ok(())
        })
    }
}

impl Engine {
    fn lend(
        &mut self,
        out: Out<*const Decision>,
        ask: impl FnOnce(&mut CoreEngine, UnixMillis) -> Option<mtasts_core::Decision>,
        now_ms: u64,
    ) {
        let decision = ask(&mut self.engine, input::time(now_ms));
        self.answer = decision.map(Decision::new);
        out.set(self.answer.as_ref().map_or(ptr::null(), ptr::from_ref));
    }
}

/// Does everything that is due: answers lookups whose deadline has passed, gives up on requests,
/// refreshes policies, forgets what has ended. Poll outputs afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_handle_timeout(engine: *mut Engine, now_ms: u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            engine.engine.handle_timeout(input::time(now_ms));
            Ok(())
        })
    }
}

/// The next thing to do, or NULL in `*out` when there is none. It is borrowed until the next call that
/// changes the engine: take what you need before you give it an input.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_poll_output(
    engine: *mut Engine,
    out: *mut *const Output,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let out = Out::new(out)?;
            engine.output = engine.engine.poll_output().map(Output::new);
            out.set(engine.output.as_ref().map_or(ptr::null(), ptr::from_ref));
            Ok(())
        })
    }
}

/// When mtasts_engine_handle_timeout should be called next (Unix milliseconds, MTASTS_NEVER for never)
/// and why (MTASTS_WAKE_...). Once it has been called for a moment, the next one is later than that.
/// `reason` may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_poll_timeout(
    engine: *const Engine,
    at_ms: *mut u64,
    reason: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(engine, |engine| {
            let at_ms = Out::new(at_ms)?;
            let (at, why) = match engine.engine.poll_timeout() {
                None => (UnixMillis(MTASTS_NEVER), MTASTS_WAKE_NEVER),
                Some((at, why)) => (
                    at,
                    match why {
                        WakeReason::LookupDeadline => MTASTS_WAKE_LOOKUP_DEADLINE,
                        WakeReason::RequestDeadline => MTASTS_WAKE_REQUEST_DEADLINE,
                        WakeReason::Maintenance => MTASTS_WAKE_MAINTENANCE,
                    },
                ),
            };
            at_ms.set(at.0);
            if let Ok(reason) = Out::new(reason) {
                reason.set(why);
            }
            Ok(())
        })
    }
}

/// How many domains are remembered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_domain_count(engine: *const Engine) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(engine, |engine| Ok(engine.engine.len())) }
}

/// How many lookups wait for their answer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_waiting_count(engine: *const Engine) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::shared(engine, |engine| Ok(engine.engine.waiting())) }
}

/// Replaces the settings, for what comes. The seed stays as it is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_reconfigure(
    engine: *mut Engine,
    config: *const Config,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let config = config.as_ref().ok_or(Error::NULL)?;
            engine.engine.reconfigure(config.config.clone());
            Ok(())
        })
    }
}

/// Frees an engine and what was borrowed from it. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_free(engine: *mut Engine) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(engine) }
}
