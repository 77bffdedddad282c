//! The settings of an engine.

use core::time::Duration;

use mtasts_core::{Config as CoreConfig, OnFailure};

use crate::{
    error::Error,
    guard::{self, Poison, entry, handle},
    input::MAX_LEN,
    out::Out,
};

/// Age of the last TXT check after which a lookup starts another one in the background, in
/// milliseconds. Default 5 minutes.
pub const MTASTS_CONFIG_TXT_RECHECK: i32 = 1;
/// Age at which a policy is fetched anew, in milliseconds; half of its max_age if that is less. Default
/// a day.
pub const MTASTS_CONFIG_REFRESH_AFTER: i32 = 2;
/// How much earlier a refresh may be, in percent, 0 to 90. Spreads the load. Default 20.
pub const MTASTS_CONFIG_REFRESH_JITTER: i32 = 3;
/// Policies of domains that nobody looked up for this long are not refreshed, in milliseconds. Default
/// 35 days.
pub const MTASTS_CONFIG_REFRESH_IDLE: i32 = 4;
/// Longest pause between two attempts to refresh a policy after failures, in milliseconds. Default an
/// hour.
pub const MTASTS_CONFIG_REFRESH_RETRY_MAX: i32 = 5;
/// Shortest time that an absence is remembered, in milliseconds; up to the longest the DNS TTL counts.
/// Default a minute.
pub const MTASTS_CONFIG_ABSENCE_MIN: i32 = 6;
/// Longest time that an absence is remembered, in milliseconds. Default an hour.
pub const MTASTS_CONFIG_ABSENCE_MAX: i32 = 7;
/// Pause after a failed fetch for the same domain and id, in milliseconds. Default 5 minutes, which
/// RFC 8461 section 3.3 names as the least.
pub const MTASTS_CONFIG_FETCH_BACKOFF: i32 = 8;
/// Time allowed for a TXT query, in milliseconds. Default 20 seconds.
pub const MTASTS_CONFIG_DNS_TIMEOUT: i32 = 9;
/// Time allowed for a fetch, in milliseconds. Default a minute.
pub const MTASTS_CONFIG_FETCH_TIMEOUT: i32 = 10;
/// Largest policy body accepted, in octets, 1 to 16 MiB. Default 65536.
pub const MTASTS_CONFIG_MAX_BODY: i32 = 11;
/// Most domains remembered, 1 or more. Default 1000000.
pub const MTASTS_CONFIG_MAX_DOMAINS: i32 = 12;
/// Most lookups that may wait at one time, 1 or more. Default 10000.
pub const MTASTS_CONFIG_MAX_LOOKUPS: i32 = 13;
/// Most domains being discovered at one time, 1 to 65535. Default 1000.
pub const MTASTS_CONFIG_MAX_DISCOVERIES: i32 = 14;
/// Most refreshes that nobody waits for under way at one time. Default 16.
pub const MTASTS_CONFIG_MAX_REFRESHES: i32 = 15;
/// The answer when the TXT query fails and nothing is cached: MTASTS_ON_FAILURE_... Default deliver.
pub const MTASTS_CONFIG_ON_DNS_FAILURE: i32 = 16;
/// The answer when a policy is announced, cannot be fetched, and nothing is cached:
/// MTASTS_ON_FAILURE_... Default deliver.
pub const MTASTS_CONFIG_ON_FETCH_FAILURE: i32 = 17;
/// Time allowed for a MTASTS_OUTPUT_LOAD or _STORE, in milliseconds. Default 5 seconds.
pub const MTASTS_CONFIG_STORE_TIMEOUT: i32 = 18;
/// Whether the host keeps policies, 0 or 1: then there are outputs MTASTS_OUTPUT_LOAD and _STORE.
/// Default 0.
pub const MTASTS_CONFIG_STORE: i32 = 19;
/// Seed of the jitter and of the hash function: any number that others cannot guess. Default 0.
pub const MTASTS_CONFIG_SEED: i32 = 20;

/// Deliver as though the domain had no policy (RFC 8461 section 3.3).
pub const MTASTS_ON_FAILURE_DELIVER: u64 = 0;
/// Hold the mail.
pub const MTASTS_ON_FAILURE_TEMP_FAIL: u64 = 1;

/// The settings of an engine.
#[derive(Debug)]
pub struct Config {
    poison: Poison,
    pub(crate) config: CoreConfig,
}

handle!(Config);

/// The default settings, which follow RFC 8461. Free `*out` with mtasts_config_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_config_new(out: *mut *mut Config) -> i32 {
    entry(|| {
        // SAFETY: the header asks for it.
        let out = unsafe { Out::new(out) }?;
        out.set_new(Config { poison: Poison::default(), config: CoreConfig::default() });
        Ok(())
    })
}

/// Changes one setting, a MTASTS_CONFIG_... Durations are in milliseconds, at most ten years.
/// MTASTS_ERR_VALUE for a setting that is not known or a value outside of its range.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_config_set(config: *mut Config, setting: i32, value: u64) -> i32 {
    // SAFETY: the header asks for it.
    unsafe { guard::exclusive(config, |config| set(&mut config.config, setting, value)) }
}

fn set(config: &mut CoreConfig, setting: i32, value: u64) -> Result<(), Error> {
    match setting {
        MTASTS_CONFIG_TXT_RECHECK => config.txt_recheck = duration(value)?,
        MTASTS_CONFIG_REFRESH_AFTER => config.refresh_after = duration(value)?,
        MTASTS_CONFIG_REFRESH_JITTER => config.refresh_jitter = number(value, 0, 90)?,
        MTASTS_CONFIG_REFRESH_IDLE => config.refresh_idle = duration(value)?,
        MTASTS_CONFIG_REFRESH_RETRY_MAX => config.refresh_retry_max = duration(value)?,
        MTASTS_CONFIG_ABSENCE_MIN => config.absence_min = duration(value)?,
        MTASTS_CONFIG_ABSENCE_MAX => config.absence_max = duration(value)?,
        MTASTS_CONFIG_FETCH_BACKOFF => config.fetch_backoff = duration(value)?,
        MTASTS_CONFIG_DNS_TIMEOUT => config.dns_timeout = duration(value)?,
        MTASTS_CONFIG_FETCH_TIMEOUT => config.fetch_timeout = duration(value)?,
        MTASTS_CONFIG_MAX_BODY => config.max_body = number(value, 1, MAX_LEN)?,
        MTASTS_CONFIG_MAX_DOMAINS => config.max_domains = number(value, 1, usize::MAX)?,
        MTASTS_CONFIG_MAX_LOOKUPS => config.max_lookups = number(value, 1, usize::MAX)?,
        MTASTS_CONFIG_MAX_DISCOVERIES => config.max_discoveries = number(value, 1, 65_535)?,
        MTASTS_CONFIG_MAX_REFRESHES => config.max_refreshes = number(value, 0, usize::MAX)?,
        MTASTS_CONFIG_ON_DNS_FAILURE => config.on_dns_failure = on_failure(value)?,
        MTASTS_CONFIG_ON_FETCH_FAILURE => config.on_fetch_failure = on_failure(value)?,
        MTASTS_CONFIG_STORE_TIMEOUT => config.store_timeout = duration(value)?,
        MTASTS_CONFIG_STORE => config.store = number(value, 0, 1_u8)? == 1,
        MTASTS_CONFIG_SEED => config.seed = value,
        _ => return Err(Error::VALUE),
    }
    Ok(())
}

/// Ten years: longer than any policy lives.
const LONGEST: u64 = 10 * 366 * 86_400 * 1000;

fn duration(millis: u64) -> Result<Duration, Error> {
    Ok(Duration::from_millis(number(millis, 0, LONGEST)?))
}

fn number<T: TryFrom<u64> + PartialOrd>(value: u64, least: T, most: T) -> Result<T, Error> {
    let value = T::try_from(value).map_err(|_| Error::VALUE)?;
    if least <= value && value <= most { Ok(value) } else { Err(Error::VALUE) }
}

fn on_failure(value: u64) -> Result<OnFailure, Error> {
    match value {
        MTASTS_ON_FAILURE_DELIVER => Ok(OnFailure::Opportunistic),
        MTASTS_ON_FAILURE_TEMP_FAIL => Ok(OnFailure::TempFail),
        _ => Err(Error::VALUE),
    }
}

/// Frees settings. Engines that were made with them have copies. NULL is fine.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mtasts_config_free(config: *mut Config) {
    // SAFETY: the header asks for it.
    unsafe { guard::free(config) }
}
