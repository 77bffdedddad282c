//! What is thrown: an `Error` that programs can tell from others.

use core::fmt::Display;

use js_sys::Reflect;
use mtasts_core::{
    DomainError, FailureKind, InputError, PolicyError, RecordError, Span, TlsRptError,
};
use wasm_bindgen::JsValue;

use crate::codes;

/// An `Error` with a `code` and, where something stands in a text, `line` and `column`.
pub(crate) fn error(code: &str, message: &dyn Display, span: Option<Span>) -> JsValue {
    let error = js_sys::Error::new(&message.to_string());
    let set = |name: &str, value: JsValue| {
        // An `Error` that was just made takes new members.
        let _ = Reflect::set(&error, &name.into(), &value);
    };
    set("code", code.into());
    if let Some(span) = span {
        set("line", span.line.into());
        set("column", span.column.into());
    }
    error.into()
}

pub(crate) fn of_domain(error: DomainError) -> JsValue {
    self::error(error.code(), &error, None)
}

pub(crate) fn of_input(error: InputError) -> JsValue {
    self::error(error.code(), &error, None)
}

pub(crate) fn of_policy(error: PolicyError) -> JsValue {
    self::error(FailureKind::Policy(error).code(), &error, error.span)
}

pub(crate) fn of_record(error: RecordError) -> JsValue {
    self::error(FailureKind::Record(error).code(), &error, None)
}

pub(crate) fn of_tlsrpt(error: TlsRptError) -> JsValue {
    self::error(error.code(), &error, None)
}

/// A policy that could not be read from a response.
pub(crate) fn of_failure(failure: FailureKind) -> JsValue {
    match failure {
        FailureKind::Policy(error) => of_policy(error),
        FailureKind::Dns(_) | FailureKind::Record(_) | FailureKind::Fetch(_) => {
            error(failure.code(), &failure, None)
        }
    }
}

/// A word that is none of those that are known.
pub(crate) fn unknown(what: &str, word: &str) -> JsValue {
    error(codes::ARGUMENT, &format_args!("`{word}` is no {what}"), None)
}
