//! Engines and their errands: questions in, decisions out, DNS, HTTPS and the store in between.
//!
//! Each [`Driver`] has several engines (shards), and each domain belongs to one of them, so that
//! lookups scale over cores. An engine is asked under a lock that is held for a moment only; its
//! errands run as tasks.

use core::{
    fmt,
    hash::BuildHasher as _,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use std::{hash::RandomState, sync::Arc};

use mtasts_core::{Bounce, Config, Decision, Input, LookupId, PolicyDomain, UnixMillis};
use parking_lot::RwLock;
use tokio::sync::oneshot;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{clock::Clock, dns::Resolver, https::Fetcher, store::Store};

mod errands;
mod shard;
mod upkeep;

use shard::Shard;

/// What a [`Driver`] is made of.
#[derive(Debug)]
pub struct Setup {
    /// The engine's settings. Numbers are totals, divided among the shards. Whether there is a store
    /// and the seed are set by the driver.
    pub engine: Config,
    /// How many engines: one for each core that answers lookups.
    pub shards: usize,
    /// Asks DNS.
    pub resolver: Resolver,
    /// Fetches policies.
    pub fetcher: Fetcher,
    /// Keeps policies across restarts.
    pub store: Option<Arc<dyn Store>>,
}

/// Answers lookups. Clones are the same one.
///
/// # Ends
///
/// Tasks end with [`stop`](Self::stop) or with the runtime. A driver must be used within the Tokio
/// runtime that it was started in.
#[derive(Clone)]
pub struct Driver {
    inner: Arc<Inner>,
}

/// Everything is busy: as many lookups or discoveries are under way as the configuration allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many lookups are under way")]
pub struct Busy;

struct Inner {
    shards: Box<[Shard]>,
    hasher: RandomState,
    clock: Clock,
    network: RwLock<Network>,
    store: Option<Arc<dyn Store>>,
    /// Lookups that wait, and how many may. All lookups of a domain wait at one shard, so this is
    /// not divided among them.
    waiting: AtomicUsize,
    max_waiting: AtomicUsize,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

/// Who carries out errands outside of the machine.
#[derive(Clone, Debug)]
struct Network {
    resolver: Resolver,
    fetcher: Fetcher,
}

impl Driver {
    /// Starts the engines, and begins to fill them from the store.
    #[must_use]
    pub fn start(setup: Setup) -> Self {
        let Setup { engine, shards, resolver, fetcher, store } = setup;
        let count = shards.clamp(1, 256);
        let hasher = RandomState::new();
        let shards = (0..count).map(|index| {
            let seed = hasher.hash_one(index);
            Shard::new(Config { seed, store: store.is_some(), ..share(&engine, count) })
        });
        let inner = Inner {
            shards: shards.collect(),
            hasher,
            clock: Clock::new(),
            network: RwLock::new(Network { resolver, fetcher }),
            store,
            waiting: AtomicUsize::new(0),
            max_waiting: AtomicUsize::new(engine.max_lookups),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        let driver = Self { inner: Arc::new(inner) };
        driver.start_upkeep();
        driver
    }

    /// The decision for a domain, if it can be given at once.
    #[must_use]
    pub fn lookup(&self, domain: &PolicyDomain) -> Option<Decision> {
        let now = self.now();
        self.with_shard(domain, |state| state.engine.lookup(domain, now))
    }

    /// As [`lookup`](Self::lookup), for a look at the cache: counts as no use and starts nothing.
    #[must_use]
    pub fn peek(&self, domain: &PolicyDomain) -> Option<Decision> {
        let now = self.now();
        self.with_shard(domain, |state| state.engine.peek(domain, now))
    }

    /// The decision for a domain, discovered if need be. Comes within the time given, from what is
    /// known by then.
    ///
    /// # Errors
    ///
    /// When too many lookups are under way.
    pub async fn resolve(&self, domain: &PolicyDomain, within: Duration) -> Result<Decision, Busy> {
        if let Some(decision) = self.lookup(domain) {
            return Ok(decision);
        }
        let deadline = self.now().plus(within);
        let ask = |lookup| Input::Resolve { lookup, domain: domain.clone(), deadline };
        self.ask(domain, ask).await.map(|(decision, _)| decision)
    }

    /// The check that must precede a bounce (RFC 8461 §5.1 step 3): asks DNS whatever is known, and
    /// says whether a message may now be failed permanently.
    ///
    /// # Errors
    ///
    /// When too many lookups are under way.
    pub async fn recheck(
        &self,
        domain: &PolicyDomain,
        within: Duration,
    ) -> Result<(Decision, Bounce), Busy> {
        let deadline = self.now().plus(within);
        let ask = |lookup| Input::Recheck { lookup, domain: domain.clone(), deadline };
        let (decision, bounce) = self.ask(domain, ask).await?;
        Ok((decision, bounce.unwrap_or(Bounce::Forbidden)))
    }

    async fn ask(
        &self,
        domain: &PolicyDomain,
        input: impl FnOnce(LookupId) -> Input,
    ) -> Result<(Decision, Option<Bounce>), Busy> {
        let _place = self.wait_in_line()?;
        let (sender, answer) = oneshot::channel();
        let now = self.now();
        let lookup = self.with_shard(domain, |state| state.ask(sender, input, now)).ok_or(Busy)?;
        let _cancel = Cancel { driver: self, domain, lookup };
        // The sender goes only with the engine.
        answer.await.map_err(|_| Busy)
    }

    fn wait_in_line(&self) -> Result<Place<'_>, Busy> {
        let place = Place(&self.inner.waiting);
        let before = self.inner.waiting.fetch_add(1, Ordering::Relaxed);
        let max = self.inner.max_waiting.load(Ordering::Relaxed);
        if before < max { Ok(place) } else { Err(Busy) }
    }

    /// How many domains are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        let lengths = self.inner.shards.iter().map(|shard| shard.lock().engine.len());
        lengths.fold(0, usize::saturating_add)
    }

    /// Whether no domain is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The time that engines are told.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        self.inner.clock.now()
    }

    /// Replaces the settings and those who carry out errands. What is under way goes on as before.
    pub fn reconfigure(&self, engine: &Config, resolver: Resolver, fetcher: Fetcher) {
        *self.inner.network.write() = Network { resolver, fetcher };
        self.inner.max_waiting.store(engine.max_lookups, Ordering::Relaxed);
        for shard in &self.inner.shards {
            let mut state = shard.lock();
            let Config { seed, store, .. } = *state.engine.config();
            let share = share(engine, self.inner.shards.len());
            state.engine.reconfigure(Config { seed, store, ..share });
        }
    }

    /// Ends all tasks. Lookups that wait are answered as busy.
    pub async fn stop(&self) {
        self.inner.stopping.cancel();
        for shard in &self.inner.shards {
            shard.lock().abandon();
        }
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    #[expect(
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "there is at least one shard, and the remainder is less than their number"
    )]
    fn shard_of(&self, domain: &PolicyDomain) -> &Shard {
        let hash = usize::try_from(self.inner.hasher.hash_one(domain) >> 32).unwrap_or_default();
        &self.inner.shards[hash % self.inner.shards.len()]
    }
}

/// The part of one shard in the totals.
fn share(total: &Config, shards: usize) -> Config {
    let part = |number: usize| number.div_ceil(shards).max(1);
    Config {
        max_domains: part(total.max_domains),
        max_discoveries: part(total.max_discoveries),
        max_refreshes: part(total.max_refreshes),
        ..total.clone()
    }
}

/// A place among the lookups that wait.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Tells the engine when nobody waits for a lookup any more.
struct Cancel<'a> {
    driver: &'a Driver,
    domain: &'a PolicyDomain,
    lookup: LookupId,
}

impl Drop for Cancel<'_> {
    fn drop(&mut self) {
        let (lookup, now) = (self.lookup, self.driver.now());
        self.driver.with_shard(self.domain, |state| state.cancel(lookup, now));
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").field("shards", &self.inner.shards.len()).finish_non_exhaustive()
    }
}
