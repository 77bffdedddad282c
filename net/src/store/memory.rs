//! A store that lasts as long as its value: for tests, and for engines that are made anew.

use core::ops::Bound;
use std::collections::BTreeMap;

use futures_util::future::{self, FutureExt as _};
use mtasts_core::{CachedPolicy, PolicyDomain, UnixMillis};
use parking_lot::Mutex;

use super::{Page, Reply, Store};

/// Policies in memory.
#[derive(Debug, Default)]
pub struct Memory {
    policies: Mutex<BTreeMap<PolicyDomain, CachedPolicy>>,
}

fn done<T: Send + 'static>(value: T) -> Reply<T> {
    future::ready(Ok(value)).boxed()
}

impl Store for Memory {
    fn load(&self, domain: &PolicyDomain) -> Reply<Option<CachedPolicy>> {
        done(self.policies.lock().get(domain).cloned())
    }

    fn store(&self, domain: PolicyDomain, policy: CachedPolicy) -> Reply<()> {
        let mut policies = self.policies.lock();
        if policies.get(&domain).is_none_or(|known| known.fetched_at <= policy.fetched_at) {
            policies.insert(domain, policy);
        }
        done(())
    }

    fn remove(&self, domain: PolicyDomain, until: UnixMillis) -> Reply<()> {
        let mut policies = self.policies.lock();
        if policies.get(&domain).is_some_and(|known| known.fetched_at <= until) {
            policies.remove(&domain);
        }
        done(())
    }

    fn page(&self, page: Page) -> Reply<Vec<(PolicyDomain, CachedPolicy)>> {
        let policies = self.policies.lock();
        let start = page.after.as_ref().map_or(Bound::Unbounded, Bound::Excluded);
        let in_use = policies.range((start, Bound::Unbounded)).filter(|(_, policy)| {
            policy.expires_at() >= page.now && policy.last_used >= page.used_since
        });
        let in_use = in_use.map(|(domain, policy)| (domain.clone(), policy.clone()));
        done(in_use.take(page.limit).collect())
    }

    fn purge(&self, now: UnixMillis) -> Reply<usize> {
        let mut policies = self.policies.lock();
        let before = policies.len();
        policies.retain(|_, policy| policy.expires_at() >= now);
        done(before.saturating_sub(policies.len()))
    }
}
