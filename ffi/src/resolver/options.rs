//! How a resolver reaches the world.

use core::{ffi::c_char, net::IpAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use mtasts_core::Config as CoreConfig;
use mtasts_net::dns::Server;

use crate::{
    config::Config,
    error::{Error, MTASTS_ERR_RESOLVER_NETWORK, MTASTS_ERR_RESOLVER_SERVER},
    guard::{self, Poison, entry, handle},
    input,
    out::Out,
};

/// How a resolver reaches the world.
#[derive(Debug)]
pub struct ResolverOptions {
    poison: Poison,
    pub(super) settings: Settings,
}

handle!(ResolverOptions);

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) engine: CoreConfig,
    pub(super) servers: Vec<Server>,
    pub(super) system_roots: bool,
    pub(super) roots: Vec<PathBuf>,
    pub(super) port: u16,
    pub(super) networks: Vec<IpNet>,
    pub(super) cache: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            engine: CoreConfig::default(),
            servers: Vec::new(),
            system_roots: true,
            roots: Vec::new(),
            port: 443,
            networks: Vec::new(),
            cache: None,
        }
    }
}

/// The default options: the name servers of /etc/resolv.conf, the system's trusted certificates, no
/// cache file. Free `*out` with mtasts_resolver_options_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_new(out: *mut *mut ResolverOptions) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        out.set_new(ResolverOptions { poison: Poison::default(), settings: Settings::default() });
        Ok(())
    })
}

/// Takes over the settings of the engine, all but MTASTS_CONFIG_STORE and MTASTS_CONFIG_SEED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_set_config(
    options: *mut ResolverOptions,
    config: *const Config,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            options.settings.engine = config.as_ref().ok_or(Error::NULL)?.config.clone();
            Ok(())
        })
    }
}

/// Adds a DNS server, instead of those of /etc/resolv.conf: `127.0.0.1`, `[::1]:53`, or
/// `tls://ADDRESS#NAME` for DNS over TLS. The first one is asked first.
///
/// Errors: MTASTS_ERR_RESOLVER_SERVER.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_add_dns_server(
    options: *mut ResolverOptions,
    server: *const c_char,
    server_len: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            let server = input::text(server, server_len)?.parse();
            let server = server.map_err(|_| Error::of(MTASTS_ERR_RESOLVER_SERVER))?;
            options.settings.servers.push(server);
            Ok(())
        })
    }
}

/// Adds a file in PEM with certificates that are trusted besides the system's. It is read when the
/// resolver starts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_add_ca_file(
    options: *mut ResolverOptions,
    path: *const c_char,
    path_len: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            options.settings.roots.push(input::text(path, path_len)?.into());
            Ok(())
        })
    }
}

/// Whether the system's certificates are trusted, 1 (as by default) or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_set_system_roots(
    options: *mut ResolverOptions,
    trusted: i32,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            options.settings.system_roots = match trusted {
                0 => false,
                1 => true,
                _ => return Err(Error::VALUE),
            };
            Ok(())
        })
    }
}

/// The port of policy hosts: 443, for everybody but tests.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_set_https_port(
    options: *mut ResolverOptions,
    port: u16,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            if port == 0 {
                return Err(Error::VALUE);
            }
            options.settings.port = port;
            Ok(())
        })
    }
}

/// Adds a network, such as `10.0.0.0/8` or an address, in which policy hosts may be although it is not on
/// the public Internet.
///
/// Errors: MTASTS_ERR_RESOLVER_NETWORK.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_allow_network(
    options: *mut ResolverOptions,
    network: *const c_char,
    network_len: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            let text = input::text(network, network_len)?;
            let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            let network = network.map_err(|_| Error::of(MTASTS_ERR_RESOLVER_NETWORK))?;
            options.settings.networks.push(network);
            Ok(())
        })
    }
}

/// Keeps policies in an SQLite file, which is made if it is not there, and which several processes may
/// use at a time, a daemon among them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_set_cache_file(
    options: *mut ResolverOptions,
    path: *const c_char,
    path_len: usize,
) -> i32 {
    // SAFETY: the header asks for it.
    unsafe {
        guard::exclusive(options, |options| {
            let path = input::text(path, path_len)?;
            if path.is_empty() || path.contains('\0') {
                return Err(Error::VALUE);
            }
            options.settings.cache = Some(path.into());
            Ok(())
        })
    }
}

/// Frees options. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_resolver_options_free(options: *mut ResolverOptions) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(options) }
}
