//! TXT records.

use js_sys::{Array, Uint8Array};
use mtasts_core::{StsRecord, TlsRptRecord};
use wasm_bindgen::prelude::*;

use crate::error;

/// The id in the MTA-STS record among `records`, each with its character-strings joined
/// (RFC 8461 §3.1).
///
/// # Errors
///
/// When there is not exactly one that is valid.
#[expect(clippy::needless_pass_by_value, reason = "arrays cross the border by value")]
#[wasm_bindgen(js_name = selectRecord)]
pub fn select_record(records: Vec<Uint8Array>) -> Result<String, JsValue> {
    let record = StsRecord::select(&copied(&records)).map_err(error::of_record)?;
    Ok(record.id.as_str().into())
}

/// The URIs in the TLSRPT record among `records` (RFC 8460 §3).
///
/// # Errors
///
/// When there is not exactly one that is valid and names a URI that reports can go to.
#[expect(clippy::needless_pass_by_value, reason = "arrays cross the border by value")]
#[wasm_bindgen(js_name = selectTlsRptRecord)]
pub fn select_tlsrpt_record(records: Vec<Uint8Array>) -> Result<Array, JsValue> {
    let record = TlsRptRecord::select(&copied(&records)).map_err(error::of_tlsrpt)?;
    Ok(record.rua.iter().map(|uri| JsValue::from_str(uri)).collect())
}

pub(crate) fn copied(records: &[Uint8Array]) -> Vec<Vec<u8>> {
    records.iter().map(Uint8Array::to_vec).collect()
}
