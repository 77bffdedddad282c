//! What a domain publishes, made of what its owner wants.

use mtasts_core::generate;
use wasm_bindgen::prelude::*;

use crate::{codes, error};

/// Makes records, the policy and the rest of a request in JSON, and writes them in JSON, as
/// `mtasts_core::generate::json` does.
///
/// # Errors
///
/// When something in the request is of no use.
#[wasm_bindgen]
pub fn generate(request: &str) -> Result<String, JsValue> {
    generate::json(request).map_err(|error| error::error(codes::REQUEST, &error, None))
}
