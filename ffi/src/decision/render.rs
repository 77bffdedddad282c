//! Decisions as MTAs and people read them.

use core::ffi::c_char;

use mtasts_core::render;

use super::Decision;
use crate::{error::Error, guard, input, out::Buffer};

/// The reply for Postfix's `smtp_tls_policy_maps`: `OK secure match=...`, `NOTFOUND ` or `TEMP ...`.
pub const MTASTS_FORMAT_POSTFIX: i32 = 1;
/// As MTASTS_FORMAT_POSTFIX, with the attributes for TLSRPT that Postfix takes from 3.10 on.
pub const MTASTS_FORMAT_POSTFIX_TLSRPT: i32 = 2;
/// The reply for Sendmail's `sts` map (`FEATURE(sts)`).
pub const MTASTS_FORMAT_SENDMAIL: i32 = 3;

/// The decision for `domain` (a lookup key) as a MTA reads it, in a MTASTS_FORMAT_...
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_render(
    decision: *const Decision,
    format: i32,
    domain: *const c_char,
    domain_len: usize,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let buffer = Buffer::new(buf, cap, needed)?;
            let mut text = String::new();
            match format {
                MTASTS_FORMAT_POSTFIX => render::postfix(&decision.decision, &mut text),
                MTASTS_FORMAT_POSTFIX_TLSRPT => {
                    let domain = input::domain(domain, domain_len)?;
                    render::postfix_tlsrpt(&decision.decision, &domain, &mut text);
                }
                MTASTS_FORMAT_SENDMAIL => render::sendmail(&decision.decision, &mut text),
                _ => return Err(Error::VALUE),
            }
            buffer.write_text(&text)
        })
    }
}

/// The decision for `domain` (a lookup key) as a JSON object on one line; docs/c-api.md has its
/// members. `now_ms` is the time in Unix milliseconds. Of a decision that a daemon has made, this is
/// what the daemon wrote.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_json(
    decision: *const Decision,
    domain: *const c_char,
    domain_len: usize,
    now_ms: u64,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let buffer = Buffer::new(buf, cap, needed)?;
            if let Some(told) = &decision.told {
                return buffer.write_text(&told.json);
            }
            let domain = input::domain(domain, domain_len)?;
            buffer.write_text(&render::json(&decision.decision, &domain, input::time(now_ms)))
        })
    }
}

/// The decision in a sentence, for logs: which policy, from where, how old, and what failed. `now_ms`
/// is the time in Unix milliseconds. Of a decision that a daemon has made, this is what the daemon said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_decision_explain(
    decision: *const Decision,
    now_ms: u64,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(decision, |decision| {
            let buffer = Buffer::new(buf, cap, needed)?;
            match &decision.told {
                Some(told) => buffer.write_text(&told.explanation),
                None => {
                    let text = decision.decision.explain(input::time(now_ms)).to_string();
                    buffer.write_text(&text)
                }
            }
        })
    }
}
