//! Decisions.

use core::ffi::c_char;
use std::sync::Arc;

use mtasts_client::FailureText;
use mtasts_core::{Applied, Decision as CoreDecision, Source, UnixMillis, Unprotected};

use crate::{
    error::{Error, MTASTS_OK},
    guard::{self, Poison, handle},
    input,
    out::{Buffer, Out, TextOut},
    policy::{Policy, matches},
};

pub mod judge;
pub mod render;

/// Deliver only over verified TLS to a host that the policy names (RFC 8461 section 5).
pub const MTASTS_ACTION_ENFORCE: i32 = 1;
/// Deliver as without a policy, and report what MTASTS_ACTION_ENFORCE would have refused.
pub const MTASTS_ACTION_TESTING: i32 = 2;
/// Deliver as without a policy: the domain's policy says `mode: none`.
pub const MTASTS_ACTION_NONE: i32 = 3;
/// Deliver as without a policy: there is none, or none could be discovered.
pub const MTASTS_ACTION_NO_POLICY: i32 = 4;
/// Hold the mail and ask again later.
pub const MTASTS_ACTION_TEMP_FAIL: i32 = 5;

/// Fetched to answer this lookup.
pub const MTASTS_SOURCE_LIVE: i32 = 1;
/// Kept from before.
pub const MTASTS_SOURCE_CACHED: i32 = 2;

/// What a sender should do with mail for a Policy Domain, and why. Immutable.
#[derive(Debug)]
pub struct Decision {
    poison: Poison,
    decision: CoreDecision,
    /// What a daemon says of it, if it comes from one.
    told: Option<Box<Told>>,
}

/// A daemon's words.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) json: String,
    pub(crate) explanation: String,
    pub(crate) failure: Option<FailureText>,
}

handle!(Decision);

impl Decision {
    pub(crate) fn new(decision: CoreDecision) -> Self {
        Self { poison: Poison::default(), decision, told: None }
    }

    pub(crate) fn told(decision: CoreDecision, told: Told) -> Self {
        Self { poison: Poison::default(), decision, told: Some(Box::new(told)) }
    }

    fn applied(&self) -> Result<&Applied, Error> {
        self.decision.policy().ok_or(Error::ABSENT)
    }

    /// What went wrong: its code, when it was learnt, and the words on it.
    fn failure(&self) -> Option<(i32, UnixMillis, String)> {
        let with = |message: &str, detail: &str| {
            if detail.is_empty() { message.to_owned() } else { format!("{message} ({detail})") }
        };
        if let Some(told) = &self.told {
            let failure = told.failure.as_ref()?;
            let code = Error::from_name(&failure.code).unwrap_or(Error::OTHER).code();
            return Some((code, failure.at, with(&failure.message, &failure.detail)));
        }
        let failure = self.decision.failure()?;
        let text = with(&failure.kind.to_string(), &failure.detail);
        Some((Error::from(failure.kind).code(), failure.at, text))
    }
}

/// What to do: a MTASTS_ACTION_... An error, and an action that you do not know, mean: hold the mail
/// and ask again later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_action(decision: *const Decision) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            Ok(match &decision.decision {
                CoreDecision::Enforce(_) => MTASTS_ACTION_ENFORCE,
                CoreDecision::Testing(_) => MTASTS_ACTION_TESTING,
                CoreDecision::Opportunistic(Unprotected { none: Some(_), .. }) => {
                    MTASTS_ACTION_NONE
                }
                CoreDecision::Opportunistic(_) => MTASTS_ACTION_NO_POLICY,
                CoreDecision::TempFail(_) => MTASTS_ACTION_TEMP_FAIL,
            })
        })
    }
}

/// The policy that governs or, for MTASTS_ACTION_NONE, says that nothing does. Free `*out` with
/// mtasts_policy_free. MTASTS_ERR_ABSENT without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_policy(
    decision: *const Decision,
    out: *mut *mut Policy,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            out.set_new(Policy::new(Arc::clone(&decision.applied()?.policy)));
            Ok(())
        })
    }
}

/// How many MX patterns the policy has. 0 without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_mx_count(decision: *const Decision) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            Ok(decision.decision.policy().map_or(0, |applied| applied.policy.mx().len()))
        })
    }
}

/// The policy's MX pattern with this index, from 0: see mtasts_policy_mx. Borrowed from the decision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_mx(
    decision: *const Decision,
    index: usize,
    pattern: *mut *const c_char,
    pattern_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = TextOut::new(pattern, pattern_len)?;
            let applied = decision.decision.policy().ok_or(Error::INDEX)?;
            out.lend(applied.policy.mx().get(index).ok_or(Error::INDEX)?.as_str());
            Ok(())
        })
    }
}

/// Whether one of the policy's MX patterns matches an MX host: writes 1 or 0; 0 without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_matches(
    decision: *const Decision,
    host: *const c_char,
    host_len: usize,
    out: *mut i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            let host = input::octets(host.cast(), host_len)?;
            out.set(decision.decision.policy().map_or(0, |applied| matches(&applied.policy, host)));
            Ok(())
        })
    }
}

/// Where the policy comes from: MTASTS_SOURCE_LIVE or _CACHED. MTASTS_ERR_ABSENT without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_source(decision: *const Decision) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            Ok(match decision.applied()?.source {
                Source::Live => MTASTS_SOURCE_LIVE,
                Source::Cached => MTASTS_SOURCE_CACHED,
            })
        })
    }
}

/// The id under which the policy was fetched. Borrowed from the decision. MTASTS_ERR_ABSENT without a
/// policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_id(
    decision: *const Decision,
    id: *mut *const c_char,
    id_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = TextOut::new(id, id_len)?;
            out.lend(decision.applied()?.id.as_str());
            Ok(())
        })
    }
}

/// When the policy was fetched, in Unix milliseconds. MTASTS_ERR_ABSENT without a policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_fetched_at(
    decision: *const Decision,
    out: *mut u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            out.set(decision.applied()?.fetched_at.0);
            Ok(())
        })
    }
}

/// The last moment at which the policy governs, in Unix milliseconds. MTASTS_ERR_ABSENT without a
/// policy.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_expires_at(
    decision: *const Decision,
    out: *mut u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            out.set(decision.applied()?.expires_at().0);
            Ok(())
        })
    }
}

/// What went wrong last with the domain's discovery or refresh: writes a MTASTS_ERR_DNS_..., _RECORD_...,
/// _FETCH_... or _POLICY_..., or MTASTS_OK if nothing did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_failure(decision: *const Decision, out: *mut i32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            out.set(decision.failure().map_or(MTASTS_OK, |(code, _, _)| code));
            Ok(())
        })
    }
}

/// When it went wrong, in Unix milliseconds. MTASTS_ERR_ABSENT if nothing did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_failure_at(
    decision: *const Decision,
    out: *mut u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let out = Out::new(out)?;
            let (_, at, _) = decision.failure().ok_or(Error::ABSENT)?;
            out.set(at.0);
            Ok(())
        })
    }
}

/// What went wrong, in words, with the details that were told. MTASTS_ERR_ABSENT if nothing did.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_failure_text(
    decision: *const Decision,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let buffer = Buffer::new(buf, cap, needed)?;
            let (_, _, text) = decision.failure().ok_or(Error::ABSENT)?;
            buffer.write_text(&text)
        })
    }
}

/// A copy that is the caller's: of a decision that is borrowed from an engine. Free `*out` with
/// mtasts_decision_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_clone(
    decision: *const Decision,
    out: *mut *mut Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            Out::new(out)?.set_new(Decision {
                poison: Poison::default(),
                decision: decision.decision.clone(),
                told: decision.told.clone(),
            });
            Ok(())
        })
    }
}

/// Frees a decision that is the caller's (from mtasts_client_lookup, mtasts_resolver_lookup or
/// mtasts_decision_clone), never one that is borrowed. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_free(decision: *mut Decision) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(decision) }
}
