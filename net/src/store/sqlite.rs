//! Policies in an SQLite file.
//!
//! One thread owns the connection. It takes the requests that wait together into one transaction,
//! so that a burst of policies costs one write to the disk. The file is in WAL mode with
//! `synchronous = FULL`: what was replied to survives the end of the process and of the machine.

use core::fmt;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use futures_util::FutureExt as _;
use mtasts_core::{CachedPolicy, PolicyDomain, UnixMillis};
use tokio::sync::{mpsc, oneshot};

use super::{OpenError, Page, Reply, Store, StoreError};

mod database;
mod worker;

use database::Database;
use worker::{Request, work};

/// Most requests that wait for the thread.
const MAX_WAITING: usize = 10_000;

/// Policies in an SQLite file. Clones are the same one; the file is closed with the last of them.
#[derive(Clone)]
pub struct Sqlite {
    file: Arc<PathBuf>,
    requests: mpsc::Sender<Request>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Sqlite {
    /// Opens the store in `file`, which is made if it does not exist, as is its directory.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or made, or is something else.
    pub fn open(file: impl Into<PathBuf>) -> Result<Self, OpenError> {
        let file = file.into();
        make_directory(&file)?;
        let database = Database::open(&file)?;
        let (requests, waiting) = mpsc::channel(MAX_WAITING);
        let thread = thread::Builder::new()
            .name("mtasts-store".into())
            .spawn(move || work(database, waiting))
            .map_err(OpenError::Thread)?;
        let thread = Arc::new(Mutex::new(Some(thread)));
        Ok(Self { file: Arc::new(file), requests, thread })
    }

    /// The thread, for whoever has to know when it has ended: that is after the last clone has gone.
    /// Only the first call gets it.
    #[must_use]
    pub fn take_thread(&self) -> Option<JoinHandle<()>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Hands a request to the thread, now, and gives what will be its reply.
    fn ask<T: Send + 'static>(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Request,
    ) -> Reply<T> {
        let (sender, reply) = oneshot::channel();
        let sent = self.requests.try_send(request(sender)).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => StoreError::Busy,
            mpsc::error::TrySendError::Closed(_) => StoreError::Closed,
        });
        async move {
            sent?;
            reply.await.unwrap_or(Err(StoreError::Closed))
        }
        .boxed()
    }
}

fn make_directory(file: &Path) -> Result<(), OpenError> {
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => fs::create_dir_all(directory)
            .map_err(|error| OpenError::Directory { directory: directory.into(), error }),
        _ => Ok(()),
    }
}

impl Store for Sqlite {
    fn load(&self, domain: &PolicyDomain) -> Reply<Option<CachedPolicy>> {
        let domain = domain.clone();
        self.ask(|reply| Request::Load { domain, reply })
    }

    fn store(&self, domain: PolicyDomain, policy: CachedPolicy) -> Reply<()> {
        self.ask(|reply| Request::Store { domain, policy, reply })
    }

    fn remove(&self, domain: PolicyDomain, until: UnixMillis) -> Reply<()> {
        self.ask(|reply| Request::Remove { domain, until, reply })
    }

    fn page(&self, page: Page) -> Reply<Vec<(PolicyDomain, CachedPolicy)>> {
        self.ask(|reply| Request::Page { page, reply })
    }

    fn purge(&self, now: UnixMillis) -> Reply<usize> {
        self.ask(|reply| Request::Purge { now, reply })
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("file", &self.file).finish_non_exhaustive()
    }
}
