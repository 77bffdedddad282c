//! The linter, in JSON.

use mtasts_core::{Span, lint::json};
use wasm_bindgen::prelude::*;

use crate::{codes, error};

/// Checks a publication in JSON, and writes the report in JSON, as `mtasts_core::lint::json` does.
///
/// # Errors
///
/// When the text is no publication; `line` and `column` say where it ceases to be one.
#[wasm_bindgen]
pub fn lint(publication: &str) -> Result<String, JsValue> {
    json::check(publication).map_err(|error| {
        let (line, column) = error.place();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (line, column) = (number(line), number(column));
        error::error(codes::PUBLICATION, &error, Some(Span { start: 0, end: 0, line, column }))
    })
}
