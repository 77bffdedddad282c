//! What happens without anybody asking: refreshing, forgetting, giving up.

use core::{cmp::Reverse, time::Duration};

use super::{Deadline, Engine};
use crate::{
    CachedPolicy, Output, RequestId, UnixMillis,
    cache::{Secs, Slot},
};

impl Engine {
    /// Starts a check of a policy that governs, if there is room for one.
    pub(super) fn check_in_background(&mut self, slot: Slot, refresh: bool) -> Option<u16> {
        // Half of the room is kept for those who wait.
        if self.running >= self.config.max_discoveries.div_ceil(2) {
            return None;
        }
        let key = self.start(slot, false)?;
        self.discovery_mut(key)?.refresh = refresh;
        Some(key)
    }

    /// Puts a policy into effect.
    pub(super) fn install(&mut self, slot: Slot, cached: &CachedPolicy) {
        let policy = self.cache.intern(cached.policy.clone());
        let refresh_at = self.refresh_at(cached);
        if let Some(entry) = self.cache.get_mut(slot) {
            entry.set_policy(policy, cached.id, cached.fetched_at);
            entry.refresh_at = refresh_at;
        }
        self.cache.rerank(slot);
    }

    /// Forgets a policy that has expired or was replaced by one that is not kept.
    pub(super) fn drop_policy(&mut self, slot: Slot) {
        let Some(entry) = self.cache.get_mut(slot) else { return };
        if entry.policy().is_none() {
            return;
        }
        entry.clear_policy();
        if self.config.store {
            self.outputs.push_back(Output::Remove { domain: entry.domain.clone() });
        }
        self.cache.rerank(slot);
    }

    /// After a failure: tries again later and later, but not later than the configuration says.
    pub(super) fn postpone_refresh(&mut self, slot: Slot) {
        let (now, first, longest) =
            (self.now, self.config.fetch_backoff, self.config.refresh_retry_max);
        let Some(entry) = self.cache.get_mut(slot) else { return };
        let row = entry.trouble.as_ref().map_or(1, |trouble| trouble.row.max(1));
        let factor = 1_u32.checked_shl(row.saturating_sub(1)).unwrap_or(u32::MAX);
        let pause = first.saturating_mul(factor).min(longest.max(first));
        let at = Secs::ceil(now.plus(pause));
        if entry.refresh_at <= at {
            entry.refresh_at = at;
        }
    }

    /// Gives up on requests that were not answered.
    pub(super) fn give_up_overdue(&mut self, now: UnixMillis) {
        while let Some(request) = self.overdue_request(now) {
            self.give_up(request);
        }
    }

    fn overdue_request(&self, now: UnixMillis) -> Option<RequestId> {
        self.deadlines.iter().take_while(|(at, _)| *at <= now).find_map(|(_, deadline)| {
            match deadline {
                Deadline::Request(request) => Some(*request),
                Deadline::Lookup(_) => None,
            }
        })
    }

    /// Looks at every entry that is due.
    pub(super) fn maintain(&mut self, now: UnixMillis) {
        self.starved = false;
        while let Some(Reverse((at, slot))) = self.wakes.peek().copied() {
            if at.millis() > now || self.starved {
                break;
            }
            self.wakes.pop();
            let current = self.cache.get_mut(slot).filter(|entry| entry.wake == at);
            if let Some(entry) = current {
                entry.wake = Secs::NEVER;
                self.look_after(slot, now);
            }
        }
        // Items that were overtaken by events; without this they could outnumber the entries.
        if self.wakes.len() > self.cache.len().saturating_mul(2).saturating_add(64) {
            let cache = &self.cache;
            self.wakes.retain(|Reverse((at, slot))| {
                cache.get(*slot).is_some_and(|entry| entry.wake == *at)
            });
        }
    }

    fn look_after(&mut self, slot: Slot, now: UnixMillis) {
        let Some(entry) = self.cache.get(slot) else { return };
        if entry.discovery.is_some() {
            return;
        }
        let due = entry.governing(now).is_some() && entry.refresh_at.millis() <= now;
        //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
        //# MTAs SHOULD proactively refresh cached policies before they expire; a suggested refresh
        //# frequency is once per day.
        if due && self.is_in_use(slot) {
            let room = self.refreshing < self.config.max_refreshes;
            if let Some(key) = room.then(|| self.check_in_background(slot, true)).flatten() {
                self.refreshing = self.refreshing.saturating_add(1);
                if let Some(discovery) = self.discovery_mut(key) {
                    discovery.maintenance = true;
                }
            } else {
                self.starved = true;
                self.wake_at(slot, Secs::floor(now));
            }
            return;
        }
        self.settle(slot);
    }

    /// Files an entry that nobody works on: forgets it if it holds nothing any more, else sees to
    /// it that maintenance comes back.
    pub(super) fn settle(&mut self, slot: Slot) {
        let now = self.now;
        let Some(entry) = self.cache.get(slot) else { return };
        if entry.policy().is_some() && entry.governing(now).is_none() {
            self.drop_policy(slot);
        }
        let Some(entry) = self.cache.get(slot) else { return };
        if entry.policy().is_none() {
            let backoff = entry.backoff_end(self.config.fetch_backoff);
            let until = entry.txt_until.max(backoff.map_or(Secs(0), Secs::ceil));
            if until.millis() > now {
                self.wake_at(slot, until);
            } else {
                self.cache.remove(slot);
            }
            return;
        }
        let expiry = Secs::ceil(entry.expires_at().plus(Duration::from_millis(1)));
        let refresh = entry.refresh_at.max(Secs::floor(now));
        let at = if self.is_in_use(slot) { refresh.min(expiry) } else { expiry };
        self.wake_at(slot, at);
    }

    /// Whether somebody has asked for the domain of late.
    fn is_in_use(&self, slot: Slot) -> bool {
        let last_used = self.cache.get(slot).map(|entry| entry.last_used.millis());
        last_used.is_some_and(|last| self.now < last.plus(self.config.refresh_idle))
    }

    fn wake_at(&mut self, slot: Slot, at: Secs) {
        if let Some(entry) = self.cache.get_mut(slot)
            && at < entry.wake
        {
            entry.wake = at;
            self.wakes.push(Reverse((at, slot)));
        }
    }

    /// When a policy should be fetched anew: a day after its fetch or half-way to its end, and up
    /// to `refresh_jitter` percent earlier.
    fn refresh_at(&mut self, cached: &CachedPolicy) -> Secs {
        let half = cached.policy.max_age().checked_div(2).unwrap_or_default();
        //= https://www.rfc-editor.org/rfc/rfc8461#section-10.2
        //# implementers SHOULD NOT wait until a cached policy has expired before checking for an
        //# update
        let interval = self.config.refresh_after.min(half);
        let percent = u64::from(self.config.refresh_jitter.min(90)).saturating_add(1);
        let early = self.cache.random().checked_rem(percent).unwrap_or_default();
        let early = interval.saturating_mul(u32::try_from(early).unwrap_or_default());
        let early = early.checked_div(100).unwrap_or_default();
        Secs::ceil(cached.fetched_at.plus(interval.saturating_sub(early)))
    }
}
