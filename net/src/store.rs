//! Where policies outlive the process.

use core::fmt;
use std::{io, path::PathBuf};

use futures_util::future::BoxFuture;
use mtasts_core::{CachedPolicy, PolicyDomain, UnixMillis};

mod memory;
mod sqlite;

pub use memory::Memory;
pub use sqlite::Sqlite;

/// Keeps policies. Requests take effect in the order of the calls; the futures only wait for it.
///
/// No request is fatal: a store that fails says so, and the engine goes on without it.
pub trait Store: fmt::Debug + Send + Sync {
    /// The policy of a domain, expired or not.
    fn load(&self, domain: &PolicyDomain) -> Reply<Option<CachedPolicy>>;

    /// Keeps a policy, unless one that was fetched later is there. When the reply comes, it is
    /// durable.
    fn store(&self, domain: PolicyDomain, policy: CachedPolicy) -> Reply<()>;

    /// Forgets the policy of a domain if it was fetched at `until` or before.
    fn remove(&self, domain: PolicyDomain, until: UnixMillis) -> Reply<()>;

    /// Some of the policies that are in use, in the order of their domains: see [`Page`].
    fn page(&self, page: Page) -> Reply<Vec<(PolicyDomain, CachedPolicy)>>;

    /// Forgets policies that had expired at `now`, a limited number at a time, and says how many.
    fn purge(&self, now: UnixMillis) -> Reply<usize>;
}

/// The reply of a [`Store`].
pub type Reply<T> = BoxFuture<'static, Result<T, StoreError>>;

/// Which policies [`Store::page`] gives.
#[derive(Clone, Debug)]
pub struct Page {
    /// Only domains after this one.
    pub after: Option<PolicyDomain>,
    /// Only policies that have not expired by then.
    pub now: UnixMillis,
    /// Only policies of domains that were asked for since then.
    pub used_since: UnixMillis,
    /// How many at most.
    pub limit: usize,
}

/// Why a store could not do what was asked of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The request failed.
    #[error("{0}")]
    Failed(String),
    /// Too many requests are waiting.
    #[error("too many requests wait for the store")]
    Busy,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
}

/// Why a store cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its directory cannot be made.
    #[error("cannot create the directory `{directory}`")]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// The file cannot be opened, or is no database.
    #[error("cannot open the policy store `{file}`")]
    Open {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        error: rusqlite::Error,
    },
    /// The file is a database of something else.
    #[error("`{file}` is a database, but not a policy store of mtasts")]
    Foreign {
        /// The file.
        file: PathBuf,
    },
    /// A later version of this software has written the file.
    #[error(
        "the policy store `{file}` has schema version {found}, and this mtasts knows versions up to \
         {known}: run a later mtasts, or move the file away to begin with an empty store"
    )]
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The latest version that is known.
        known: i64,
    },
    /// The thread that works on the file cannot be started.
    #[error("cannot start the thread of the policy store")]
    Thread(#[source] io::Error),
}
