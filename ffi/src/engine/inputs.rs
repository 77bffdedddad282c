//! One function for each kind of input.

use core::ffi::{c_char, c_void};
use std::sync::Arc;

use mtasts_core::{DnsFailure, FetchFailure, Input, LookupId, RequestId, TxtAnswer};

use super::Engine;
use crate::{
    cached::Cached,
    dns::DnsAnswer,
    error::{Error, name},
    guard, input,
    policy::response,
};

/// Somebody wants the decision for a lookup key and waits until `deadline_ms` (Unix milliseconds). The
/// answer comes as a MTASTS_OUTPUT_ANSWER with this `lookup`, a number of the caller's choice that no
/// waiting lookup has; exactly one does, by the deadline, if timeouts are handled.
///
/// Errors: see mtasts_error_is_no_domain; MTASTS_ERR_DUPLICATE_LOOKUP, MTASTS_ERR_BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_resolve(
    engine: *mut Engine,
    lookup: u32,
    key: *const c_char,
    key_len: usize,
    deadline_ms: u64,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let domain = input::domain(key, key_len)?;
            let (lookup, deadline) = (LookupId(lookup), input::time(deadline_ms));
            engine.handle(Input::Resolve { lookup, domain, deadline }, now_ms)
        })
    }
}

/// As mtasts_engine_resolve, when mail for the domain is about to be bounced: the TXT record is checked
/// first (RFC 8461 section 5.1 step 3), and the answer says whether bouncing is allowed
/// (mtasts_output_bounce).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_recheck(
    engine: *mut Engine,
    lookup: u32,
    key: *const c_char,
    key_len: usize,
    deadline_ms: u64,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let domain = input::domain(key, key_len)?;
            let (lookup, deadline) = (LookupId(lookup), input::time(deadline_ms));
            engine.handle(Input::Recheck { lookup, domain, deadline }, now_ms)
        })
    }
}

/// Nobody waits for this lookup any more; it will not be answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_cancel(
    engine: *mut Engine,
    lookup: u32,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            engine.handle(Input::Cancel { lookup: LookupId(lookup) }, now_ms)
        })
    }
}

/// The answer to a MTASTS_OUTPUT_QUERY_TXT: the records as for mtasts_record_select, none when the name
/// or the type does not exist, and the smallest TTL of the answer, or the negative TTL, in seconds.
///
/// Errors: MTASTS_ERR_UNKNOWN_REQUEST, MTASTS_ERR_WRONG_ANSWER; the same for all answers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_txt_answer(
    engine: *mut Engine,
    request: u32,
    records: *const *const c_char,
    lengths: *const usize,
    count: usize,
    ttl: u32,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let records = input::records(records, lengths, count)?;
            let records = records.into_iter().map(<[u8]>::to_vec).collect();
            let answer = Ok(TxtAnswer { records, ttl });
            engine.handle(Input::TxtAnswer { request: RequestId(request), answer }, now_ms)
        })
    }
}

/// As mtasts_engine_txt_answer, with what mtasts_dns_decode has made of a message: also when that says
/// that the resolver could not answer. `answer` remains the caller's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_txt_decoded(
    engine: *mut Engine,
    request: u32,
    answer: *const DnsAnswer,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let answer = answer.as_ref().ok_or(Error::NULL)?;
            let answer = answer.answer.clone().into_txt();
            let answer = answer.map_err(|failure| (failure, Arc::from("")));
            engine.handle(Input::TxtAnswer { request: RequestId(request), answer }, now_ms)
        })
    }
}

/// A MTASTS_OUTPUT_QUERY_TXT failed: `failure` is MTASTS_ERR_DNS_TIMEOUT, _SERVFAIL, _REFUSED or _FAILED.
/// `detail` is what people should read of it besides (a server's address); it may be empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_txt_failed(
    engine: *mut Engine,
    request: u32,
    failure: i32,
    detail: *const c_char,
    detail_len: usize,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let failure = DnsFailure::from_code(&name(failure).to_string_lossy());
            let failure = failure.ok_or(Error::VALUE)?;
            let answer = Err((failure, Arc::from(input::text(detail, detail_len)?)));
            engine.handle(Input::TxtAnswer { request: RequestId(request), answer }, now_ms)
        })
    }
}

/// The answer to a MTASTS_OUTPUT_FETCH_POLICY: a complete HTTP response with its content coding undone.
/// `content_type` is the field's value, NULL where there is none. Responses of any status are told this
/// way.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_fetch_answer(
    engine: *mut Engine,
    request: u32,
    status: u16,
    content_type: *const c_char,
    content_type_len: usize,
    body: *const c_void,
    body_len: usize,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let answer = response(status, content_type, content_type_len, body, body_len)?;
            let (request, answer) = (RequestId(request), Ok(answer));
            engine.handle(Input::FetchAnswer { request, answer }, now_ms)
        })
    }
}

/// A MTASTS_OUTPUT_FETCH_POLICY brought no complete response: `failure` is a MTASTS_ERR_FETCH_... that is
/// not marked as a result only. `detail` is what people should read of it besides (a TLS alert, an
/// address); it may be empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_fetch_failed(
    engine: *mut Engine,
    request: u32,
    failure: i32,
    detail: *const c_char,
    detail_len: usize,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let failure = FetchFailure::from_code(&name(failure).to_string_lossy());
            let failure = failure.ok_or(Error::VALUE)?;
            let answer = Err((failure, Arc::from(input::text(detail, detail_len)?)));
            engine.handle(Input::FetchAnswer { request: RequestId(request), answer }, now_ms)
        })
    }
}

/// The answer to a MTASTS_OUTPUT_LOAD: what the store holds, or NULL if that is nothing, or the store
/// failed. `cached` is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_loaded(
    engine: *mut Engine,
    request: u32,
    cached: *const Cached,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let policy = cached.as_ref().map(|cached| cached.cached.clone());
            engine.handle(Input::Loaded { request: RequestId(request), policy }, now_ms)
        })
    }
}

/// A MTASTS_OUTPUT_STORE is durable, or the store gave up on it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_stored(
    engine: *mut Engine,
    request: u32,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            engine.handle(Input::Stored { request: RequestId(request) }, now_ms)
        })
    }
}

/// Gives the engine a policy that was kept, before anybody has asked. It never replaces a newer one,
/// and what has expired is passed over. `cached` is copied.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_engine_restore(
    engine: *mut Engine,
    domain: *const c_char,
    domain_len: usize,
    cached: *const Cached,
    now_ms: u64,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(engine, |engine| {
            let policy = cached.as_ref().ok_or(Error::NULL)?.cached.clone();
            let domain = input::domain(domain, domain_len)?;
            engine.handle(Input::Restore { domain, policy }, now_ms)
        })
    }
}

impl Engine {
    fn handle(&mut self, input: Input, now_ms: u64) -> Result<(), Error> {
        Ok(self.engine.handle_input(input, input::time(now_ms))?)
    }
}
