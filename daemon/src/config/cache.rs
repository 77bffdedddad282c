//! `[cache]`: what is remembered, for how long, and what is answered when nothing is known.

use core::{num::NonZeroUsize, time::Duration};

use mtasts_core::OnFailure;
use serde::Serialize;

use super::{
    section::Section,
    value::{
        Choice, choice, days, duration, hours, integer, minutes, seconds, write_choice,
        write_duration,
    },
};

/// The least pause between two fetches that RFC 8461 §3.3 asks for.
const LEAST_BACKOFF: Duration = Duration::from_secs(300);

/// Settings of the engine that are not limits of one protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cache {
    /// Most domains remembered, in all shards together.
    pub max_domains: usize,
    /// Age of the last TXT check after which a lookup starts another one.
    #[serde(serialize_with = "write_duration")]
    pub txt_recheck: Duration,
    /// Age at which a policy is fetched anew; half of its `max_age` if that is less.
    #[serde(serialize_with = "write_duration")]
    pub refresh_after: Duration,
    /// How much earlier a refresh may be, in percent.
    pub refresh_jitter: u8,
    /// Policies that nobody asked for during this time are not refreshed any more.
    #[serde(serialize_with = "write_duration")]
    pub refresh_idle: Duration,
    /// Longest pause between two attempts to refresh a policy.
    #[serde(serialize_with = "write_duration")]
    pub refresh_retry_max: Duration,
    /// Shortest time that an absence is remembered.
    #[serde(serialize_with = "write_duration")]
    pub absence_min: Duration,
    /// Longest time that an absence is remembered.
    #[serde(serialize_with = "write_duration")]
    pub absence_max: Duration,
    /// Pause after a failed fetch for the same domain and id.
    #[serde(serialize_with = "write_duration")]
    pub fetch_backoff: Duration,
    /// Most lookups that may wait at one time, in all shards together.
    pub max_lookups: usize,
    /// Most domains being discovered at one time, in all shards together.
    pub max_discoveries: usize,
    /// Most refreshes that nobody waits for at one time, in all shards together.
    pub max_refreshes: usize,
    /// The answer when the TXT query fails and nothing is remembered.
    #[serde(serialize_with = "write_choice")]
    pub on_dns_failure: OnFailure,
    /// The answer when a policy is announced, cannot be fetched, and none is remembered.
    #[serde(serialize_with = "write_choice")]
    pub on_fetch_failure: OnFailure,
    /// How many engines share the domains; 0 for one per processor.
    pub shards: usize,
}

impl Cache {
    /// How many engines to run on a machine with this many processors.
    pub fn shard_count(&self, processors: NonZeroUsize) -> NonZeroUsize {
        NonZeroUsize::new(self.shards).unwrap_or(processors)
    }

    pub(super) fn read(section: &mut Section<'_, '_>) -> Self {
        let default = Self::default();
        let mut span = |key, default, range| section.value(key, default, duration(range));
        let txt_recheck = span("txt_recheck", default.txt_recheck, seconds(10)..=days(1));
        let refresh_after = span("refresh_after", default.refresh_after, minutes(10)..=days(31));
        let refresh_idle = span("refresh_idle", default.refresh_idle, hours(1)..=days(366));
        let refresh_retry_max =
            span("refresh_retry_max", default.refresh_retry_max, minutes(1)..=days(1));
        let absence_min = span("absence_min", default.absence_min, Duration::ZERO..=days(1));
        let absence_max = span("absence_max", default.absence_max, Duration::ZERO..=days(1));
        let fetch_backoff = span("fetch_backoff", default.fetch_backoff, seconds(10)..=days(1));

        let mut cap = |key, default, most| section.value(key, default, integer(1..=most));
        let max_domains = cap("max_domains", default.max_domains, 100_000_000);
        let max_lookups = cap("max_lookups", default.max_lookups, 1_000_000);
        let max_discoveries = cap("max_discoveries", default.max_discoveries, 65_535);
        let max_refreshes = cap("max_refreshes", default.max_refreshes, 65_535);

        let cache = Self {
            max_domains,
            txt_recheck,
            refresh_after,
            refresh_jitter: section.value(
                "refresh_jitter",
                default.refresh_jitter,
                integer(0..=90),
            ),
            refresh_idle,
            refresh_retry_max,
            absence_min,
            absence_max,
            fetch_backoff,
            max_lookups,
            max_discoveries,
            max_refreshes,
            on_dns_failure: section.value("on_dns_failure", default.on_dns_failure, choice),
            on_fetch_failure: section.value("on_fetch_failure", default.on_fetch_failure, choice),
            shards: section.value("shards", default.shards, integer(0..=256)),
        };
        cache.check(section);
        cache
    }

    fn check(&self, section: &mut Section<'_, '_>) {
        section.at_most(("absence_min", self.absence_min), ("absence_max", self.absence_max));
        if self.fetch_backoff < LEAST_BACKOFF {
            let help = "RFC 8461 §3.3 asks for five minutes or more between two fetches";
            section.warn("fetch_backoff", "is below 5m", help);
        }
        if self.refresh_after > days(7) {
            let help = "RFC 8461 §3.3 suggests a refresh a day; the rarer they are, the easier it \
                        is to keep a policy from being renewed (§10.2)";
            section.warn("refresh_after", "is above 7d", help);
        }
        if self.refresh_retry_max < self.fetch_backoff && section.has("refresh_retry_max") {
            let help = "pauses are never shorter than `cache.fetch_backoff`";
            section.warn("refresh_retry_max", "has no effect", help);
        }
    }
}

impl Default for Cache {
    fn default() -> Self {
        let engine = mtasts_core::Config::default();
        Self {
            max_domains: engine.max_domains,
            txt_recheck: engine.txt_recheck,
            refresh_after: engine.refresh_after,
            refresh_jitter: engine.refresh_jitter,
            refresh_idle: engine.refresh_idle,
            refresh_retry_max: engine.refresh_retry_max,
            absence_min: engine.absence_min,
            absence_max: engine.absence_max,
            fetch_backoff: engine.fetch_backoff,
            max_lookups: engine.max_lookups,
            max_discoveries: engine.max_discoveries,
            max_refreshes: engine.max_refreshes,
            on_dns_failure: engine.on_dns_failure,
            on_fetch_failure: engine.on_fetch_failure,
            shards: 0,
        }
    }
}

impl Choice for OnFailure {
    const ALL: &'static [Self] = &[Self::Opportunistic, Self::TempFail];

    fn as_str(self) -> &'static str {
        match self {
            Self::Opportunistic => "opportunistic",
            Self::TempFail => "temp-fail",
        }
    }
}
