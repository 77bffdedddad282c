//! The thread that owns the connection.

use mtasts_core::{CachedPolicy, PolicyDomain, UnixMillis};
use tokio::sync::{mpsc, oneshot};

use super::database::Database;
use crate::store::{Page, StoreError};

/// Most requests in one transaction.
const BATCH: usize = 256;

/// What is asked of the store, and who waits for it.
pub(super) enum Request {
    Load { domain: PolicyDomain, reply: ReplyTo<Option<CachedPolicy>> },
    Store { domain: PolicyDomain, policy: CachedPolicy, reply: ReplyTo<()> },
    Remove { domain: PolicyDomain, until: UnixMillis, reply: ReplyTo<()> },
    Page { page: Page, reply: ReplyTo<Vec<(PolicyDomain, CachedPolicy)>> },
    Purge { now: UnixMillis, reply: ReplyTo<usize> },
}

type ReplyTo<T> = oneshot::Sender<Result<T, StoreError>>;

/// Works until nobody can ask any more and everything that was asked is done.
pub(super) fn work(database: Database, mut requests: mpsc::Receiver<Request>) {
    let mut batch = Vec::new();
    while requests.blocking_recv_many(&mut batch, BATCH) > 0 {
        let writes = batch.iter().any(Request::writes);
        let begun = if writes { database.begin() } else { Ok(()) };
        let replies: Vec<Reply> =
            batch.drain(..).map(|request| request.carry_out(&database, begun.is_ok())).collect();
        let committed = begun.and_then(|()| if writes { database.commit() } else { Ok(()) });
        let failure = committed.err().map(|error| failed(&error));
        for reply in replies {
            reply.send(failure.as_ref());
        }
    }
}

/// What came of a request. A write counts only once its transaction is committed.
enum Reply {
    Read(Box<dyn FnOnce() + Send>),
    Write(Box<dyn FnOnce(Option<StoreError>) + Send>),
}

impl Reply {
    fn read<T: Send + 'static>(to: ReplyTo<T>, result: rusqlite::Result<T>) -> Self {
        // Who asked may be gone.
        Self::Read(Box::new(move || drop(to.send(result.map_err(|error| failed(&error))))))
    }

    /// Without a transaction nothing is written; then `send` is told why there is none.
    fn write<T: Send + 'static>(
        to: ReplyTo<T>,
        in_transaction: bool,
        write: impl FnOnce() -> rusqlite::Result<T>,
    ) -> Self {
        let result = if in_transaction { write() } else { Err(rusqlite::Error::InvalidQuery) };
        let result = result.map_err(|error| failed(&error));
        Self::Write(Box::new(move |failure| drop(to.send(failure.map_or(result, Err)))))
    }

    fn send(self, failure: Option<&StoreError>) {
        match self {
            Self::Read(send) => send(),
            Self::Write(send) => send(failure.cloned()),
        }
    }
}

impl Request {
    const fn writes(&self) -> bool {
        match self {
            Self::Load { .. } | Self::Page { .. } => false,
            Self::Store { .. } | Self::Remove { .. } | Self::Purge { .. } => true,
        }
    }

    fn carry_out(self, database: &Database, in_transaction: bool) -> Reply {
        match self {
            Self::Load { domain, reply } => Reply::read(reply, database.load(&domain)),
            Self::Page { page, reply } => Reply::read(reply, database.page(&page)),
            Self::Store { domain, policy, reply } => {
                Reply::write(reply, in_transaction, || database.store(&domain, &policy))
            }
            Self::Remove { domain, until, reply } => {
                Reply::write(reply, in_transaction, || database.remove(&domain, until))
            }
            Self::Purge { now, reply } => {
                Reply::write(reply, in_transaction, || database.purge(now))
            }
        }
    }
}

fn failed(error: &rusqlite::Error) -> StoreError {
    StoreError::Failed(error.to_string())
}
