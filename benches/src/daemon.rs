//! A daemon's driver that remembers domains.

use core::{
    fmt,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};
use std::sync::Arc;

use anyhow::Context as _;
use futures_util::{FutureExt as _, future};
use mtasts_core::{CachedPolicy, Policy, PolicyDomain, PolicyId, StsRecord, UnixMillis};
use mtasts_daemon::{
    config::{Config, Source},
    network::Network,
};
use mtasts_net::{
    driver::{Driver, Setup},
    store::{Page, Reply, Store},
};

use crate::{domains::domain, engines::Contents, policies};

/// Reads a configuration.
///
/// # Errors
///
/// When it has errors.
pub fn config(text: &str) -> anyhow::Result<Config> {
    Ok(Config::parse(Source::new("the bench's configuration", text))?.config)
}

/// The configuration of a daemon that has room for `count` domains in whichever shard, does not look
/// after them again while it is measured, and asks the DNS server at `dns`.
#[must_use]
pub fn text(count: u32, dns: impl fmt::Display) -> String {
    // A shard has its part of the room, and perhaps a few domains more than its part of those.
    let room = count.saturating_mul(2);
    format!(
        "[dns]\n\
         servers = [\"{dns}\"]\n\
         [cache]\n\
         max_domains = {room}\n\
         txt_recheck = \"1d\"\n\
         refresh_after = \"31d\"\n"
    )
}

/// Starts a driver as the daemon does, and waits until it has loaded the domains below `count`.
///
/// # Errors
///
/// When there is no trust store.
pub async fn driver(config: &Config, count: u32, contents: Contents) -> anyhow::Result<Driver> {
    let Network { resolver, fetcher, .. } = Network::new(config)?;
    let processors = std::thread::available_parallelism()?;
    let driver = Driver::start(Setup {
        engine: config.engine(0),
        shards: config.cache.shard_count(processors).get(),
        resolver,
        fetcher,
        store: Some(Arc::new(MadeUp::new(count, contents))),
    });
    let count = usize::try_from(count)?;
    while driver.len() < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(driver)
}

/// Has the TXT record of every domain checked, after which lookups start nothing in the background.
///
/// # Errors
///
/// When the driver is too busy.
pub async fn check_all(driver: &Driver, count: u32) -> anyhow::Result<()> {
    for number in 0..count {
        let soon = Duration::from_secs(10);
        driver.recheck(&domain(number), soon).await.context("a domain cannot be checked")?;
    }
    Ok(())
}

/// A store that makes its policies up as they are read, and so takes no memory.
#[derive(Debug)]
struct MadeUp {
    count: u32,
    contents: Contents,
    next: AtomicU32,
}

impl MadeUp {
    const fn new(count: u32, contents: Contents) -> Self {
        Self { count, contents, next: AtomicU32::new(0) }
    }
}

impl Store for MadeUp {
    fn load(&self, _domain: &PolicyDomain) -> Reply<Option<CachedPolicy>> {
        future::ready(Ok(None)).boxed()
    }

    fn store(&self, _domain: PolicyDomain, _policy: CachedPolicy) -> Reply<()> {
        future::ready(Ok(())).boxed()
    }

    fn remove(&self, _domain: PolicyDomain, _until: UnixMillis) -> Reply<()> {
        future::ready(Ok(())).boxed()
    }

    fn page(&self, page: Page) -> Reply<Vec<(PolicyDomain, CachedPolicy)>> {
        let limit = u32::try_from(page.limit).unwrap_or(u32::MAX);
        let first = self.next.fetch_add(limit, Ordering::Relaxed);
        let numbers = first..first.saturating_add(limit).min(self.count);
        let policies = numbers.map(|number| stored(number, self.contents, page.now)).collect();
        future::ready(Ok(policies)).boxed()
    }

    fn purge(&self, _now: UnixMillis) -> Reply<usize> {
        future::ready(Ok(0)).boxed()
    }
}

/// What a store holds of the domain of this number, fetched and used just now.
///
/// # Panics
///
/// When `contents` are no policies.
#[must_use]
pub fn stored(number: u32, contents: Contents, now: UnixMillis) -> (PolicyDomain, CachedPolicy) {
    let domain = domain(number);
    let policy = Policy::parse(contents.policy(number, &domain)).expect("it is a policy").policy;
    let cached =
        CachedPolicy { policy: Arc::new(policy), id: id(), fetched_at: now, last_used: now };
    (domain, cached)
}

fn id() -> PolicyId {
    StsRecord::select(&[policies::RECORD]).expect("it is a record").id
}
