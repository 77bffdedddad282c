//! MTA-STS (RFC 8461) as a sans-IO engine: the part that knows the protocol and nothing else.
//!
//! It reads TXT records and policies, remembers them, decides what a sender should do with mail for
//! a domain, and says why. It has no sockets, files, clock or randomness; the caller does its
//! errands and tells it the time. That makes it usable from a Tokio daemon, a C event loop and a
//! browser alike, and lets a test play a year in a millisecond.
//!
//! # The run loop
//!
//! 1. Ask [`Engine::lookup`]. It answers from memory, or not at all.
//! 2. Without an answer, give it [`Input::Resolve`].
//! 3. Carry out each [`Engine::poll_output`] until there is none: DNS queries, HTTPS fetches, and
//!    reads and writes of a store, if there is one.
//! 4. Give each result back as an [`Input`], with the request id of the errand. Failures are
//!    results too.
//! 5. At [`Engine::poll_timeout`], call [`Engine::handle_timeout`].
//! 6. [`Output::Answer`] carries the [`Decision`].
//!
//! ```
//! use mtasts_core::{
//!     Config, Decision, Engine, Input, LookupId, Output, PolicyDomain, Response, TxtAnswer,
//!     UnixMillis,
//! };
//!
//! let mut engine = Engine::new(Config::default());
//! let now = UnixMillis::from_secs(1_800_000_000);
//! let domain = PolicyDomain::from_lookup_key("example.com")?;
//!
//! assert_eq!(engine.lookup(&domain, now), None);
//! let deadline = UnixMillis(now.0 + 5_000);
//! engine.handle_input(Input::Resolve { lookup: LookupId(1), domain, deadline }, now)?;
//! while let Some(output) = engine.poll_output() {
//!     match output {
//!         Output::QueryTxt { request, name, .. } => {
//!             assert_eq!(name, "_mta-sts.example.com");
//!             let records = vec![b"v=STSv1; id=1;".to_vec()];
//!             let answer = Ok(TxtAnswer { records, ttl: 300 });
//!             engine.handle_input(Input::TxtAnswer { request, answer }, now)?;
//!         }
//!         Output::FetchPolicy { request, .. } => {
//!             let body = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 86400\n";
//!             let answer = Ok(Response {
//!                 status: 200,
//!                 content_type: Some("text/plain".into()),
//!                 body: body.into(),
//!             });
//!             engine.handle_input(Input::FetchAnswer { request, answer }, now)?;
//!         }
//!         Output::Answer { decision, .. } => assert!(matches!(decision, Decision::Enforce(_))),
//!         other => println!("nothing to do here for {other:?}"),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # One discovery
//!
//! ```text
//!            unknown domain                  known domain, nothing that governs
//!                  │                                        │
//!             ┌────▼────┐  nothing, or expired         ┌────▼────┐
//!   (store)   │  Load   ├─────────────────────────────►│   Txt   │◄── check of a cached policy
//!             └────┬────┘                              └────┬────┘
//!                  │ policy: answered, goes on with Txt     │ one valid record, id new or policy due
//!                                                      ┌────▼────┐
//!               no record, bad record, DNS failure:    │  Fetch  │
//!               what is cached governs on              └────┬────┘
//!                                                           │ valid policy
//!                                                      ┌────▼────┐
//!                                                      │  Store  │ (store)
//!                                                      └────┬────┘
//!                                                           ▼ takes effect, everybody is answered
//! ```
//!
//! # Limits
//!
//! [`Config`] caps the domains remembered, the lookups waiting and the discoveries under way. At
//! the cap of domains the cheapest entry goes first: absences and failures, then policies in mode
//! testing or none, then enforced ones. Outputs that are not drained only wait.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod cache;
mod config;
mod decision;
#[cfg(feature = "dns")]
pub mod dns;
mod domain;
mod engine;
mod failure;
mod fetch;
#[cfg(feature = "lint")]
pub mod generate;
mod io;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "lint")]
pub mod lint;
mod mx;
mod name;
mod policy;
mod record;
pub mod render;
mod time;
pub mod tlsrpt;
mod txt;

pub use config::{Config, OnFailure};
pub use decision::{
    Applied, Attempt, CertOutcome, DaneOutcome, Decision, Explanation, Source, TlsOutcome,
    Unprotected, Verdict, Why,
};
pub use domain::{DomainError, PolicyDomain};
pub use engine::Engine;
pub use failure::{DnsFailure, Failure, FailureKind, FetchFailure, TlsFailure};
pub use fetch::{Fetched, Response, WELL_KNOWN_PATH, read_policy};
pub use io::{
    AlertKind, Bounce, CachedPolicy, Input, InputError, LookupId, Output, RequestId, TxtAnswer,
    WakeReason,
};
pub use mx::{MxPattern, MxPatternError};
pub use name::NameError;
pub use policy::{
    Deviation, DeviationKind, Extension, MAX_MAX_AGE, Mode, Parsed, Policy, PolicyError,
    PolicyErrorKind, Span,
};
pub use record::{PolicyId, RecordError, StsRecord};
pub use time::UnixMillis;
pub use tlsrpt::{ResultType, TlsRptError, TlsRptRecord};
pub use txt::TxtError;
