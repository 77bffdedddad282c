//! The parts of `mtasts-net` that a configuration describes.

use anyhow::Context as _;
use mtasts_net::{
    dns::{DnsConfig, Resolver, Server, Servers},
    https::{FetchConfig, Fetcher, TrustSources, TrustStore},
};
use tracing::{info, warn};

use crate::config::Config;

/// Who asks DNS and who fetches policies.
#[derive(Clone, Debug)]
pub struct Network {
    /// Asks DNS.
    pub resolver: Resolver,
    /// Fetches policies.
    pub fetcher: Fetcher,
    /// Judges certificates.
    pub roots: TrustStore,
}

impl Network {
    /// Sets up what a configuration describes. Reads the trusted certificates, so it blocks for
    /// milliseconds.
    ///
    /// # Errors
    ///
    /// When certificates cannot be read, or a DNS server is not named in a way that can be used.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let roots = trust_store(config)?;
        let resolver = Resolver::new(DnsConfig {
            servers: servers(config)?,
            timeout: config.dns.attempt_timeout,
            attempts: config.dns.attempts,
            max_queries: config.dns.max_queries,
            roots: Some(roots.clone()),
        });
        let https = &config.https;
        let fetch = FetchConfig {
            port: https.port,
            connect_timeout: https.connect_timeout,
            max_concurrent: https.max_concurrent,
            max_per_address: https.max_per_address,
            max_waiting: https.max_waiting,
            allow_networks: https.allow_networks.clone(),
            ..FetchConfig::default()
        };
        let fetcher = Fetcher::new(fetch, resolver.clone(), roots.clone());
        Ok(Self { resolver, fetcher, roots })
    }
}

fn trust_store(config: &Config) -> anyhow::Result<TrustStore> {
    let files = config.https.ca_file.iter().cloned().collect();
    let roots = TrustStore::load(&TrustSources { system: true, files })
        .context("policy hosts cannot be verified")?;
    for problem in roots.problems() {
        warn!("of the system's trusted certificates: {problem}");
    }
    info!(system = roots.system(), extra = roots.extra(), "trusted certificates are loaded");
    Ok(roots)
}

fn servers(config: &Config) -> anyhow::Result<Servers> {
    if config.dns.servers.is_empty() {
        return Ok(Servers::default());
    }
    let servers = config.dns.servers.iter().map(|text| {
        let server: Server = text.parse().with_context(|| format!("`dns.servers`: `{text}`"))?;
        let trust_ad =
            config.dns.trust_ad.iter().any(|network| network.contains(&server.addr.ip()));
        Ok(Server { trust_ad, ..server })
    });
    Ok(Servers::Named(servers.collect::<anyhow::Result<_>>()?))
}
