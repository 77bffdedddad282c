//! What goes into the engine and what comes out.

use alloc::{sync::Arc, vec::Vec};
use core::fmt;

use smol_str::SmolStr;

use crate::{Decision, DnsFailure, Failure, Fetched, Policy, PolicyDomain, PolicyId, UnixMillis};

/// Names a lookup. Chosen by the caller, unique among its waiting lookups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LookupId(pub u32);

/// Names an errand of the engine. Chosen by the engine; an answer must carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// Something that the caller tells the engine.
#[derive(Clone, Debug)]
pub enum Input {
    /// Somebody wants the decision for `domain` and waits until `deadline`.
    Resolve {
        /// The caller's name for the question.
        lookup: LookupId,
        /// The Policy Domain.
        domain: PolicyDomain,
        /// When the answer must have come.
        deadline: UnixMillis,
    },
    /// Mail for `domain` is about to be bounced: check the TXT record first (RFC 8461 §5.1 step 3).
    Recheck {
        /// The caller's name for the question.
        lookup: LookupId,
        /// The Policy Domain.
        domain: PolicyDomain,
        /// When the answer must have come.
        deadline: UnixMillis,
    },
    /// Nobody waits for this lookup any more; it will not be answered.
    Cancel {
        /// The lookup.
        lookup: LookupId,
    },
    /// What came of a [`Output::QueryTxt`].
    TxtAnswer {
        /// The errand.
        request: RequestId,
        /// The records, or why there are none, with the caller's words on it.
        answer: Result<TxtAnswer, (DnsFailure, Arc<str>)>,
    },
    /// What came of a [`Output::FetchPolicy`].
    FetchAnswer {
        /// The errand.
        request: RequestId,
        /// The response, or why there is none.
        answer: Fetched,
    },
    /// What came of a [`Output::Load`]. A store that failed says `None`.
    Loaded {
        /// The errand.
        request: RequestId,
        /// What the store holds.
        policy: Option<CachedPolicy>,
    },
    /// A [`Output::Store`] is durable, or the store gave up on it.
    Stored {
        /// The errand.
        request: RequestId,
    },
    /// A policy from a store, before anybody asked. Never replaces a newer one.
    Restore {
        /// The Policy Domain.
        domain: PolicyDomain,
        /// What the store holds.
        policy: CachedPolicy,
    },
}

/// The answer to a TXT query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TxtAnswer {
    /// One item a record: its character-strings, joined without a space. Empty when the name or
    /// the type does not exist.
    pub records: Vec<Vec<u8>>,
    /// The smallest TTL of the answer, or the negative TTL, in seconds.
    pub ttl: u32,
}

/// A policy as it is kept: with its id and the time of its fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedPolicy {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The id that the TXT record announced when the policy was fetched.
    pub id: PolicyId,
    /// When it was fetched; `max_age` counts from here.
    pub fetched_at: UnixMillis,
    /// When somebody last asked for the domain.
    pub last_used: UnixMillis,
}

impl CachedPolicy {
    /// The last moment at which the policy governs: its fetch plus `max_age` (RFC 8461 §5.1).
    #[must_use]
    pub fn expires_at(&self) -> UnixMillis {
        self.fetched_at.plus(self.policy.max_age())
    }
}

/// Something that the engine asks of the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Ask DNS for the TXT records at `name`, following CNAMEs.
    QueryTxt {
        /// The errand.
        request: RequestId,
        /// The Policy Domain.
        domain: PolicyDomain,
        /// `_mta-sts.` and the Policy Domain.
        name: SmolStr,
        /// When an answer is no longer of use.
        deadline: UnixMillis,
    },
    /// GET `https://host/path`, without following redirects or using an HTTP cache.
    FetchPolicy {
        /// The errand.
        request: RequestId,
        /// The Policy Domain.
        domain: PolicyDomain,
        /// `mta-sts.` and the Policy Domain: also the SNI and the DNS-ID to be matched.
        host: SmolStr,
        /// [`WELL_KNOWN_PATH`](crate::WELL_KNOWN_PATH).
        path: &'static str,
        /// When an answer is no longer of use.
        deadline: UnixMillis,
        /// Stop reading the body beyond this many bytes.
        max_bytes: usize,
    },
    /// Look for a stored policy.
    Load {
        /// The errand.
        request: RequestId,
        /// The Policy Domain.
        domain: PolicyDomain,
    },
    /// Keep a policy, replacing an older one. Answers that use it wait for [`Input::Stored`].
    Store {
        /// The errand.
        request: RequestId,
        /// The Policy Domain.
        domain: PolicyDomain,
        /// The policy.
        policy: CachedPolicy,
    },
    /// The stored policy of this domain governs nothing any more.
    Remove {
        /// The Policy Domain.
        domain: PolicyDomain,
    },
    /// The answer to a lookup. `bounce` is there when it was a [`Input::Recheck`].
    Answer {
        /// The lookup.
        lookup: LookupId,
        /// The decision.
        decision: Decision,
        /// Whether a message may now be failed permanently.
        bounce: Option<Bounce>,
    },
    /// Something that an administrator should know.
    Alert {
        /// The Policy Domain.
        domain: PolicyDomain,
        /// What it is.
        kind: AlertKind,
    },
}

/// Whether a message that failed policy validation may be failed permanently (RFC 8461 §5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bounce {
    /// No newer policy is announced: the MTA's ordinary rules for retries apply.
    Allowed,
    /// A newer policy may be there, or DNS could not tell: try again later.
    Forbidden,
}

/// What an administrator should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// The cached policy cannot be refreshed (RFC 8461 §10.2).
    RefreshFailed {
        /// The latest failure.
        failure: Arc<Failure>,
        /// When the cached policy ends.
        expires_at: UnixMillis,
    },
}

/// Why the engine wants to be woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WakeReason {
    /// A lookup must be answered.
    LookupDeadline,
    /// A request got no answer in time.
    RequestDeadline,
    /// A policy is to be refreshed, or something remembered has ended.
    Maintenance,
}

/// An input that was refused. It changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputError {
    /// No such request is open: it was answered, timed out, or never made.
    UnknownRequest(RequestId),
    /// The request is open but of another kind.
    WrongAnswer(RequestId),
    /// No such lookup is waiting.
    UnknownLookup(LookupId),
    /// A lookup of this name is waiting already.
    DuplicateLookup(LookupId),
    /// As many lookups or discoveries are under way as the configuration allows.
    Busy,
}

impl InputError {
    /// The error as one word that does not change.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownRequest(_) => "unknown-request",
            Self::WrongAnswer(_) => "wrong-answer",
            Self::UnknownLookup(_) => "unknown-lookup",
            Self::DuplicateLookup(_) => "duplicate-lookup",
            Self::Busy => "busy",
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownRequest(RequestId(id)) => write!(f, "request {id} is not open"),
            Self::WrongAnswer(RequestId(id)) => {
                write!(f, "request {id} is open but asks for something else")
            }
            Self::UnknownLookup(LookupId(id)) => write!(f, "lookup {id} is not waiting"),
            Self::DuplicateLookup(LookupId(id)) => write!(f, "lookup {id} is waiting already"),
            Self::Busy => f.write_str("too many lookups are waiting"),
        }
    }
}

impl core::error::Error for InputError {}
