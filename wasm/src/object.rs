//! Plain JavaScript objects, member by member.

use js_sys::{Array, Reflect, Uint8Array};
use mtasts_core::{Span, UnixMillis};
use wasm_bindgen::JsValue;

/// An object that is being filled.
#[derive(Debug, Default)]
pub(crate) struct Object(js_sys::Object);

impl Object {
    /// An object whose first member tells its kind.
    pub(crate) fn of_kind(kind: &str) -> Self {
        Self::default().with("kind", kind)
    }

    /// Adds a member.
    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        self.set(name, &value.into());
        self
    }

    /// Once for all types, so that the module stays small.
    #[inline(never)]
    fn set(&self, name: &str, value: &JsValue) {
        // A plain object takes any member.
        let _ = Reflect::set(&self.0, &name.into(), value);
    }

    /// Adds a member that is `null` when there is no value.
    pub(crate) fn with_option<T: Into<JsValue>>(self, name: &str, value: Option<T>) -> Self {
        self.with(name, value.map_or(JsValue::NULL, Into::into))
    }

    /// Adds a moment.
    pub(crate) fn with_moment(self, name: &str, at: UnixMillis) -> Self {
        self.with(name, moment(at))
    }

    /// Adds a list of texts.
    pub(crate) fn with_texts<'a>(
        self,
        name: &str,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.with(name, texts.into_iter().map(JsValue::from_str).collect::<Array>())
    }

    /// Adds the members of a place in a text.
    pub(crate) fn with_span(self, span: Span) -> Self {
        self.with("start", span.start)
            .with("end", span.end)
            .with("line", span.line)
            .with("column", span.column)
    }
}

impl From<Object> for JsValue {
    fn from(object: Object) -> Self {
        object.0.into()
    }
}

/// Octets as JavaScript has them.
pub(crate) fn octets(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// The largest integer up to which numbers are exact: 2^53 - 1.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// A moment as a number; those that numbers cannot express are the last one that they can.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "exact: an integer of at most 53 bits"
)]
pub(crate) const fn moment(at: UnixMillis) -> f64 {
    (if at.0 < MAX_SAFE { at.0 } else { MAX_SAFE }) as f64
}

/// A whole number that is not negative, from a number of JavaScript. What is beyond becomes the
/// nearest one, and NaN becomes 0.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturates, which is what is wanted"
)]
pub(crate) const fn whole(number: f64) -> u64 {
    number as u64
}

/// A moment from a number of JavaScript.
pub(crate) const fn at(millis: f64) -> UnixMillis {
    UnixMillis(whole(millis))
}
