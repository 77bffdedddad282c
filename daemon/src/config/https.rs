//! `[https]`: how policies are fetched.

use core::time::Duration;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Serialize;

use super::{
    section::Section,
    value::{duration, integer, millis, minutes, network, path, seconds, size, write_duration},
};

/// The policy size that RFC 8461 §3.3 suggests as a maximum, in bytes.
const SUGGESTED_BODY: usize = 65_536;

/// The port of every policy host.
const PORT: u16 = 443;

/// Limits of policy fetches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Https {
    /// Time allowed for a fetch, from the address lookup to the last byte.
    #[serde(serialize_with = "write_duration")]
    pub timeout: Duration,
    /// Time allowed for connecting to one address.
    #[serde(serialize_with = "write_duration")]
    pub connect_timeout: Duration,
    /// Largest policy accepted, in bytes.
    pub max_body: usize,
    /// Most fetches at one time.
    pub max_concurrent: usize,
    /// Most fetches from one address at one time.
    pub max_per_address: usize,
    /// Most fetches that may wait for their turn.
    pub max_waiting: usize,
    /// Networks that policies are fetched from although they are loopback, private or link-local.
    pub allow_networks: Vec<IpNet>,
    /// Certificates, in PEM, of authorities that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// The port that policy hosts are connected to.
    pub port: u16,
}

impl Https {
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let default = Self::default();
        let https = Self {
            timeout: section.value("timeout", default.timeout, duration(seconds(1)..=minutes(10))),
            connect_timeout: section.value(
                "connect_timeout",
                default.connect_timeout,
                duration(millis(100)..=minutes(1)),
            ),
            max_body: section.value("max_body", default.max_body, size(1024..=16_777_216)),
            max_concurrent: section.value(
                "max_concurrent",
                default.max_concurrent,
                integer(1..=10_000),
            ),
            max_per_address: section.value(
                "max_per_address",
                default.max_per_address,
                integer(1..=10_000),
            ),
            max_waiting: section.value("max_waiting", default.max_waiting, integer(1..=1_000_000)),
            allow_networks: section.list("allow_networks", network),
            ca_file: section.optional("ca_file", path),
            port: section.value("port", default.port, integer(1..=u16::MAX)),
        };
        https.check(section);
        https
    }

    fn check(&self, section: &mut Section<'_, '_>) {
        section.at_most(("connect_timeout", self.connect_timeout), ("timeout", self.timeout));
        if self.timeout < seconds(10) {
            let help = "domains with a slow policy host go unprotected; RFC 8461 §3.3 suggests \
                        one minute";
            section.warn("timeout", "is below 10s", help);
        }
        if self.max_body < SUGGESTED_BODY {
            let help = "domains with a longer policy go unprotected; RFC 8461 §3.3 suggests 64 KiB";
            section.warn("max_body", "is below 65536", help);
        }
        if self.max_per_address > self.max_concurrent && section.has("max_per_address") {
            let help = "`https.max_concurrent` is less";
            section.warn("max_per_address", "has no effect", help);
        }
        if self.allow_networks.iter().any(|network| network.prefix_len() == 0) {
            let help = "a domain's owner then chooses which of your own hosts is connected to";
            section.warn("allow_networks", "allows every address", help);
        }
        if self.port != PORT {
            let help = "no policy is published there (RFC 8461 §3.3); that is for tests";
            section.warn("port", "is not 443", help);
        }
    }
}

impl Default for Https {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            max_body: SUGGESTED_BODY,
            max_concurrent: 100,
            max_per_address: 8,
            max_waiting: 1000,
            allow_networks: Vec::new(),
            ca_file: None,
            port: PORT,
        }
    }
}
