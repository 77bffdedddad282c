//! The async driver of [`mtasts_core`]: DNS, HTTPS and stores, and engines that use them.
//!
//! [`driver::Driver`] answers lookups. What it needs can be used alone: [`dns::Resolver`], a stub
//! that asks recursive resolvers; [`https::Fetcher`], which fetches policies by the rules of
//! RFC 8461 §3.3; [`smtp::SmtpProbe`], which looks at MX hosts; and [`store::Store`], where policies
//! outlive the process.

mod clock;
pub mod dns;
pub mod driver;
pub mod https;
pub mod smtp;
pub mod store;

pub use clock::Clock;
