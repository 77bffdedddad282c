//! The threads of a resolver.

use core::{fmt, time::Duration};
use std::{
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use mtasts_core::{Bounce, Decision, PolicyDomain};
use mtasts_net::{
    dns::{DnsConfig, Resolver, Servers},
    driver::{Busy, Driver, Setup},
    https::{FetchConfig, Fetcher, TrustSources, TrustStore},
    store::{Sqlite, Store},
};
use nix::sys::signal::{SigSet, SigmaskHow};
use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

use super::options::Settings;
use crate::error::{
    Error, MTASTS_ERR_BUSY, MTASTS_ERR_RESOLVER_STORE, MTASTS_ERR_RESOLVER_THREAD,
    MTASTS_ERR_RESOLVER_TRUST,
};

/// A driver, and the threads that it needs.
pub(super) struct Running {
    runtime: Handle,
    /// All are taken when it ends.
    driver: Option<Driver>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    store_thread: Option<JoinHandle<()>>,
}

/// Why a resolver cannot be started, with the words on it.
pub(super) struct StartError {
    pub(super) error: Error,
    pub(super) words: String,
}

impl StartError {
    fn new(code: i32, error: &dyn core::error::Error) -> Self {
        let mut words = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            words.push_str(": ");
            words.push_str(&cause.to_string());
            source = cause.source();
        }
        Self { error: Error::of(code), words }
    }
}

impl Running {
    pub(super) fn start(settings: &Settings) -> Result<Self, StartError> {
        let _signals = Blocked::all();
        let network = Network::new(settings)?;
        let thread_error = |error| StartError::new(MTASTS_ERR_RESOLVER_THREAD, &error);
        let runtime = Builder::new_current_thread().enable_all().build().map_err(thread_error)?;
        let handle = runtime.handle().clone();
        let driver = {
            let _inside = handle.enter();
            Driver::start(Setup {
                engine: settings.engine.clone(),
                shards: 1,
                resolver: network.resolver,
                fetcher: network.fetcher,
                store: network.store,
            })
        };
        let (stop, stopped) = oneshot::channel();
        let ends = driver.clone();
        let thread = thread::Builder::new().name("mtasts".into());
        let thread = thread.spawn(move || {
            runtime.block_on(async move {
                let _ = stopped.await;
                ends.stop().await;
            });
        });
        let thread = Some(thread.map_err(thread_error)?);
        let store_thread = network.store_thread;
        Ok(Self { runtime: handle, driver: Some(driver), stop: Some(stop), thread, store_thread })
    }

    pub(super) fn lookup(&self, domain: PolicyDomain, within: Duration) -> Result<Decision, Error> {
        {
            // What is due in the background is started from here.
            let _inside = self.runtime.enter();
            if let Some(decision) = self.driver()?.lookup(&domain) {
                return Ok(decision);
            }
        }
        self.wait(move |driver| async move { driver.resolve(&domain, within).await })
    }

    pub(super) fn recheck(
        &self,
        domain: PolicyDomain,
        within: Duration,
    ) -> Result<(Decision, Bounce), Error> {
        self.wait(move |driver| async move { driver.recheck(&domain, within).await })
    }

    fn driver(&self) -> Result<&Driver, Error> {
        self.driver.as_ref().ok_or(Error::PANIC)
    }

    /// Has something done on the other thread.
    fn wait<T: Send + 'static, F>(&self, work: impl FnOnce(Driver) -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Busy>> + Send + 'static,
    {
        let (sender, answer) = mpsc::sync_channel(1);
        let work = work(self.driver()?.clone());
        self.runtime.spawn(async move {
            let _ = sender.send(work.await);
        });
        // The sender goes without an answer only if the task has panicked.
        let answer = answer.recv().map_err(|_| Error::PANIC)?;
        answer.map_err(|Busy| Error::of(MTASTS_ERR_BUSY))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // Nobody can ask the store any more, so its thread ends as well.
        self.driver = None;
        if let Some(thread) = self.store_thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("driver", &self.driver).finish_non_exhaustive()
    }
}

/// Who carries out errands.
struct Network {
    resolver: Resolver,
    fetcher: Fetcher,
    store: Option<Arc<dyn Store>>,
    store_thread: Option<JoinHandle<()>>,
}

impl Network {
    fn new(settings: &Settings) -> Result<Self, StartError> {
        let sources = TrustSources { system: settings.system_roots, files: settings.roots.clone() };
        let roots = TrustStore::load(&sources)
            .map_err(|error| StartError::new(MTASTS_ERR_RESOLVER_TRUST, &error))?;
        let servers = match settings.servers.as_slice() {
            [] => Servers::default(),
            servers => Servers::Named(servers.to_vec()),
        };
        let config = DnsConfig { servers, roots: Some(roots.clone()), ..DnsConfig::default() };
        let resolver = Resolver::new(config);
        let fetch = FetchConfig {
            port: settings.port,
            allow_networks: settings.networks.clone(),
            ..FetchConfig::default()
        };
        let fetcher = Fetcher::new(fetch, resolver.clone(), roots);
        let store = settings.cache.as_ref().map(Sqlite::open).transpose();
        let store = store.map_err(|error| StartError::new(MTASTS_ERR_RESOLVER_STORE, &error))?;
        let store_thread = store.as_ref().and_then(Sqlite::take_thread);
        let store = store.map(|store| -> Arc<dyn Store> { Arc::new(store) });
        Ok(Self { resolver, fetcher, store, store_thread })
    }
}

/// All signals are blocked for this thread, and so for those that it starts: the host's handlers run
/// on the host's threads.
struct Blocked(Option<SigSet>);

impl Blocked {
    fn all() -> Self {
        Self(SigSet::all().thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        if let Some(before) = self.0 {
            let _ = before.thread_set_mask();
        }
    }
}
