//! What an engine can be told.

use core::time::Duration;

/// Settings of an [`Engine`](crate::Engine). The defaults follow RFC 8461.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Age of the last TXT check after which a lookup starts another one in the background.
    pub txt_recheck: Duration,
    /// Age at which a policy is fetched anew; half of its `max_age` if that is less (RFC 8461 §3.3).
    pub refresh_after: Duration,
    /// How much earlier than `refresh_after` a refresh may be, in percent, 0 to 90. Spreads the load.
    pub refresh_jitter: u8,
    /// Policies of domains that nobody looked up for this long are not refreshed any more.
    pub refresh_idle: Duration,
    /// Longest pause between two attempts to refresh a policy after failures.
    pub refresh_retry_max: Duration,
    /// Shortest and longest time that an absence is remembered; between them the DNS TTL counts.
    pub absence_min: Duration,
    /// See `absence_min`.
    pub absence_max: Duration,
    /// Pause after a failed fetch for the same domain and id (RFC 8461 §3.3: five minutes or more).
    pub fetch_backoff: Duration,
    /// Time allowed for a TXT query.
    pub dns_timeout: Duration,
    /// Time allowed for a fetch (RFC 8461 §3.3 suggests one minute).
    pub fetch_timeout: Duration,
    /// Largest policy body accepted, in bytes (RFC 8461 §3.3 suggests 64 KiB).
    pub max_body: usize,
    /// Most domains remembered.
    pub max_domains: usize,
    /// Most lookups that may wait at one time.
    pub max_lookups: usize,
    /// Most domains being discovered at one time.
    pub max_discoveries: usize,
    /// Most refreshes that nobody waits for under way at one time.
    pub max_refreshes: usize,
    /// The answer when the TXT query fails and nothing is cached.
    pub on_dns_failure: OnFailure,
    /// The answer when a policy is announced, cannot be fetched, and nothing is cached.
    pub on_fetch_failure: OnFailure,
    /// Time allowed for a `Load` or `Store`. A slow store delays nobody for longer.
    pub store_timeout: Duration,
    /// Whether the caller keeps policies: then the engine emits `Load` and `Store`.
    pub store: bool,
    /// Seed of the jitter and of the table's hash function.
    pub seed: u64,
}

/// What to answer when discovery fails and no policy is cached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnFailure {
    /// Deliver as though the domain had no policy (RFC 8461 §3.3).
    #[default]
    Opportunistic,
    /// Ask the MTA to try again later.
    TempFail,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            txt_recheck: Duration::from_secs(300),
            refresh_after: Duration::from_secs(86_400),
            refresh_jitter: 20,
            // Mail that goes once a month finds its policies refreshed.
            refresh_idle: Duration::from_secs(35 * 86_400),
            refresh_retry_max: Duration::from_secs(3600),
            absence_min: Duration::from_secs(60),
            absence_max: Duration::from_secs(3600),
            fetch_backoff: Duration::from_secs(300),
            dns_timeout: Duration::from_secs(20),
            //= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
            //# A suggested timeout is one minute, and a suggested maximum policy size is 64
            //# kilobytes
            fetch_timeout: Duration::from_secs(60),
            max_body: 65_536,
            max_domains: 1_000_000,
            max_lookups: 10_000,
            max_discoveries: 1_000,
            max_refreshes: 16,
            on_dns_failure: OnFailure::Opportunistic,
            on_fetch_failure: OnFailure::Opportunistic,
            store_timeout: Duration::from_secs(5),
            store: false,
            seed: 0,
        }
    }
}
