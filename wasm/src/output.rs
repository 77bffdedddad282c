//! The engine's errands and answers as objects, told apart by `kind`.

use mtasts_core::{
    AlertKind, Bounce, CachedPolicy, LookupId, Output, PolicyDomain, RequestId, UnixMillis,
    WakeReason,
};
use wasm_bindgen::JsValue;

use crate::{
    decision::{Decision, failure},
    object::{Object, moment},
};

/// An output as an object. `decision` in an answer is a [`Decision`].
pub(crate) fn output(output: Output) -> JsValue {
    match output {
        Output::QueryTxt { request, domain, name, deadline } => {
            errand("query-txt", request, &domain).with("name", name.as_str()).deadline(deadline)
        }
        Output::FetchPolicy { request, domain, host, path, deadline, max_bytes } => {
            errand("fetch-policy", request, &domain)
                .with("host", host.as_str())
                .with("path", path)
                .with("maxBytes", max_bytes)
                .deadline(deadline)
        }
        Output::Load { request, domain } => errand("load", request, &domain),
        Output::Store { request, domain, policy } => {
            errand("store", request, &domain).with("cached", cached(&policy))
        }
        Output::Remove { domain } => Object::of_kind("remove").with("domain", domain.as_str()),
        Output::Answer { lookup: LookupId(lookup), decision, bounce } => Object::of_kind("answer")
            .with("lookup", lookup)
            .with("decision", Decision::from(decision))
            .with_option("bounce", bounce.map(word_for_bounce)),
        Output::Alert { domain, kind: AlertKind::RefreshFailed { failure: why, expires_at } } => {
            Object::of_kind("alert")
                .with("domain", domain.as_str())
                .with("failure", failure(&why))
                .with_moment("expiresAt", expires_at)
        }
    }
    .into()
}

/// When the engine wants to be woken, and why.
pub(crate) fn wake((at, reason): (UnixMillis, WakeReason)) -> JsValue {
    let reason = match reason {
        WakeReason::LookupDeadline => "lookup-deadline",
        WakeReason::RequestDeadline => "request-deadline",
        WakeReason::Maintenance => "maintenance",
    };
    Object::default().with("at", moment(at)).with("reason", reason).into()
}

impl Object {
    fn deadline(self, at: UnixMillis) -> Self {
        self.with_moment("deadline", at)
    }
}

fn errand(kind: &str, RequestId(request): RequestId, domain: &PolicyDomain) -> Object {
    Object::of_kind(kind).with("request", request).with("domain", domain.as_str())
}

/// A domain and its policy.
pub(crate) fn policy_of(domain: &PolicyDomain, policy: &CachedPolicy) -> Object {
    Object::default().with("domain", domain.as_str()).with("cached", cached(policy))
}

fn cached(policy: &CachedPolicy) -> Object {
    Object::default()
        .with("policy", policy.policy.to_string())
        .with("id", policy.id.as_str())
        .with_moment("fetchedAt", policy.fetched_at)
        .with_moment("lastUsed", policy.last_used)
}

const fn word_for_bounce(bounce: Bounce) -> &'static str {
    match bounce {
        Bounce::Allowed => "allowed",
        Bounce::Forbidden => "forbidden",
    }
}
