//! Socketmap replies for Postfix, and for Sendmail, which reads the same.

use alloc::string::String;
use core::fmt::Write as _;

use crate::{Decision, MxPattern, Policy, PolicyDomain, policy::Extension};

/// Longest reply that Postfix takes, in bytes: `socketmap_max_reply_size`.
pub const MAX_REPLY: usize = 100_000;

/// Room for patterns in a reply to Sendmail, in bytes. Its rules cut a `match=` of more than 255, so
/// that a pattern could end early and match another host, and take one of a thousand for no policy.
const SENDMAIL_ROOM: usize = 245;

/// Names that Postfix would take for keywords in `match`.
const KEYWORDS: [&str; 3] = ["hostname", "nexthop", "dot-nexthop"];

/// Appends the reply for `smtp_tls_policy_maps` of every Postfix since 3.4: `OK secure match=…
/// servername=hostname`, `NOTFOUND `, or `TEMP ` and a reason.
///
/// A policy in mode testing is `NOTFOUND`: it demands nothing. `*.` becomes the `.` with which
/// Postfix writes it; Postfix then also accepts names with several labels in its place.
pub fn postfix(decision: &Decision, reply: &mut String) {
    answer(decision, usize::MAX, reply);
}

/// Appends the reply of [`postfix`], with as many patterns as there is room for, in bytes.
fn answer(decision: &Decision, room: usize, reply: &mut String) {
    match decision {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5
        //# In this mode, Sending MTAs MUST NOT deliver the message to hosts that fail MX matching
        //# or certificate validation or that do not support STARTTLS.
        Decision::Enforce(applied) => {
            let mut patterns = fitting(usable(&applied.policy), room).peekable();
            match patterns.peek() {
                Some(_) => secure(patterns, reply),
                None => reply.push_str("TEMP the policy names no usable MX host"),
            }
        }
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5
        //# in any case, messages may be delivered as though there were no MTA-STS validation
        //# failure.
        Decision::Testing(_) | Decision::Opportunistic(_) => reply.push_str("NOTFOUND "),
        Decision::TempFail(unprotected) => {
            reply.push_str("TEMP ");
            match &unprotected.failure {
                Some(failure) => push(reply, format_args!("{}", failure.kind)),
                None => reply.push_str("no policy was known before the deadline"),
            }
        }
    }
}

/// As [`postfix`], with the attributes that Postfix 3.10 and later use for TLSRPT and to match MX
/// hosts exactly (`smtp_tls_enforce_sts_mx_patterns`). Earlier versions reject them.
///
/// Leaves out what would exceed [`MAX_REPLY`]: first the policy's own extensions, then all
/// `policy_string`s, then all of these attributes.
pub fn postfix_tlsrpt(decision: &Decision, domain: &PolicyDomain, reply: &mut String) {
    let start = reply.len();
    postfix(decision, reply);
    let Decision::Enforce(applied) = decision else { return };
    let plain = reply.len();
    if !reply.get(start..).is_some_and(|reply| reply.starts_with("OK ")) {
        return;
    }
    for detail in [Detail::Extensions, Detail::PolicyStrings, Detail::Patterns] {
        tlsrpt(&applied.policy, domain, detail, reply);
        if reply.len().saturating_sub(start) <= MAX_REPLY {
            return;
        }
        reply.truncate(plain);
    }
}

/// Appends the reply for Sendmail's `sts` map (`FEATURE(sts)`): that of [`postfix`], whose
/// `servername=hostname` is last, as Sendmail's rules demand.
///
/// Patterns that its rules have no room for are left out: mail to hosts that only those match waits.
pub fn sendmail(decision: &Decision, reply: &mut String) {
    answer(decision, SENDMAIL_ROOM, reply);
}

/// The first patterns for which there is room, in bytes, with a separator each.
fn fitting<'a>(
    patterns: impl Iterator<Item = &'a MxPattern>,
    mut room: usize,
) -> impl Iterator<Item = &'a MxPattern> {
    patterns.take_while(move |pattern| {
        let rest = room.checked_sub(pattern.as_str().len().saturating_add(1));
        rest.is_some_and(|rest| {
            room = rest;
            true
        })
    })
}

/// The patterns that can match a host and that Postfix takes for names. The others match nothing,
/// so leaving them out changes nothing.
fn usable(policy: &Policy) -> impl Iterator<Item = &MxPattern> {
    policy.mx().iter().filter(|mx| mx.can_match() && !KEYWORDS.contains(&mx.as_str()))
}

fn secure<'a>(patterns: impl Iterator<Item = &'a MxPattern>, reply: &mut String) {
    //= https://www.rfc-editor.org/rfc/rfc8461#section-4
    //# a Sending MTA honoring MTA-STS MUST check whether: 1. At least one of the policy's "mx"
    //# patterns matches the selected MX host
    reply.push_str("OK secure match=");
    for (index, pattern) in patterns.enumerate() {
        if index > 0 {
            reply.push(':');
        }
        match pattern.wildcard_suffix() {
            Some(suffix) => {
                reply.push('.');
                reply.push_str(suffix);
            }
            None => reply.push_str(pattern.as_str()),
        }
    }
    //= https://www.rfc-editor.org/rfc/rfc8461#section-7.1
    //# When connecting to an SMTP server, the SNI extension MUST contain the MX hostname.
    reply.push_str(" servername=hostname");
}

/// How much of a policy a reply repeats.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    Patterns,
    PolicyStrings,
    Extensions,
}

fn tlsrpt(policy: &Policy, domain: &PolicyDomain, detail: Detail, reply: &mut String) {
    reply.push_str(" policy_type=sts policy_domain=");
    reply.push_str(domain.as_str());
    for pattern in usable(policy) {
        reply.push_str(" mx_host_pattern=");
        reply.push_str(pattern.as_str());
    }
    if detail >= Detail::PolicyStrings {
        reply.push_str(" { policy_string = version: STSv1 } { policy_string = mode: ");
        reply.push_str(policy.mode().as_str());
        for pattern in policy.mx() {
            reply.push_str(" } { policy_string = mx: ");
            reply.push_str(pattern.as_str());
        }
        let max_age = policy.max_age().as_secs();
        push(reply, format_args!(" }} {{ policy_string = max_age: {max_age} }}"));
    }
    if detail >= Detail::Extensions {
        for Extension { name, value } in policy.extensions().iter().filter(|field| is_plain(field))
        {
            push(reply, format_args!(" {{ policy_string = {name}: {value} }}"));
        }
    }
}

/// Whether Postfix reads the field as one attribute: a brace would end it early.
fn is_plain(field: &Extension) -> bool {
    !field.value.contains(['{', '}']) && !field.value.contains(char::is_control)
}

fn push(reply: &mut String, text: core::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _ = reply.write_fmt(text);
}

#[cfg(test)]
mod tests;
