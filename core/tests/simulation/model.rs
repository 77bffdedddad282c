//! What a naive sender would know: per domain the last policy that was fetched, nothing else.

use core::time::Duration;
use std::{collections::BTreeMap, sync::Arc};

use mtasts_core::{
    CachedPolicy, Decision, Policy, PolicyDomain, PolicyId, StsRecord, TxtAnswer, UnixMillis,
};

#[derive(Default)]
pub(crate) struct Model {
    domains: BTreeMap<PolicyDomain, Known>,
}

#[derive(Clone, Default)]
pub(crate) struct Known {
    /// The last valid policy that was fetched and may be kept.
    policy: Option<CachedPolicy>,
    /// Fetched, and on its way to the store.
    arriving: Option<CachedPolicy>,
    /// Fetched with `max_age: 0`, and when.
    once: Option<CachedPolicy>,
    /// What the last answer to a TXT query has announced.
    announced: Option<PolicyId>,
    failed: BTreeMap<PolicyId, UnixMillis>,
    pub(crate) last_used: UnixMillis,
    /// The id under which a fetch is under way.
    pub(crate) fetching: Option<PolicyId>,
}

impl Model {
    pub(crate) fn of(&mut self, domain: &PolicyDomain) -> &mut Known {
        self.domains.entry(domain.clone()).or_default()
    }

    /// The process restarts: what is in the store survives.
    pub(crate) fn restart(&mut self, store: &BTreeMap<PolicyDomain, CachedPolicy>) {
        for (domain, known) in &mut self.domains {
            let last_used = known.last_used;
            let policy = store.get(domain).cloned();
            *known = Known { policy, last_used, ..Known::default() };
        }
    }
}

impl Known {
    pub(crate) fn announce(&mut self, answer: Option<&TxtAnswer>) {
        self.announced = answer
            .and_then(|answer| StsRecord::select(&answer.records).ok())
            .map(|record| record.id);
    }

    /// The id under which a fetch that starts now is made.
    pub(crate) fn fetch_id(&self, now: UnixMillis) -> Option<PolicyId> {
        self.announced.or_else(|| self.governing(now).map(|cached| cached.id))
    }

    pub(crate) fn may_fetch(&self, id: PolicyId, now: UnixMillis) -> bool {
        let backoff = Duration::from_secs(300);
        self.failed.get(&id).is_none_or(|at| now >= at.plus(backoff))
    }

    pub(crate) fn fetch_failed(&mut self, now: UnixMillis) {
        let id = self.fetching.take().expect("a fetch is under way");
        self.failed.insert(id, now);
    }

    /// A policy was fetched. Says whether it replaces another one.
    pub(crate) fn fetched(
        &mut self,
        policy: Arc<Policy>,
        now: UnixMillis,
        with_store: bool,
    ) -> bool {
        let id = self.fetching.take().expect("a fetch is under way");
        let cached = CachedPolicy { policy, id, fetched_at: now, last_used: now };
        let replaces = self.policy.is_some();
        if cached.policy.max_age().is_zero() {
            self.policy = None;
            self.once = Some(cached);
        } else if with_store {
            self.arriving = Some(cached);
        } else {
            self.policy = Some(cached);
        }
        replaces
    }

    pub(crate) fn stored(&mut self) {
        if let Some(arriving) = self.arriving.take() {
            self.policy = Some(arriving);
        }
    }

    pub(crate) fn governing(&self, now: UnixMillis) -> Option<&CachedPolicy> {
        self.policy.as_ref().filter(|cached| now <= cached.expires_at())
    }

    /// Whether `decision` is what this sender would do at `now`.
    pub(crate) fn agrees(&self, decision: &Decision, now: UnixMillis) -> bool {
        let same = |cached: &CachedPolicy| {
            decision.policy().is_some_and(|applied| {
                (&applied.policy, applied.id, applied.fetched_at)
                    == (&cached.policy, cached.id, cached.fetched_at)
            })
        };
        // A policy that is on its way to the store may already govern a lookup that cannot wait.
        if self.arriving.as_ref().is_some_and(same)
            || self.once.as_ref().is_some_and(|once| once.fetched_at == now && same(once))
        {
            return true;
        }
        match self.governing(now) {
            Some(cached) => same(cached),
            None => decision.policy().is_none(),
        }
    }
}
