//! `[socketmap]`: the protocol that Postfix and Sendmail ask by.

use core::time::Duration;

use serde::Serialize;

use super::{
    section::Section,
    value::{duration, integer, minutes, seconds, size, write_duration},
};

/// How long Postfix waits for an answer. Not configurable there.
const POSTFIX_TIMEOUT: Duration = Duration::from_secs(100);

/// Limits of the socketmap service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Socketmap {
    /// Most connections open at one time; the longest idle one is closed for a new one.
    pub max_connections: usize,
    /// Longest request accepted, in bytes, without its netstring framing.
    pub max_request: usize,
    /// Most requests of one connection under way at one time; more wait to be read.
    pub max_pipelined: usize,
    /// Time after which a lookup is answered from what is known.
    #[serde(serialize_with = "write_duration")]
    pub lookup_timeout: Duration,
    /// Time that a client has to accept replies before its connection is closed.
    #[serde(serialize_with = "write_duration")]
    pub write_timeout: Duration,
    /// Time that lookups under way have to finish when the daemon stops.
    #[serde(serialize_with = "write_duration")]
    pub drain_timeout: Duration,
}

impl Socketmap {
    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let default = Self::default();
        let socketmap = Self {
            max_connections: section.value(
                "max_connections",
                default.max_connections,
                integer(1..=65_535),
            ),
            // No less than a domain name of 255 bytes, a port and the name of a map.
            max_request: section.value("max_request", default.max_request, size(512..=1_048_576)),
            max_pipelined: section.value(
                "max_pipelined",
                default.max_pipelined,
                integer(1..=10_000),
            ),
            lookup_timeout: section.value(
                "lookup_timeout",
                default.lookup_timeout,
                duration(seconds(1)..=minutes(10)),
            ),
            write_timeout: section.value(
                "write_timeout",
                default.write_timeout,
                duration(seconds(1)..=minutes(10)),
            ),
            drain_timeout: section.value(
                "drain_timeout",
                default.drain_timeout,
                duration(Duration::ZERO..=minutes(10)),
            ),
        };
        if socketmap.lookup_timeout >= POSTFIX_TIMEOUT {
            let help = "Postfix waits 100 s for an answer, then holds the mail";
            section.warn("lookup_timeout", "is not below 100s", help);
        }
        socketmap
    }
}

impl Default for Socketmap {
    fn default() -> Self {
        Self {
            max_connections: 1024,
            max_request: 10_000,
            max_pipelined: 64,
            lookup_timeout: Duration::from_secs(90),
            write_timeout: Duration::from_secs(60),
            drain_timeout: Duration::from_secs(20),
        }
    }
}
