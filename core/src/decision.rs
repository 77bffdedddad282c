//! What a sender should do with mail for a Policy Domain, and why.

use alloc::sync::Arc;
use core::{fmt, time::Duration};

use crate::{Failure, FailureKind, Policy, PolicyId, ResultType, UnixMillis};

mod judge;

pub use judge::{Attempt, CertOutcome, DaneOutcome, TlsOutcome, Verdict};

/// What a sender should do with mail for a Policy Domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Deliver only over verified TLS to a host that the policy names (RFC 8461 §5).
    Enforce(Applied),
    /// Deliver as without a policy, and report what `Enforce` would have refused.
    Testing(Applied),
    /// Deliver as without a policy.
    Opportunistic(Unprotected),
    /// Try again later.
    TempFail(Unprotected),
}

/// The policy that governs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The policy.
    pub policy: Arc<Policy>,
    /// The id under which it was fetched.
    pub id: PolicyId,
    /// When it was fetched.
    pub fetched_at: UnixMillis,
    /// Whether it was fetched for this very lookup.
    pub source: Source,
    /// What went wrong since the policy was fetched.
    pub failure: Option<Arc<Failure>>,
}

/// Where the governing policy comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Fetched to answer this lookup.
    Live,
    /// Kept from before.
    Cached,
}

/// Why no policy governs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unprotected {
    /// The reason.
    pub why: Why,
    /// The failed discovery, where one failed.
    pub failure: Option<Arc<Failure>>,
    /// The policy in mode `none`, where that is the reason.
    pub none: Option<Applied>,
}

/// The reason why no policy governs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// There is no TXT record for MTA-STS.
    NoRecord,
    /// The domain's policy says `mode: none`.
    ModeNone,
    /// Discovery failed; `failure` says how.
    Failed,
    /// The deadline passed before anything was known.
    Deadline,
}

impl Applied {
    /// The last moment at which the policy governs.
    #[must_use]
    pub fn expires_at(&self) -> UnixMillis {
        self.fetched_at.plus(self.policy.max_age())
    }

    /// The time since the fetch.
    #[must_use]
    pub const fn age(&self, now: UnixMillis) -> Duration {
        now.since(self.fetched_at)
    }
}

impl Unprotected {
    /// An absence or a deadline, without a failure.
    #[must_use]
    pub const fn new(why: Why) -> Self {
        Self { why, failure: None, none: None }
    }

    /// A failed discovery.
    #[must_use]
    pub const fn failed(failure: Arc<Failure>) -> Self {
        Self { why: Why::Failed, failure: Some(failure), none: None }
    }
}

impl Decision {
    /// The policy that governs or, in mode `none`, says that nothing does.
    #[must_use]
    pub const fn policy(&self) -> Option<&Applied> {
        match self {
            Self::Enforce(applied) | Self::Testing(applied) => Some(applied),
            Self::Opportunistic(unprotected) | Self::TempFail(unprotected) => {
                unprotected.none.as_ref()
            }
        }
    }

    /// What went wrong last with the domain's discovery or refresh.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Enforce(applied) | Self::Testing(applied) => applied.failure.as_deref(),
            Self::Opportunistic(unprotected) | Self::TempFail(unprotected) => {
                unprotected.failure.as_deref()
            }
        }
    }

    /// The TLSRPT result type that the state of the domain's discovery calls for (RFC 8461 §6):
    /// a failed fetch while a TXT record is valid, or any failure while a policy other than
    /// `mode: none` is cached.
    #[must_use]
    pub fn discovery_result(&self) -> Option<ResultType> {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-6
        //# senders that also implement TLSRPT SHOULD treat the following events as reportable
        //# failures: o HTTPS policy fetch failures when a valid TXT record is present. o Policy
        //# fetch failures of any kind when a valid policy exists in the policy cache, except if
        //# that policy's mode is "none".
        let kind = self.failure()?.kind;
        match self {
            Self::Enforce(_) | Self::Testing(_) => Some(kind.result_type()),
            Self::Opportunistic(unprotected) | Self::TempFail(unprotected) => {
                if unprotected.none.is_some() {
                    return None;
                }
                match kind {
                    FailureKind::Fetch(_) | FailureKind::Policy(_) => Some(kind.result_type()),
                    FailureKind::Dns(_) | FailureKind::Record(_) => None,
                }
            }
        }
    }

    /// One word for logs and metrics: `enforce`, `testing`, `none`, `no-policy` or `temp-fail`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Enforce(_) => "enforce",
            Self::Testing(_) => "testing",
            Self::Opportunistic(Unprotected { none: Some(_), .. }) => "none",
            Self::Opportunistic(_) => "no-policy",
            Self::TempFail(_) => "temp-fail",
        }
    }

    /// The decision in a sentence: which policy, from where, how old, and what failed.
    #[must_use]
    pub const fn explain(&self, now: UnixMillis) -> Explanation<'_> {
        Explanation { decision: self, now }
    }
}

/// A [`Decision`] in words.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    decision: &'a Decision,
    now: UnixMillis,
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.decision {
            Decision::Enforce(applied) => {
                f.write_str("verified TLS to the policy's MX hosts or nothing: ")?;
                self.policy(f, applied)
            }
            Decision::Testing(applied) => {
                f.write_str("deliver as without a policy, report failures: ")?;
                self.policy(f, applied)
            }
            Decision::Opportunistic(unprotected) => {
                f.write_str("deliver as without a policy: ")?;
                self.reason(f, unprotected)
            }
            Decision::TempFail(unprotected) => {
                f.write_str("try again later: ")?;
                self.reason(f, unprotected)
            }
        }?;
        let Some(failure) = self.decision.failure() else { return Ok(()) };
        let ago = self.now.since(failure.at).as_secs();
        write!(f, "; {ago} s ago: {}", failure.kind)?;
        if failure.detail.is_empty() { Ok(()) } else { write!(f, " ({})", failure.detail) }
    }
}

impl Explanation<'_> {
    fn policy(&self, f: &mut fmt::Formatter<'_>, applied: &Applied) -> fmt::Result {
        let age = applied.age(self.now).as_secs();
        let left = applied.expires_at().since(self.now).as_secs();
        write!(f, "mode {} under id {}, ", applied.policy.mode(), applied.id)?;
        match applied.source {
            Source::Live => f.write_str("fetched now"),
            Source::Cached => write!(f, "fetched {age} s ago"),
        }?;
        write!(f, ", {left} s left")
    }

    fn reason(&self, f: &mut fmt::Formatter<'_>, unprotected: &Unprotected) -> fmt::Result {
        match (unprotected.why, &unprotected.none) {
            (Why::ModeNone, Some(policy)) => self.policy(f, policy),
            (Why::ModeNone, None) => f.write_str("the policy says mode none"),
            (Why::NoRecord, _) => f.write_str("the domain has no MTA-STS record"),
            (Why::Failed, _) => f.write_str("no policy could be discovered"),
            (Why::Deadline, _) => f.write_str("no policy was known before the deadline"),
        }
    }
}
