//! Policies: from octets and from HTTP responses.

use js_sys::Array;
use mtasts_core::{Deviation, Extension, MxPattern, Parsed, Policy, Response};
use wasm_bindgen::prelude::*;

use crate::{error, object::Object};

/// Reads a policy file (RFC 8461 §3.2): `mode`, `maxAge`, `mx`, `extensions`, `text` and
/// `deviations`.
///
/// # Errors
///
/// When a required field is missing or invalid.
#[wasm_bindgen(js_name = parsePolicy)]
pub fn parse_policy(body: &[u8]) -> Result<JsValue, JsValue> {
    Policy::parse(body).map(|parsed| described(&parsed)).map_err(error::of_policy)
}

/// Reads the policy in an HTTP response (RFC 8461 §3.3), as [`parse_policy`] does.
///
/// # Errors
///
/// When the response breaks a rule, or its body is no policy.
#[wasm_bindgen(js_name = readResponse)]
pub fn read_response(
    status: u16,
    content_type: Option<String>,
    body: Vec<u8>,
    max_bytes: usize,
) -> Result<JsValue, JsValue> {
    let response = Response { status, content_type, body };
    let parsed = mtasts_core::read_policy(&response, max_bytes);
    parsed.map(|parsed| described(&parsed)).map_err(error::of_failure)
}

fn described(Parsed { policy, deviations }: &Parsed) -> JsValue {
    let extensions = policy.extensions().iter().map(|Extension { name, value }| {
        JsValue::from(Object::default().with("name", name.as_str()).with("value", value.as_str()))
    });
    let deviations = deviations.iter().map(deviation);
    members(Object::default(), policy)
        .with("extensions", extensions.collect::<Array>())
        .with("text", policy.to_string())
        .with("deviations", deviations.collect::<Array>())
        .into()
}

/// The members of a policy that decisions have as well.
pub(crate) fn members(object: Object, policy: &Policy) -> Object {
    let max_age = u32::try_from(policy.max_age().as_secs()).unwrap_or(u32::MAX);
    object
        .with("mode", policy.mode().as_str())
        .with("maxAge", max_age)
        .with_texts("mx", policy.mx().iter().map(MxPattern::as_str))
}

fn deviation(deviation: &Deviation) -> JsValue {
    Object::default()
        .with("code", deviation.kind.code())
        .with("message", deviation.kind.to_string())
        .with_span(deviation.span)
        .into()
}
