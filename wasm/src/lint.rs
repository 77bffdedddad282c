//! The linter, in JSON.

use js_sys::Function;
use mtasts_core::{
    Span,
    lint::{self, json},
};
use wasm_bindgen::prelude::*;

use crate::{codes, error};

/// Checks a publication in JSON, and writes the report in JSON, as `mtasts_core::lint::json` does.
/// `a_label` converts a U-label to an A-label, and returns `undefined` for what is none.
///
/// # Errors
///
/// When the text is no publication; `line` and `column` say where it ceases to be one.
#[wasm_bindgen]
pub fn lint(publication: &str, a_label: &Function) -> Result<String, JsValue> {
    let publication = json::read(publication).map_err(|error| {
        let (line, column) = error.place();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let (line, column) = (number(line), number(column));
        error::error(codes::PUBLICATION, &error, Some(Span { start: 0, end: 0, line, column }))
    })?;
    let mut report = lint::check(&publication);
    if let Some(policy) = &publication.policy {
        lint::add_a_labels(&mut report, policy, |label| {
            a_label.call1(&JsValue::NULL, &label.into()).ok()?.as_string()
        });
    }
    Ok(json::write(&report))
}
