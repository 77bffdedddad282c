//! What a host tells the engine, piece by piece.

use core::time::Duration;
use std::sync::Arc;

use mtasts_core::{CachedPolicy, Config, OnFailure, Policy};
use wasm_bindgen::JsValue;

use crate::{
    decision::policy_id,
    error,
    object::{at, whole},
};

/// A policy from a store.
pub(crate) fn cached(
    policy: &[u8],
    id: &str,
    fetched_at: f64,
    last_used: f64,
) -> Result<CachedPolicy, JsValue> {
    let policy = Arc::new(Policy::parse(policy).map_err(error::of_policy)?.policy);
    let (fetched_at, last_used) = (at(fetched_at), at(last_used));
    Ok(CachedPolicy { policy, id: policy_id(id)?, fetched_at, last_used })
}

/// Changes one setting. Durations are milliseconds; switches are 0 or 1.
pub(crate) fn set(config: &mut Config, name: &str, value: f64) -> Result<(), JsValue> {
    let number = whole(value);
    let duration = Duration::from_millis(number);
    let count = usize::try_from(number).unwrap_or(usize::MAX);
    let is_on = number != 0;
    let on_failure = if is_on { OnFailure::TempFail } else { OnFailure::Opportunistic };
    match name {
        "txtRecheck" => config.txt_recheck = duration,
        "refreshAfter" => config.refresh_after = duration,
        "refreshJitter" => config.refresh_jitter = u8::try_from(number.min(90)).unwrap_or(90),
        "refreshIdle" => config.refresh_idle = duration,
        "refreshRetryMax" => config.refresh_retry_max = duration,
        "absenceMin" => config.absence_min = duration,
        "absenceMax" => config.absence_max = duration,
        "fetchBackoff" => config.fetch_backoff = duration,
        "dnsTimeout" => config.dns_timeout = duration,
        "fetchTimeout" => config.fetch_timeout = duration,
        "storeTimeout" => config.store_timeout = duration,
        "maxBody" => config.max_body = count,
        "maxDomains" => config.max_domains = count,
        "maxLookups" => config.max_lookups = count,
        "maxDiscoveries" => config.max_discoveries = count,
        "maxRefreshes" => config.max_refreshes = count,
        "tempFailOnDnsFailure" => config.on_dns_failure = on_failure,
        "tempFailOnFetchFailure" => config.on_fetch_failure = on_failure,
        "store" => config.store = is_on,
        "seed" => config.seed = number,
        other => return Err(error::unknown("setting of the engine", other)),
    }
    Ok(())
}
