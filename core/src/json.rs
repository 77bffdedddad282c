//! JSON, read and written member by member. What serde derives for the same types is so much code
//! that a module for browsers has no room for it; reports of TLS failures, which are no part of that
//! module, use it.

#[cfg(feature = "lint")]
mod read;
mod write;

#[cfg(feature = "lint")]
pub(crate) use read::{Error, Reader, members, read};
pub(crate) use write::{Write, Writer, written};

#[cfg(all(test, feature = "lint"))]
mod tests;
