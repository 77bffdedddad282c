//! The MTA-STS engine as a WebAssembly module: what the npm package `mtasts` is built on.
//!
//! This is the plain side of the package: each function takes and gives what crosses the border
//! cheaply, and trusts that `bindings/js` has checked the types. Objects are plain JavaScript objects
//! with members in camel case; the TypeScript layer declares their types and documents them.
//!
//! * Octets are `Uint8Array`s, moments are milliseconds since 1970 as numbers, `maxAge` and `ttl` are
//!   seconds. `null` is what is not there.
//! * What is refused is thrown as an `Error` with a `code` and, where something stands in a text,
//!   `line` and `column`. Nothing else is thrown.
//! * Names come as A-labels: converting others is up to the host, whose `URL` brings the tables.
//! * Bad input never panics. Should a defect make it panic all the same, the module traps and must not
//!   be used again; the TypeScript layer sees to that.
#![forbid(unsafe_code)]

mod codes;
mod decision;
mod dns;
mod engine;
mod error;
mod generate;
mod host;
mod input;
mod lint;
mod object;
mod output;
mod policy;
mod record;

pub use decision::{Decision, decide};
pub use dns::{decode_answer, encode_query};
pub use engine::Engine;
pub use generate::generate;
pub use host::{domain_names, matches, punycode};
pub use lint::lint;
pub use policy::{parse_policy, read_response};
pub use record::{select_record, select_tlsrpt_record};

/// The version of the module.
#[must_use]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
