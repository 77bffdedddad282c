//! What the engine is told.

use super::{Config, StoreKind};

impl Config {
    /// The settings of the engine. Where several share the domains, these are for all of them
    /// together.
    pub const fn engine(&self, seed: u64) -> mtasts_core::Config {
        mtasts_core::Config {
            txt_recheck: self.cache.txt_recheck,
            refresh_after: self.cache.refresh_after,
            refresh_jitter: self.cache.refresh_jitter,
            refresh_idle: self.cache.refresh_idle,
            refresh_retry_max: self.cache.refresh_retry_max,
            absence_min: self.cache.absence_min,
            absence_max: self.cache.absence_max,
            fetch_backoff: self.cache.fetch_backoff,
            dns_timeout: self.dns.timeout,
            fetch_timeout: self.https.timeout,
            max_body: self.https.max_body,
            max_domains: self.cache.max_domains,
            max_lookups: self.cache.max_lookups,
            max_discoveries: self.cache.max_discoveries,
            max_refreshes: self.cache.max_refreshes,
            on_dns_failure: self.cache.on_dns_failure,
            on_fetch_failure: self.cache.on_fetch_failure,
            store_timeout: self.store.timeout,
            // A store in memory would keep what the engine keeps anyway.
            store: !matches!(self.store.kind, StoreKind::Memory),
            seed,
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use mtasts_core::OnFailure;

    use super::*;
    use crate::config::Source;

    const EVERY_ENGINE_KEY: &str = r#"
        [dns]
        timeout = "11s"
        [https]
        timeout = "21s"
        max_body = 100_001
        [store]
        timeout = "4s"
        [cache]
        txt_recheck = "31s"
        refresh_after = "41m"
        refresh_jitter = 51
        refresh_idle = "6d"
        refresh_retry_max = "71m"
        absence_min = "8s"
        absence_max = "9s"
        fetch_backoff = "10m"
        max_domains = 1001
        max_lookups = 2001
        max_discoveries = 3001
        max_refreshes = 401
        on_dns_failure = "temp-fail"
        on_fetch_failure = "temp-fail"
    "#;

    #[test]
    fn every_engine_setting_comes_from_a_key() {
        let loaded = Config::parse(Source::new("test", EVERY_ENGINE_KEY)).unwrap();
        // Without `..`, so that a setting added to the engine does not compile until it is here.
        let mtasts_core::Config {
            txt_recheck,
            refresh_after,
            refresh_jitter,
            refresh_idle,
            refresh_retry_max,
            absence_min,
            absence_max,
            fetch_backoff,
            dns_timeout,
            fetch_timeout,
            max_body,
            max_domains,
            max_lookups,
            max_discoveries,
            max_refreshes,
            on_dns_failure,
            on_fetch_failure,
            store_timeout,
            // `store.kind` decides it.
            store,
            // The caller draws it: predictable jitter and hashing would help an attacker.
            seed,
        } = loaded.config.engine(7);

        let seconds = Duration::from_secs;
        assert_eq!(txt_recheck, seconds(31));
        assert_eq!(refresh_after, seconds(41 * 60));
        assert_eq!(refresh_jitter, 51);
        assert_eq!(refresh_idle, seconds(6 * 86_400));
        assert_eq!(refresh_retry_max, seconds(71 * 60));
        assert_eq!(absence_min, seconds(8));
        assert_eq!(absence_max, seconds(9));
        assert_eq!(fetch_backoff, seconds(600));
        assert_eq!(dns_timeout, seconds(11));
        assert_eq!(fetch_timeout, seconds(21));
        assert_eq!(max_body, 100_001);
        assert_eq!(max_domains, 1001);
        assert_eq!(max_lookups, 2001);
        assert_eq!(max_discoveries, 3001);
        assert_eq!(max_refreshes, 401);
        assert_eq!(on_dns_failure, OnFailure::TempFail);
        assert_eq!(on_fetch_failure, OnFailure::TempFail);
        assert_eq!(store_timeout, seconds(4));
        assert!(store);
        assert_eq!(seed, 7);
    }

    #[test]
    fn the_defaults_are_those_of_the_engine() {
        let engine = mtasts_core::Config { store: true, seed: 7, ..Default::default() };
        assert_eq!(Config::default().engine(7), engine);
    }

    #[test]
    fn a_memory_store_asks_nothing_of_the_engine() {
        let source = Source::new("test", "[store]\nkind = \"memory\"\n");
        let loaded = Config::parse(source).unwrap();
        assert!(!loaded.config.engine(0).store);
    }
}
