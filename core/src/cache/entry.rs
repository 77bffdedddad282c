//! What is remembered of one domain. A million of these are kept, so every byte counts.

use alloc::{boxed::Box, sync::Arc, vec::Vec};
use core::time::Duration;

use super::Rank;
use crate::{CachedPolicy, Failure, Mode, Policy, PolicyDomain, PolicyId, UnixMillis};

/// A moment in whole seconds since 1970; ends in 2106.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Secs(pub(crate) u32);

impl Secs {
    pub(crate) const NEVER: Self = Self(u32::MAX);

    /// The last full second that is not after `at`.
    pub(crate) fn floor(at: UnixMillis) -> Self {
        Self(u32::try_from(at.as_secs()).unwrap_or(u32::MAX))
    }

    /// The first full second that is not before `at`.
    pub(crate) fn ceil(at: UnixMillis) -> Self {
        Self(u32::try_from(at.0.div_ceil(1000)).unwrap_or(u32::MAX))
    }

    pub(crate) fn millis(self) -> UnixMillis {
        UnixMillis::from_secs(self.0.into())
    }
}

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) domain: PolicyDomain,
    policy: Option<Arc<Policy>>,
    fetched_at: UnixMillis,
    id: PolicyId,
    /// Until then the last TXT answer, and what followed from it, counts.
    pub(crate) txt_until: Secs,
    /// When the policy should be fetched anew.
    pub(crate) refresh_at: Secs,
    pub(crate) last_used: Secs,
    /// When maintenance looks at this entry; there is an item for it in the queue.
    pub(crate) wake: Secs,
    /// The discovery that is under way.
    pub(crate) discovery: Option<u16>,
    pub(super) listed: (Rank, u32),
    pub(crate) trouble: Option<Box<Trouble>>,
}

/// What went wrong with a domain and must be remembered.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    /// The last failure, until something succeeds.
    pub(crate) last: Option<Arc<Failure>>,
    /// Ids whose fetch failed, and when: no second attempt before the back-off has passed.
    failed: Vec<(PolicyId, UnixMillis)>,
    /// Fetches that failed in a row.
    pub(crate) row: u32,
    pub(crate) alerted_at: Option<UnixMillis>,
}

/// Somewhat less than a day, so that a daily refresh that fails is told every day.
const ALERT_INTERVAL: Duration = Duration::from_secs(20 * 3_600);

impl Trouble {
    /// Whether administrators were told less than about a day ago.
    pub(crate) fn alerted_recently(&self, now: UnixMillis) -> bool {
        self.alerted_at.is_some_and(|at| now < at.plus(ALERT_INTERVAL))
    }
}

/// Ids remembered as failed for one domain. More are treated as failed.
const FAILED_IDS: usize = 4;

impl Entry {
    pub(super) fn new(domain: PolicyDomain) -> Self {
        Self {
            domain,
            policy: None,
            fetched_at: UnixMillis(0),
            id: PolicyId::NONE,
            txt_until: Secs(0),
            refresh_at: Secs(0),
            last_used: Secs(0),
            wake: Secs::NEVER,
            discovery: None,
            listed: (Rank::Negative, 0),
            trouble: None,
        }
    }

    /// Replaces the policy. The caller reranks the entry.
    pub(crate) fn set_policy(&mut self, policy: Arc<Policy>, id: PolicyId, fetched_at: UnixMillis) {
        self.policy = Some(policy);
        self.id = id;
        self.fetched_at = fetched_at;
    }

    /// Forgets the policy. The caller reranks the entry.
    pub(crate) fn clear_policy(&mut self) {
        self.policy = None;
    }

    /// The policy, if it governs at `now`: the time since its fetch has not exceeded `max_age`.
    pub(crate) fn governing(&self, now: UnixMillis) -> Option<&Arc<Policy>> {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
        //# Check for a cached policy whose time-since-fetch has not exceeded its "max_age".
        self.policy.as_ref().filter(|_| now <= self.expires_at())
    }

    /// What a store keeps of the domain: the policy that governs at `now`, and what belongs to it.
    pub(crate) fn cached(&self, now: UnixMillis) -> Option<CachedPolicy> {
        Some(CachedPolicy {
            policy: Arc::clone(self.governing(now)?),
            id: self.id,
            fetched_at: self.fetched_at,
            last_used: self.last_used.millis(),
        })
    }

    pub(crate) const fn policy(&self) -> Option<&Arc<Policy>> {
        self.policy.as_ref()
    }

    pub(crate) const fn id(&self) -> PolicyId {
        self.id
    }

    pub(crate) const fn fetched_at(&self) -> UnixMillis {
        self.fetched_at
    }

    pub(crate) fn expires_at(&self) -> UnixMillis {
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
        //# Well-behaved clients SHOULD cache a policy for up to this value from the last policy
        //# fetch time.
        self.policy.as_ref().map_or(UnixMillis(0), |policy| self.fetched_at.plus(policy.max_age()))
    }

    pub(crate) fn failure(&self) -> Option<&Arc<Failure>> {
        self.trouble.as_ref()?.last.as_ref()
    }

    pub(super) fn rank(&self) -> Rank {
        match self.policy.as_ref().map(|policy| policy.mode()) {
            None => Rank::Negative,
            Some(Mode::Testing | Mode::None) => Rank::Lenient,
            Some(Mode::Enforce) => Rank::Enforce,
        }
    }

    pub(crate) fn trouble_mut(&mut self) -> &mut Trouble {
        self.trouble.get_or_insert_default()
    }

    /// Whether a fetch under this id must wait.
    pub(crate) fn backs_off(&self, id: PolicyId, now: UnixMillis, backoff: Duration) -> bool {
        let Some(trouble) = &self.trouble else { return false };
        let mut active = trouble.failed.iter().filter(|(_, at)| now < at.plus(backoff));
        active.clone().count() >= FAILED_IDS || active.any(|(failed, _)| *failed == id)
    }

    /// When the last back-off has passed.
    pub(crate) fn backoff_end(&self, backoff: Duration) -> Option<UnixMillis> {
        let failed = self.trouble.as_ref()?.failed.iter();
        failed.map(|(_, at)| at.plus(backoff)).max()
    }

    /// Remembers that a fetch under `id` failed at `now`.
    pub(crate) fn fetch_failed(&mut self, id: PolicyId, now: UnixMillis, backoff: Duration) {
        let trouble = self.trouble_mut();
        trouble.row = trouble.row.saturating_add(1);
        trouble.failed.retain(|(failed, at)| *failed != id && now < at.plus(backoff));
        trouble.failed.push((id, now));
    }

    /// Something succeeded: forgets what went wrong, except the back-offs that have not passed.
    pub(crate) fn recovered(&mut self, now: UnixMillis, backoff: Duration) {
        if let Some(trouble) = &mut self.trouble {
            trouble.last = None;
            trouble.row = 0;
            trouble.failed.retain(|(_, at)| now < at.plus(backoff));
            if trouble.failed.is_empty() && !trouble.alerted_recently(now) {
                self.trouble = None;
            }
        }
    }
}
