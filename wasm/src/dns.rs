//! DNS messages: queries encoded, answers decoded.

use js_sys::{Array, Uint8Array};
use mtasts_core::dns::{Data, DecodeError, InvalidName, Mx, Question, RecordType, Tlsa};
use wasm_bindgen::prelude::*;

use crate::{
    codes, error,
    object::{Object, octets},
};

/// The query for `name`, which is given as A-labels, and a record type.
///
/// # Errors
///
/// When DNS cannot carry the name, or the type is unknown.
#[wasm_bindgen(js_name = encodeQuery)]
pub fn encode_query(
    name: &str,
    record_type: &str,
    id: u16,
    dnssec: bool,
) -> Result<Uint8Array, JsValue> {
    let question = question(name, record_type)?;
    let question = if dnssec { question.with_dnssec() } else { question };
    Ok(octets(&question.encode(id)))
}

/// The answer in `message` to the query that was encoded from the same arguments: `rcode`,
/// `aliases`, `records`, `ttl`, `isTruncated` and `isAuthentic`.
///
/// # Errors
///
/// As `encode_query`; or when the message is not the answer, or cannot be read.
#[wasm_bindgen(js_name = decodeAnswer)]
pub fn decode_answer(
    name: &str,
    record_type: &str,
    id: u16,
    message: &[u8],
) -> Result<JsValue, JsValue> {
    let answer = question(name, record_type)?.decode(id, message).map_err(of_message)?;
    let records: Array = answer.records.iter().map(data).collect();
    Ok(Object::default()
        .with("rcode", answer.rcode.to_string())
        .with_texts("aliases", answer.aliases.iter().map(String::as_str))
        .with("records", records)
        .with("ttl", answer.ttl)
        .with("isTruncated", answer.is_truncated)
        .with("isAuthentic", answer.is_authentic)
        .into())
}

fn question(name: &str, record_type: &str) -> Result<Question, JsValue> {
    let record_type = match record_type {
        "TXT" => RecordType::Txt,
        "A" => RecordType::A,
        "AAAA" => RecordType::Aaaa,
        "MX" => RecordType::Mx,
        "TLSA" => RecordType::Tlsa,
        other => return Err(error::unknown("record type", other)),
    };
    Question::new(name, record_type).map_err(of_name)
}

fn data(data: &Data) -> JsValue {
    match data {
        Data::Txt(text) => octets(text).into(),
        Data::Address(address) => address.to_string().into(),
        Data::Mx(Mx { preference, host }) => {
            Object::default().with("preference", *preference).with("host", host.as_str()).into()
        }
        Data::Tlsa(Tlsa { usage, selector, matching_type, data }) => Object::default()
            .with("usage", *usage)
            .with("selector", *selector)
            .with("matchingType", *matching_type)
            .with("data", octets(data))
            .into(),
    }
}

fn of_name(InvalidName: InvalidName) -> JsValue {
    error::error(codes::DNS_NAME, &InvalidName, None)
}

fn of_message(error: DecodeError) -> JsValue {
    let code = match error {
        DecodeError::NotOurs => codes::DNS_FOREIGN,
        DecodeError::Malformed => codes::DNS_MALFORMED,
    };
    error::error(code, &error, None)
}
