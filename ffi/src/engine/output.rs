//! What an engine asks of its host.

use core::ffi::c_char;

use mtasts_core::{AlertKind, Bounce, LookupId, Output as CoreOutput, PolicyDomain, RequestId};

use crate::{
    cached::Cached,
    decision::Decision,
    error::Error,
    guard::{self, Poison, handle},
    out::{Buffer, Out, TextOut},
};

/// Ask DNS for the TXT records at `name`, following CNAMEs. Answer with mtasts_engine_txt_answer,
/// _txt_decoded or _txt_failed. Has: request, domain, name, deadline.
pub const MTASTS_OUTPUT_QUERY_TXT: i32 = 1;
/// GET `https://host/path`, without following redirects or using an HTTP cache, with `host` as SNI and
/// as the name that the certificate must be valid for. Answer with mtasts_engine_fetch_answer or
/// _fetch_failed. Has: request, domain, host, path, deadline, max_bytes.
pub const MTASTS_OUTPUT_FETCH_POLICY: i32 = 2;
/// Look for a stored policy. Answer with mtasts_engine_loaded. Has: request, domain.
pub const MTASTS_OUTPUT_LOAD: i32 = 3;
/// Keep a policy, replacing an older one. Answer with mtasts_engine_stored once it is durable; answers
/// that use the policy wait for that. Has: request, domain, cached.
pub const MTASTS_OUTPUT_STORE: i32 = 4;
/// The stored policy of this domain governs nothing any more. Has: domain.
pub const MTASTS_OUTPUT_REMOVE: i32 = 5;
/// The answer to a lookup. Has: lookup, decision, bounce.
pub const MTASTS_OUTPUT_ANSWER: i32 = 6;
/// Something that an administrator should know. Has: domain, message.
pub const MTASTS_OUTPUT_ALERT: i32 = 7;

/// The lookup was no recheck.
pub const MTASTS_BOUNCE_NOT_ASKED: i32 = 0;
/// No newer policy is announced: the ordinary rules for retries apply.
pub const MTASTS_BOUNCE_ALLOWED: i32 = 1;
/// A newer policy may be there, or DNS could not tell: try again later.
pub const MTASTS_BOUNCE_FORBIDDEN: i32 = 2;

/// Something that an engine asks of its host, or an answer. Which members it has depends on its kind;
/// for others MTASTS_ERR_ABSENT is returned. Borrowed from the engine, as is all that is borrowed from it.
#[derive(Debug)]
pub struct Output {
    poison: Poison,
    output: CoreOutput,
    cached: Option<Cached>,
    decision: Option<Decision>,
}

handle!(Output);

impl Output {
    pub(super) fn new(output: CoreOutput) -> Self {
        let (mut cached, mut decision) = (None, None);
        if let CoreOutput::Store { policy, .. } = &output {
            cached = Some(Cached::new(policy.clone()));
        }
        if let CoreOutput::Answer { decision: answer, .. } = &output {
            decision = Some(Decision::new(answer.clone()));
        }
        Self { poison: Poison::default(), output, cached, decision }
    }

    const fn request(&self) -> Option<RequestId> {
        match &self.output {
            CoreOutput::QueryTxt { request, .. }
            | CoreOutput::FetchPolicy { request, .. }
            | CoreOutput::Load { request, .. }
            | CoreOutput::Store { request, .. } => Some(*request),
            CoreOutput::Remove { .. } | CoreOutput::Answer { .. } | CoreOutput::Alert { .. } => {
                None
            }
        }
    }

    const fn domain(&self) -> Option<&PolicyDomain> {
        match &self.output {
            CoreOutput::QueryTxt { domain, .. }
            | CoreOutput::FetchPolicy { domain, .. }
            | CoreOutput::Load { domain, .. }
            | CoreOutput::Store { domain, .. }
            | CoreOutput::Remove { domain }
            | CoreOutput::Alert { domain, .. } => Some(domain),
            CoreOutput::Answer { .. } => None,
        }
    }
}

/// Which kind it is: a MTASTS_OUTPUT_... Pass over kinds that you do not know.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_kind(output: *const Output) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            Ok(match &output.output {
                CoreOutput::QueryTxt { .. } => MTASTS_OUTPUT_QUERY_TXT,
                CoreOutput::FetchPolicy { .. } => MTASTS_OUTPUT_FETCH_POLICY,
                CoreOutput::Load { .. } => MTASTS_OUTPUT_LOAD,
                CoreOutput::Store { .. } => MTASTS_OUTPUT_STORE,
                CoreOutput::Remove { .. } => MTASTS_OUTPUT_REMOVE,
                CoreOutput::Answer { .. } => MTASTS_OUTPUT_ANSWER,
                CoreOutput::Alert { .. } => MTASTS_OUTPUT_ALERT,
            })
        })
    }
}

/// The number that the answer must carry.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_request(output: *const Output, out: *mut u32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            let RequestId(request) = output.request().ok_or(Error::ABSENT)?;
            out.set(request);
            Ok(())
        })
    }
}

/// The Policy Domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_domain(
    output: *const Output,
    domain: *mut *const c_char,
    domain_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = TextOut::new(domain, domain_len)?;
            out.lend(output.domain().ok_or(Error::ABSENT)?.as_str());
            Ok(())
        })
    }
}

/// The name to ask DNS for: `_mta-sts.` and the Policy Domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_name(
    output: *const Output,
    name: *mut *const c_char,
    name_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = TextOut::new(name, name_len)?;
            let CoreOutput::QueryTxt { name, .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            out.lend(name.as_str());
            Ok(())
        })
    }
}

/// The policy host: `mta-sts.` and the Policy Domain.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_host(
    output: *const Output,
    host: *mut *const c_char,
    host_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = TextOut::new(host, host_len)?;
            let CoreOutput::FetchPolicy { host, .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            out.lend(host.as_str());
            Ok(())
        })
    }
}

/// The path of the policy: `/.well-known/mta-sts.txt`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_path(
    output: *const Output,
    path: *mut *const c_char,
    path_len: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = TextOut::new(path, path_len)?;
            let CoreOutput::FetchPolicy { path, .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            out.lend(*path);
            Ok(())
        })
    }
}

/// When an answer is no longer of use, in Unix milliseconds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_deadline(output: *const Output, out: *mut u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            let (CoreOutput::QueryTxt { deadline, .. } | CoreOutput::FetchPolicy { deadline, .. }) =
                &output.output
            else {
                return Err(Error::ABSENT);
            };
            out.set(deadline.0);
            Ok(())
        })
    }
}

/// Stop reading the body beyond this many octets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_max_bytes(output: *const Output, out: *mut usize) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            let CoreOutput::FetchPolicy { max_bytes, .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            out.set(*max_bytes);
            Ok(())
        })
    }
}

/// The policy to be kept, with its id and times.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_cached(
    output: *const Output,
    out: *mut *const Cached,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            out.set(output.cached.as_ref().ok_or(Error::ABSENT)?);
            Ok(())
        })
    }
}

/// The number of the lookup that is answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_lookup(output: *const Output, out: *mut u32) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            let CoreOutput::Answer { lookup: LookupId(lookup), .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            out.set(*lookup);
            Ok(())
        })
    }
}

/// The decision. mtasts_decision_clone makes it yours.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_decision(
    output: *const Output,
    out: *mut *const Decision,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let out = Out::new(out)?;
            out.set(output.decision.as_ref().ok_or(Error::ABSENT)?);
            Ok(())
        })
    }
}

/// Whether a message may now be failed permanently (RFC 8461 section 5.1): a MTASTS_BOUNCE_... Treat a
/// number that you do not know as MTASTS_BOUNCE_FORBIDDEN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_bounce(output: *const Output) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let CoreOutput::Answer { bounce, .. } = &output.output else {
                return Err(Error::ABSENT);
            };
            Ok(match bounce {
                None => MTASTS_BOUNCE_NOT_ASKED,
                Some(Bounce::Allowed) => MTASTS_BOUNCE_ALLOWED,
                Some(Bounce::Forbidden) => MTASTS_BOUNCE_FORBIDDEN,
            })
        })
    }
}

/// What the administrator should know, in a sentence without its full stop.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_output_message(
    output: *const Output,
    buf: *mut c_char,
    cap: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::shared(output, |output| {
            let buffer = Buffer::new(buf, cap, needed)?;
            let CoreOutput::Alert { domain, kind } = &output.output else {
                return Err(Error::ABSENT);
            };
            let AlertKind::RefreshFailed { failure, expires_at } = kind;
            let left = expires_at.since(failure.at).as_secs();
            buffer.write_text(&format!(
                "the cached policy of {domain} ends in {left} s and cannot be refreshed: {}",
                failure.kind
            ))
        })
    }
}
