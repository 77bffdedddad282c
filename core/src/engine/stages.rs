//! What follows from the answer to each errand: the table "one lookup" of the design.

use alloc::sync::Arc;
use core::time::Duration;

use super::{
    Engine,
    discovery::{RecordState, Stage},
};
use crate::{
    AlertKind, CachedPolicy, DnsFailure, Failure, FailureKind, FetchFailure, Fetched, InputError,
    Mode, Output, PolicyDomain, PolicyId, RecordError, RequestId, StsRecord, TxtAnswer, TxtError,
    UnixMillis,
    cache::{Secs, Slot},
    read_policy,
};

impl Engine {
    pub(super) fn handle_loaded(
        &mut self,
        request: RequestId,
        policy: Option<CachedPolicy>,
    ) -> Result<(), InputError> {
        let key = self.expect(request, |stage| matches!(stage, Stage::Load))?;
        self.loaded(key, policy);
        Ok(())
    }

    pub(super) fn handle_txt(
        &mut self,
        request: RequestId,
        answer: Result<TxtAnswer, (DnsFailure, Arc<str>)>,
    ) -> Result<(), InputError> {
        let key = self.expect(request, |stage| matches!(stage, Stage::Txt))?;
        self.txt_answered(key, answer);
        Ok(())
    }

    pub(super) fn handle_fetched(
        &mut self,
        request: RequestId,
        answer: Fetched,
    ) -> Result<(), InputError> {
        let key = self.expect(request, |stage| matches!(stage, Stage::Fetch { .. }))?;
        self.fetched(key, answer);
        Ok(())
    }

    pub(super) fn handle_stored(&mut self, request: RequestId) -> Result<(), InputError> {
        let key = self.expect(request, |stage| matches!(stage, Stage::Store { .. }))?;
        self.stored(key);
        Ok(())
    }

    /// The request was not answered in time.
    pub(super) fn give_up(&mut self, request: RequestId) {
        let Ok(key) = self.expect(request, |_| true) else { return };
        let timeout = FetchFailure::Timeout;
        match self.discovery(key).map(|discovery| &discovery.stage) {
            Some(Stage::Load) => self.loaded(key, None),
            Some(Stage::Txt) => self.txt_answered(key, Err((DnsFailure::Timeout, Arc::default()))),
            Some(Stage::Fetch { .. }) => self.fetched(key, Err((timeout, Arc::default()))),
            Some(Stage::Store { .. }) => self.stored(key),
            None => {}
        }
    }

    fn loaded(&mut self, key: u16, policy: Option<CachedPolicy>) {
        let Some(slot) = self.discovery(key).map(|discovery| discovery.slot) else { return };
        if let Some(cached) = policy {
            let cached = self.not_from_the_future(cached);
            if self.now <= cached.expires_at() {
                self.install(slot, &cached);
                self.answer_waiters(key);
            } else if let Some(entry) = self.cache.get(slot) {
                self.outputs.push_back(Output::Remove { domain: entry.domain.clone() });
            }
            if let Some(discovery) = self.discovery_mut(key) {
                discovery.before = Some(cached.policy);
            }
        }
        // What was loaded has not been checked since: the TXT query follows in any case.
        let due = self.cache.get(slot).is_some_and(|entry| {
            entry.governing(self.now).is_some() && entry.refresh_at.millis() <= self.now
        });
        if let Some(discovery) = self.discovery_mut(key) {
            discovery.refresh |= due;
        }
        self.enter(key, Stage::Txt);
    }

    fn txt_answered(&mut self, key: u16, answer: Result<TxtAnswer, (DnsFailure, Arc<str>)>) {
        let Some(discovery) = self.discovery(key) else { return };
        let (slot, refresh) = (discovery.slot, discovery.refresh);
        let (ttl, selected) = match answer {
            Ok(answer) => {
                let selected = StsRecord::select(&answer.records);
                (answer.ttl, selected.map_err(|error| (FailureKind::Record(error), Arc::default())))
            }
            Err((failure, detail)) => (0, Err((FailureKind::Dns(failure), detail))),
        };
        let Some(entry) = self.cache.get(slot) else { return };
        let cached = entry.governing(self.now).map(|_| entry.id());
        let state = match &selected {
            Ok(record) if cached == Some(record.id) => RecordState::Same,
            Ok(_) => RecordState::New,
            Err((FailureKind::Dns(_), _)) => RecordState::Unknown,
            Err(_) => RecordState::Absent,
        };
        if let Some(discovery) = self.discovery_mut(key) {
            discovery.record = state;
        }
        match (selected, cached) {
            //= https://www.rfc-editor.org/rfc/rfc8461#section-5.1
            //# If none exists, attempt to fetch a new policy
            (Ok(record), None) => self.fetch(key, record.id, ttl),
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# senders can determine when the policy has been updated by comparing to the "id" of a
            //# previously seen policy.
            (Ok(record), Some(id)) if refresh || record.id != id => self.fetch(key, record.id, ttl),
            (Ok(_), Some(id)) => {
                self.unchanged(slot, id);
                self.finish(key, None);
            }
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# If the number of resulting records is not one, or if the resulting record is
            //# syntactically invalid, senders MUST assume the recipient domain does not have an
            //# available MTA-STS Policy and skip the remaining steps of policy discovery.
            (Err((kind, detail)), None) => {
                self.nothing_found(slot, kind, detail, ttl);
                self.finish(key, None);
            }
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.1
            //# the absence of a usable TXT record is not by itself sufficient to remove a sender's
            //# previously cached policy for the Policy Domain
            (Err((kind, detail)), Some(id)) => {
                self.blame(slot, kind, None, detail);
                self.txt_current_for(slot, self.config.txt_recheck);
                if refresh {
                    self.fetch(key, id, ttl);
                } else {
                    self.finish(key, None);
                }
            }
        }
    }

    /// Fetches the policy announced under `id`, unless that has just failed.
    fn fetch(&mut self, key: u16, id: PolicyId, ttl: u32) {
        let Some(slot) = self.discovery(key).map(|discovery| discovery.slot) else { return };
        let Some(entry) = self.cache.get(slot) else { return };
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# In the case where the HTTPS GET fails, implementers SHOULD limit further attempts to a
        //# period of five minutes or longer per version ID, to avoid overwhelming
        //# resource-constrained recipients with cascading failures.
        if !entry.backs_off(id, self.now, self.config.fetch_backoff) {
            self.enter(key, Stage::Fetch { id, ttl });
            return;
        }
        if entry.governing(self.now).is_some() {
            self.txt_current_for(slot, self.config.txt_recheck);
            self.postpone_refresh(slot);
        } else {
            self.txt_current_for(slot, self.remember_for(ttl).min(self.config.fetch_backoff));
        }
        self.finish(key, None);
    }

    fn fetched(&mut self, key: u16, answer: Fetched) {
        let Some(discovery) = self.discovery(key) else { return };
        let slot = discovery.slot;
        let Stage::Fetch { id, ttl } = discovery.stage else { return };
        let read = match answer {
            Ok(response) => {
                read_policy(&response, self.config.max_body).map_err(|kind| (kind, Arc::default()))
            }
            Err((failure, detail)) => Err((FailureKind::Fetch(failure), detail)),
        };
        match read {
            Ok(parsed) => {
                let policy = CachedPolicy {
                    policy: self.cache.intern(Arc::new(parsed.policy)),
                    id,
                    fetched_at: self.now,
                    last_used: self.last_used(slot),
                };
                if policy.policy.max_age() == Duration::ZERO {
                    self.use_once(key, &policy);
                } else if self.config.store {
                    self.enter(key, Stage::Store { policy });
                } else {
                    self.take_effect(key, &policy);
                }
            }
            Err((kind, detail)) => {
                self.fetch_failed(slot, kind, id, ttl, detail);
                self.finish(key, None);
            }
        }
    }

    fn stored(&mut self, key: u16) {
        let Some(discovery) = self.discovery(key) else { return };
        let Stage::Store { policy } = &discovery.stage else { return };
        let policy = policy.clone();
        self.take_effect(key, &policy);
    }

    fn take_effect(&mut self, key: u16, policy: &CachedPolicy) {
        let Some(slot) = self.discovery(key).map(|discovery| discovery.slot) else { return };
        self.install(slot, policy);
        self.txt_current_for(slot, self.config.txt_recheck);
        let (now, backoff) = (self.now, self.config.fetch_backoff);
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.recovered(now, backoff);
        }
        self.finish(key, Some(policy));
    }

    /// `max_age: 0`: the policy governs the deliveries it was fetched for and replaces what was
    /// cached, but is not kept.
    fn use_once(&mut self, key: u16, policy: &CachedPolicy) {
        let Some(slot) = self.discovery(key).map(|discovery| discovery.slot) else { return };
        self.drop_policy(slot);
        let (now, backoff) = (self.now, self.config.fetch_backoff);
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.txt_until = Secs(0);
            entry.recovered(now, backoff);
        }
        self.finish(key, Some(policy));
    }

    /// The TXT record still announces the cached policy.
    fn unchanged(&mut self, slot: Slot, id: PolicyId) {
        self.txt_current_for(slot, self.config.txt_recheck);
        let (now, backoff) = (self.now, self.config.fetch_backoff);
        if let Some(entry) = self.cache.get_mut(slot) {
            let refresh_fails = entry.failure().is_some_and(|failure| failure.id == Some(id));
            if !refresh_fails {
                entry.recovered(now, backoff);
            }
        }
    }

    /// There is no usable record and no policy: remembers that, unless DNS itself failed.
    fn nothing_found(&mut self, slot: Slot, kind: FailureKind, detail: Arc<str>, ttl: u32) {
        if kind == FailureKind::Record(RecordError::Txt(TxtError::NoRecord)) {
            let (now, backoff) = (self.now, self.config.fetch_backoff);
            if let Some(entry) = self.cache.get_mut(slot) {
                entry.recovered(now, backoff);
            }
        } else {
            self.blame(slot, kind, None, detail);
        }
        if !matches!(kind, FailureKind::Dns(_)) {
            self.txt_current_for(slot, self.remember_for(ttl));
        }
    }

    fn fetch_failed(
        &mut self,
        slot: Slot,
        kind: FailureKind,
        id: PolicyId,
        ttl: u32,
        detail: Arc<str>,
    ) {
        self.blame(slot, kind, Some(id), detail);
        let (now, backoff) = (self.now, self.config.fetch_backoff);
        let Some(entry) = self.cache.get_mut(slot) else { return };
        entry.fetch_failed(id, now, backoff);
        if entry.governing(now).is_some() {
            self.txt_current_for(slot, self.config.txt_recheck);
            self.postpone_refresh(slot);
            self.alert(slot);
        } else {
            // A new id may be tried as soon as DNS can show one.
            self.txt_current_for(slot, self.remember_for(ttl).min(backoff));
        }
    }

    /// Tells administrators that a cached policy cannot be refreshed, once per domain and day, and
    /// not in mode none, which announces a clean removal (RFC 8461 §3.3, §8.3, §10.2).
    fn alert(&mut self, slot: Slot) {
        let now = self.now;
        let Some(entry) = self.cache.get_mut(slot) else { return };
        let mode = entry.policy().map(|policy| policy.mode());
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# unless the cached policy mode is "none".
        //= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
        //# (However, they should not implement such alerts if the cached policy has a "none" mode,
        //# to allow clean MTA-STS removal, as described in Section 8.3.)
        if !matches!(mode, Some(Mode::Enforce | Mode::Testing)) {
            return;
        }
        let (domain, expires_at) = (entry.domain.clone(), entry.expires_at());
        let trouble = entry.trouble_mut();
        if trouble.alerted_recently(now) {
            return;
        }
        let Some(failure) = trouble.last.clone() else { return };
        trouble.alerted_at = Some(now);
        let kind = AlertKind::RefreshFailed { failure, expires_at };
        //= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
        //# Additionally, MTAs SHOULD alert administrators to repeated policy refresh failures long
        //# before cached policies expire (through warning logs or similar applicable mechanisms),
        //# allowing administrators to detect such a persistent attack on policy refresh.
        self.outputs.push_back(Output::Alert { domain, kind });
    }

    fn blame(&mut self, slot: Slot, kind: FailureKind, id: Option<PolicyId>, detail: Arc<str>) {
        let failure = Failure { kind, at: self.now, id, detail };
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.trouble_mut().last = Some(Arc::new(failure));
        }
    }

    /// What the TXT query has brought counts for `hold` from now on.
    fn txt_current_for(&mut self, slot: Slot, hold: Duration) {
        let until = Secs::ceil(self.now.plus(hold));
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.txt_until = until;
        }
    }

    /// How long an answer with this TTL is remembered.
    fn remember_for(&self, ttl: u32) -> Duration {
        let ttl = Duration::from_secs(ttl.into());
        ttl.max(self.config.absence_min).min(self.config.absence_max)
    }

    /// A store may have been written under a clock that was ahead: such a policy counts as fetched
    /// now, lest it live longer than its `max_age`.
    fn not_from_the_future(&self, mut cached: CachedPolicy) -> CachedPolicy {
        cached.fetched_at = cached.fetched_at.min(self.now);
        cached
    }

    fn last_used(&self, slot: Slot) -> UnixMillis {
        self.cache.get(slot).map_or(self.now, |entry| entry.last_used.millis())
    }

    /// A policy from a store that nobody has asked for yet.
    pub(super) fn restore(&mut self, domain: &PolicyDomain, cached: CachedPolicy) {
        let cached = self.not_from_the_future(cached);
        if self.now > cached.expires_at() {
            return;
        }
        let slot = match self.cache.find(domain) {
            Some(slot) => {
                let Some(entry) = self.cache.get(slot) else { return };
                let newer = entry.policy().is_some() && entry.fetched_at() >= cached.fetched_at;
                if newer || entry.discovery.is_some() {
                    return;
                }
                slot
            }
            None if self.cache.is_full() => return,
            None => {
                let Some(slot) = self.cache.insert(domain) else { return };
                if let Some(entry) = self.cache.get_mut(slot) {
                    entry.last_used = Secs::floor(cached.last_used);
                }
                slot
            }
        };
        self.install(slot, &cached);
        self.settle(slot);
    }
}
