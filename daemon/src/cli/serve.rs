//! `mtasts serve`: the daemon.

use core::{net::SocketAddr, num::NonZeroUsize};
use std::{path::PathBuf, process::ExitCode, sync::Arc, thread};

use anyhow::{Context as _, anyhow};
use clap::Args;
use mtasts_net::{
    driver::{Driver, Setup},
    store::{Sqlite, Store},
};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use super::Global;
use crate::{
    config::{Config, Listen, Loaded, StoreKind, Surroundings},
    log,
    network::Network,
    server::Server,
};

const LONG_ABOUT: &str = "\
Answer an MTA's lookups

Without a configuration it listens on 127.0.0.1:8461. In Postfix's main.cf:

    smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix

SIGHUP reads the configuration and the trusted certificates again, without
dropping a connection. SIGTERM and SIGINT let requests that have come be
answered, then end the daemon.";

/// Answer an MTA's lookups
#[derive(Debug, Args)]
#[command(long_about = LONG_ABOUT)]
pub(super) struct Arguments {
    /// Listen there instead of where the configuration says; may be repeated
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Vec<SocketAddr>,
}

pub(super) fn run(arguments: &Arguments, global: &Global) -> anyhow::Result<ExitCode> {
    let loaded = global.load()?;
    let config = arguments.override_in(loaded.config);
    let log = log::init(&config.log, global.choice())?;
    match &loaded.file {
        Some(file) => info!(file = %file.display(), "configuration"),
        None => info!("no configuration file, the defaults apply"),
    }
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot be started")?;
    runtime.block_on(serve(config, arguments, global, &log))?;
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn override_in(&self, mut config: Config) -> Config {
        if !self.listen.is_empty() {
            let tcp = |address: &SocketAddr| Listen::Tcp { address: *address };
            config.listen = self.listen.iter().map(tcp).collect();
        }
        config
    }
}

async fn serve(
    mut config: Config,
    arguments: &Arguments,
    global: &Global,
    log: &log::Handle,
) -> anyhow::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;

    let Network { resolver, fetcher, roots: _ } = Network::new(&config)?;
    let store = open_store(&config)?;
    let processors = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let driver = Driver::start(Setup {
        engine: config.engine(0),
        shards: config.cache.shard_count(processors).get(),
        resolver,
        fetcher,
        store,
    });
    let server = Server::start(&config, driver.clone())?;

    loop {
        let name = tokio::select! {
            _ = hangup.recv() => {
                match reload(arguments, global, log, &driver, &server) {
                    Ok(new) => config = kept(new, &config),
                    Err(error) => error!("the configuration stays as it is: {error:#}"),
                }
                continue;
            }
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        info!(signal = name, "ending");
        break;
    }
    server.drain(config.socketmap.drain_timeout).await;
    driver.stop().await;
    info!("ended");
    Ok(())
}

fn open_store(config: &Config) -> anyhow::Result<Option<Arc<dyn Store>>> {
    match config.store.kind {
        StoreKind::Memory => {
            warn!("policies are kept in memory only: a restart forgets them");
            Ok(None)
        }
        StoreKind::Sqlite => {
            let file = store_file(config)?;
            let store = Sqlite::open(&file).context(
                "policies cannot be kept; set `store.path`, or `store.kind = \"memory\"` to do \
                 without (a restart then forgets them)",
            )?;
            info!(file = %file.display(), "policy store");
            Ok(Some(Arc::new(store)))
        }
    }
}

fn store_file(config: &Config) -> anyhow::Result<PathBuf> {
    config
        .store
        .location(&Surroundings::of_process())
        .ok_or_else(|| anyhow!("there is no place for the policy store: set `store.path`, or HOME"))
}

/// Reads the configuration again and puts it into effect, all of it or nothing.
fn reload(
    arguments: &Arguments,
    global: &Global,
    log: &log::Handle,
    driver: &Driver,
    server: &Server,
) -> anyhow::Result<Config> {
    let Loaded { config, .. } = global.load()?;
    let config = arguments.override_in(config);
    let Network { resolver, fetcher, roots: _ } = Network::new(&config)?;
    server.reconfigure(&config)?;
    driver.reconfigure(&config.engine(0), resolver, fetcher);
    log.reload(&config.log)?;
    info!("the configuration is read again");
    Ok(config)
}

/// The new configuration, after telling what of it only a restart brings into effect.
fn kept(new: Config, old: &Config) -> Config {
    let changed = [
        ("store", new.store != old.store),
        ("cache.shards", new.cache.shards != old.cache.shards),
        ("log.format", new.log.format != old.log.format),
    ];
    for (key, _) in changed.iter().filter(|(_, changed)| *changed) {
        warn!("the change of `{key}` takes effect with the next start");
    }
    new
}
