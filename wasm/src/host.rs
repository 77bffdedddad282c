//! Names: of MX hosts and Policy Domains.

use mtasts_core::{MxPattern, PolicyDomain};
use wasm_bindgen::prelude::*;

use crate::{error, object::Object};

/// Whether a pattern matches an MX host (RFC 8461 §4.1). What is no pattern matches nothing.
#[must_use]
#[wasm_bindgen]
pub fn matches(pattern: &str, host: &str) -> bool {
    MxPattern::parse(pattern).is_ok_and(|pattern| pattern.matches(host))
}

/// The Policy Domain that a lookup key names, and where its records and its policy are:
/// `domain`, `txtName`, `policyHost` and `tlsrptName`.
///
/// # Errors
///
/// When the key names no Policy Domain.
#[wasm_bindgen(js_name = domainNames)]
pub fn domain_names(key: &str) -> Result<JsValue, JsValue> {
    let domain = PolicyDomain::from_lookup_key(key).map_err(error::of_domain)?;
    Ok(Object::default()
        .with("domain", domain.as_str())
        .with("txtName", domain.txt_name().as_str())
        .with("policyHost", domain.policy_host().as_str())
        .with("tlsrptName", domain.tlsrpt_name().as_str())
        .into())
}

/// What an A-label without its `xn--` stands for; nothing if that is no Punycode (RFC 3492).
#[must_use]
#[wasm_bindgen]
pub fn punycode(label: &str) -> Option<String> {
    idna::punycode::decode_to_string(label)
}
