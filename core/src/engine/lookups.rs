//! Who waits for an answer, and what the answer is.

use alloc::{sync::Arc, vec::Vec};

use super::{Deadline, Engine, discovery::Stage};
use crate::{
    Applied, Bounce, CachedPolicy, Config, Decision, Failure, FailureKind, InputError, LookupId,
    Mode, OnFailure, Output, Policy, PolicyDomain, Source, UnixMillis, Unprotected, Why,
    cache::{Entry, Secs, Slot},
};

#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    discovery: u16,
    deadline: UnixMillis,
    recheck: bool,
}

impl Engine {
    pub(super) fn resolve(
        &mut self,
        lookup: LookupId,
        domain: &PolicyDomain,
        deadline: UnixMillis,
        recheck: bool,
    ) -> Result<(), InputError> {
        if self.waiting.contains_key(&lookup) {
            return Err(InputError::DuplicateLookup(lookup));
        }
        if self.outputs.len() >= self.config.max_lookups {
            return Err(InputError::Busy);
        }
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5
        //# When a message fails to deliver due to an "enforce" policy, a compliant MTA MUST NOT
        //# permanently fail to deliver messages before checking, via DNS, for the presence of an
        //# updated policy at the Policy Domain.
        if !recheck && let Some(decision) = self.lookup(domain, self.now) {
            self.outputs.push_back(Output::Answer { lookup, decision, bounce: None });
            return Ok(());
        }
        if self.waiting.len() >= self.config.max_lookups {
            return Err(InputError::Busy);
        }
        let discovery = self.join_or_start(domain).ok_or(InputError::Busy)?;
        self.waiting.insert(lookup, Waiting { discovery, deadline, recheck });
        self.deadlines.insert((deadline, Deadline::Lookup(lookup)));
        if let Some(discovery) = self.discovery_mut(discovery) {
            discovery.waiters.push(lookup);
        }
        Ok(())
    }

    fn join_or_start(&mut self, domain: &PolicyDomain) -> Option<u16> {
        let known = self.cache.find(domain);
        if self.running >= self.config.max_discoveries {
            // Joining is still possible; nothing may be evicted for the sake of starting.
            return self.cache.get(known?)?.discovery;
        }
        let slot = match known {
            Some(slot) => slot,
            None => self.cache.insert(domain)?,
        };
        let now = self.now;
        let entry = self.cache.get_mut(slot)?;
        entry.last_used = Secs::floor(now);
        if let Some(discovery) = entry.discovery {
            return Some(discovery);
        }
        let expired = entry.policy().is_some() && entry.governing(now).is_none();
        let load = self.config.store && known.is_none();
        let discovery = self.start(slot, load);
        if expired {
            self.drop_policy(slot);
        }
        discovery
    }

    pub(super) fn cancel(&mut self, lookup: LookupId) -> Result<(), InputError> {
        let waiting = self.forget(lookup).ok_or(InputError::UnknownLookup(lookup))?;
        if let Some(discovery) = self.discovery_mut(waiting.discovery) {
            discovery.waiters.retain(|waiter| *waiter != lookup);
        }
        Ok(())
    }

    /// Answers, from what is known, everybody whose deadline has passed. Discovery goes on.
    pub(super) fn answer_overdue(&mut self, now: UnixMillis) {
        let overdue = self.deadlines.iter().take_while(|(at, _)| *at <= now);
        let lookups: Vec<LookupId> = overdue
            .filter_map(|(_, deadline)| match deadline {
                Deadline::Lookup(lookup) => Some(*lookup),
                Deadline::Request(_) => None,
            })
            .collect();
        for lookup in lookups {
            self.answer_now(lookup);
        }
    }

    fn answer_now(&mut self, lookup: LookupId) {
        let Some(waiting) = self.waiting.get(&lookup).copied() else { return };
        let Some(discovery) = self.discovery_mut(waiting.discovery) else { return };
        discovery.waiters.retain(|waiter| *waiter != lookup);
        let slot = discovery.slot;
        let fetched = match &discovery.stage {
            Stage::Store { policy } => Some(policy.clone()),
            Stage::Load | Stage::Txt | Stage::Fetch { .. } => None,
        };
        let fetching = matches!(discovery.stage, Stage::Fetch { .. });
        let governed =
            self.cache.get(slot).is_some_and(|entry| entry.governing(self.now).is_some());
        let decision = if fetched.is_some() || governed {
            self.decide(slot, fetched.as_ref())
        } else {
            let failure = self.cache.get(slot).and_then(|entry| entry.failure().cloned());
            let unprotected = Unprotected { why: Why::Deadline, failure, none: None };
            let policy =
                if fetching { self.config.on_fetch_failure } else { self.config.on_dns_failure };
            policy.decide(unprotected)
        };
        self.answer(lookup, decision, Bounce::Forbidden);
    }

    /// Answers those who wait for a decision, not those who wait for a TXT check.
    pub(super) fn answer_waiters(&mut self, key: u16) {
        let Some(discovery) = self.discovery_mut(key) else { return };
        let slot = discovery.slot;
        let waiters = core::mem::take(&mut discovery.waiters);
        let decision = self.decide(slot, None);
        for lookup in waiters {
            if self.waiting.get(&lookup).is_some_and(|waiting| waiting.recheck) {
                if let Some(discovery) = self.discovery_mut(key) {
                    discovery.waiters.push(lookup);
                }
            } else {
                self.answer(lookup, decision.clone(), Bounce::Forbidden);
            }
        }
    }

    pub(super) fn answer(&mut self, lookup: LookupId, decision: Decision, bounce: Bounce) {
        if let Some(waiting) = self.forget(lookup) {
            let bounce = waiting.recheck.then_some(bounce);
            self.outputs.push_back(Output::Answer { lookup, decision, bounce });
        }
    }

    fn forget(&mut self, lookup: LookupId) -> Option<Waiting> {
        let waiting = self.waiting.remove(&lookup)?;
        self.deadlines.remove(&(waiting.deadline, Deadline::Lookup(lookup)));
        Some(waiting)
    }

    /// The decision for an entry after a discovery that has brought `live`, or nothing.
    pub(super) fn decide(&self, slot: Slot, live: Option<&CachedPolicy>) -> Decision {
        if let Some(live) = live {
            return in_mode(Applied {
                policy: Arc::clone(&live.policy),
                id: live.id,
                fetched_at: live.fetched_at,
                source: Source::Live,
                failure: None,
            });
        }
        let Some(entry) = self.cache.get(slot) else {
            return Decision::Opportunistic(Unprotected::new(Why::NoRecord));
        };
        match entry.governing(self.now) {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
            //# Conversely, if no "live" policy can be discovered via DNS or fetched via HTTPS, but
            //# a valid (non-expired) policy exists in the sender's cache, the sender MUST apply
            //# that cached policy.
            Some(policy) => apply(entry, policy, Source::Cached),
            None => unprotected(&self.config, entry.failure()),
        }
    }
}

/// The decision that needs no errand: from a policy that governs, or from a remembered absence or
/// failure that still counts.
pub(super) fn at_once(config: &Config, entry: &Entry, now: UnixMillis) -> Option<Decision> {
    match entry.governing(now) {
        Some(policy) => Some(apply(entry, policy, Source::Cached)),
        None if entry.policy().is_some() || entry.txt_until.millis() <= now => None,
        None => Some(unprotected(config, entry.failure())),
    }
}

fn apply(entry: &Entry, policy: &Arc<Policy>, source: Source) -> Decision {
    in_mode(Applied {
        policy: Arc::clone(policy),
        id: entry.id(),
        fetched_at: entry.fetched_at(),
        source,
        failure: entry.failure().cloned(),
    })
}

fn in_mode(applied: Applied) -> Decision {
    match applied.policy.mode() {
        Mode::Enforce => Decision::Enforce(applied),
        Mode::Testing => Decision::Testing(applied),
        //= https://www.rfc-editor.org/rfc/rfc8461#section-5
        //# In this mode, Sending MTAs should treat the Policy Domain as though it does not have any
        //# active policy
        Mode::None => Decision::Opportunistic(Unprotected {
            why: Why::ModeNone,
            failure: applied.failure.clone(),
            none: Some(applied),
        }),
    }
}

pub(super) fn unprotected(config: &Config, failure: Option<&Arc<Failure>>) -> Decision {
    let Some(failure) = failure else {
        return Decision::Opportunistic(Unprotected::new(Why::NoRecord));
    };
    let policy = match failure.kind {
        FailureKind::Dns(_) => config.on_dns_failure,
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# If a valid TXT record is found but no policy can be fetched via HTTPS (for any reason),
        //# and there is no valid (non-expired) previously cached policy, senders MUST continue with
        //# delivery as though the domain has not implemented MTA-STS.
        FailureKind::Fetch(_) | FailureKind::Policy(_) => config.on_fetch_failure,
        // RFC 8461 §3.1 leaves no choice: no usable record means no policy.
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
        //# senders MUST assume the recipient domain does not have an available MTA-STS Policy
        FailureKind::Record(_) => OnFailure::Opportunistic,
    };
    policy.decide(Unprotected::failed(Arc::clone(failure)))
}

impl OnFailure {
    const fn decide(self, unprotected: Unprotected) -> Decision {
        match self {
            Self::Opportunistic => Decision::Opportunistic(unprotected),
            Self::TempFail => Decision::TempFail(unprotected),
        }
    }
}
