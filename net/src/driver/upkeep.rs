//! What goes on without anybody asking: timers, the store's contents, the clock.

use core::time::Duration;

use mtasts_core::Input;
use tokio::time;
use tracing::{debug, info};

use super::{Driver, errands::told, shard::Shard};
use crate::store::Page;

/// How often the clock is compared with the system's, at least.
const CLOCK_CHECK: Duration = Duration::from_secs(60);
/// How often expired policies are looked for in the store.
const PURGE_INTERVAL: Duration = Duration::from_secs(3600);
/// How many stored policies are read at a time.
const PAGE: usize = 500;

impl Driver {
    pub(super) fn start_upkeep(&self) {
        for index in 0..self.inner.shards.len() {
            self.spawn_upkeep(|driver| async move { driver.keep_time(index).await });
        }
        if self.inner.store.is_some() {
            self.spawn_upkeep(|driver| async move {
                driver.fill().await;
                driver.purge().await;
            });
        }
    }

    fn spawn_upkeep<F>(&self, upkeep: impl FnOnce(Self) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stopping = self.inner.stopping.clone();
        let upkeep = upkeep(self.clone());
        self.inner.tasks.spawn(async move { stopping.run_until_cancelled(upkeep).await });
    }

    /// Wakes an engine when it wants to be woken.
    async fn keep_time(&self, index: usize) {
        let Some(shard) = self.inner.shards.get(index) else { return };
        loop {
            self.inner.clock.follow_system();
            let wake = shard.set_timer(self.now().plus(CLOCK_CHECK));
            tokio::select! {
                () = time::sleep_until(self.inner.clock.instant(wake)) => self.wake(shard),
                () = shard.earlier() => {}
            }
        }
    }

    fn wake(&self, shard: &Shard) {
        let now = self.now();
        let ((), errands) = shard.with(|state| state.engine.handle_timeout(now));
        self.carry_out(errands);
    }

    /// Fills the engines with the stored policies that are in use, so that they are refreshed even
    /// if nobody asks for them soon. Lookups need not wait for it: they load what they need.
    async fn fill(&self) {
        let start = self.now();
        let Some(shard) = self.inner.shards.first() else { return };
        let (max_domains, idle) = {
            let state = shard.lock();
            let config = state.engine.config();
            (config.max_domains.saturating_mul(self.inner.shards.len()), config.refresh_idle)
        };
        let used_since = start.minus(idle);
        let mut after = None;
        let mut count = 0_usize;
        while count < max_domains {
            let page = Page { after, now: self.now(), used_since, limit: PAGE };
            let reply = self.ask_store(|store| store.page(page));
            let Some(policies) = told("list its policies", reply).await else { return };
            let Some((last, _)) = policies.last() else { break };
            after = Some(last.clone());
            count = count.saturating_add(policies.len());
            for (domain, policy) in policies {
                let now = self.now();
                self.with_shard(&domain.clone(), |state| {
                    // Restoring cannot be refused.
                    let _ = state.engine.handle_input(Input::Restore { domain, policy }, now);
                });
            }
        }
        let took = self.now().since(start);
        info!(policies = count, ?took, "the stored policies in use are loaded");
    }

    /// Rids the store of expired policies, those of domains that nobody asks for among them.
    async fn purge(&self) {
        let mut interval = time::interval(PURGE_INTERVAL);
        loop {
            interval.tick().await;
            let now = self.now();
            let mut purged = 0_usize;
            loop {
                let reply = self.ask_store(|store| store.purge(now));
                match told("forget expired policies", reply).await {
                    None | Some(0) => break,
                    Some(more) => purged = purged.saturating_add(more),
                }
            }
            debug!(purged, "expired policies are removed from the store");
        }
    }
}
