//! DNS messages: queries encoded, answers decoded.

use js_sys::{Array, Uint8Array};
use mtasts_core::dns::{Data, DecodeError, InvalidName, Question, RecordType};
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
pub fn encode_query(name: &str, record_type: &str, id: u16) -> Result<Uint8Array, JsValue> {
    let message = question(name, record_type)?.encode(id).map_err(of_name)?;
    Ok(octets(&message))
}

/// The answer in `message` to the query that was encoded from the same arguments: `rcode`,
/// `records`, `ttl`, `isTruncated` and `isAuthentic`.
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
        other => return Err(error::unknown("record type", other)),
    };
    Question::new(name, record_type).map_err(of_name)
}

fn data(data: &Data) -> JsValue {
    match data {
        Data::Txt(text) => octets(text).into(),
        Data::Address(address) => address.to_string().into(),
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
