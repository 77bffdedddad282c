//! The file: its schema and its statements.

use core::time::Duration;
use std::path::Path;

use mtasts_core::{CachedPolicy, Policy, PolicyDomain, PolicyId, UnixMillis};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tracing::warn;

use crate::store::{OpenError, Page};

/// Tells our files from those of others: "mSTS".
const APPLICATION_ID: i64 = 0x6d53_5453;
const SCHEMA_VERSION: i64 = 1;

/// Times are Unix milliseconds; the view is for people with an SQLite shell.
const SCHEMA: &str = "
CREATE TABLE policies (
    domain     TEXT    NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL,
    policy     TEXT    NOT NULL,
    fetched_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX policies_by_expiry ON policies (expires_at);
CREATE VIEW readable AS SELECT
    domain, id, policy,
    datetime(fetched_at / 1000, 'unixepoch') AS fetched,
    datetime(expires_at / 1000, 'unixepoch') AS expires,
    datetime(last_used / 1000, 'unixepoch') AS used
FROM policies;
";

/// How long a statement waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Most policies forgotten in one go, so that nobody waits long behind it.
const PURGE: i64 = 1_000;

#[derive(Debug)]
pub(super) struct Database {
    connection: Connection,
}

impl Database {
    pub(super) fn open(file: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Open { file: file.into(), error };
        let mut connection = Connection::open(file).map_err(failed)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
        let application: i64 = pragma(&connection, "application_id").map_err(failed)?;
        let version: i64 = pragma(&connection, "user_version").map_err(failed)?;
        match (application, version) {
            (APPLICATION_ID, SCHEMA_VERSION) => {}
            (APPLICATION_ID, found) if found > SCHEMA_VERSION => {
                let file = file.into();
                return Err(OpenError::Newer { file, found, known: SCHEMA_VERSION });
            }
            (0, 0) if is_empty(&connection).map_err(failed)? => {
                create(&mut connection).map_err(failed)?;
            }
            _ => return Err(OpenError::Foreign { file: file.into() }),
        }
        Ok(Self { connection })
    }

    pub(super) fn begin(&self) -> rusqlite::Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE")
    }

    /// Commits, or undoes what cannot be committed.
    pub(super) fn commit(&self) -> rusqlite::Result<()> {
        let committed = self.connection.execute_batch("COMMIT");
        if committed.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        committed
    }

    pub(super) fn load(&self, domain: &PolicyDomain) -> rusqlite::Result<Option<CachedPolicy>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT domain, id, policy, fetched_at, last_used FROM policies WHERE domain = ?1",
        )?;
        let found = statement.query_row(params![domain.as_str()], read).optional()?;
        Ok(found.flatten().map(|(_, policy)| policy))
    }

    pub(super) fn store(
        &self,
        domain: &PolicyDomain,
        cached: &CachedPolicy,
    ) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO policies (domain, id, policy, fetched_at, expires_at, last_used)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (domain) DO UPDATE SET
                 id = excluded.id, policy = excluded.policy, fetched_at = excluded.fetched_at,
                 expires_at = excluded.expires_at, last_used = excluded.last_used
             WHERE excluded.fetched_at >= policies.fetched_at",
        )?;
        let changed = statement.execute(params![
            domain.as_str(),
            cached.id.as_str(),
            cached.policy.to_string(),
            millis(cached.fetched_at),
            millis(cached.expires_at()),
            millis(cached.last_used),
        ])?;
        // Zero rows: a later one is there, which does as well.
        debug_assert!(changed <= 1, "a domain has one row");
        Ok(())
    }

    pub(super) fn remove(&self, domain: &PolicyDomain, until: UnixMillis) -> rusqlite::Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM policies WHERE domain = ?1 AND fetched_at <= ?2")?;
        statement.execute(params![domain.as_str(), millis(until)]).map(drop)
    }

    pub(super) fn page(&self, page: &Page) -> rusqlite::Result<Vec<(PolicyDomain, CachedPolicy)>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT domain, id, policy, fetched_at, last_used FROM policies
             WHERE domain > ?1 AND expires_at >= ?2 AND last_used >= ?3 ORDER BY domain LIMIT ?4",
        )?;
        let after = page.after.as_ref().map_or("", PolicyDomain::as_str);
        let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
        let parameters = params![after, millis(page.now), millis(page.used_since), limit];
        let rows = statement.query_map(parameters, read)?;
        rows.filter_map(Result::transpose).collect()
    }

    pub(super) fn purge(&self, now: UnixMillis) -> rusqlite::Result<usize> {
        let mut statement = self.connection.prepare_cached(
            "DELETE FROM policies WHERE domain IN
                 (SELECT domain FROM policies WHERE expires_at < ?1 LIMIT ?2)",
        )?;
        statement.execute(params![millis(now), PURGE])
    }
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    transaction.commit()
}

/// A row, or nothing if somebody else has written what cannot be a policy: then it is as though it
/// was not there, and the next fetch replaces it.
fn read(row: &Row<'_>) -> rusqlite::Result<Option<(PolicyDomain, CachedPolicy)>> {
    let domain: String = row.get("domain")?;
    let id: String = row.get("id")?;
    let policy: String = row.get("policy")?;
    let (fetched_at, last_used): (i64, i64) = (row.get("fetched_at")?, row.get("last_used")?);
    let parsed = Policy::parse(&policy).map_err(|error| error.to_string());
    let name = PolicyDomain::from_lookup_key(&domain).map_err(|error| error.to_string());
    let id = PolicyId::parse(&id).ok_or_else(|| format!("`{id}` is no policy id"));
    match (name, id, parsed) {
        (Ok(name), Ok(id), Ok(parsed)) => {
            let policy = parsed.policy.into();
            let (fetched_at, last_used) = (unix_millis(fetched_at), unix_millis(last_used));
            Ok(Some((name, CachedPolicy { policy, id, fetched_at, last_used })))
        }
        (Err(error), _, _) | (_, Err(error), _) | (_, _, Err(error)) => {
            warn!(domain, error, "the policy store holds a row that is no policy");
            Ok(None)
        }
    }
}

fn millis(at: UnixMillis) -> i64 {
    i64::try_from(at.0).unwrap_or(i64::MAX)
}

fn unix_millis(at: i64) -> UnixMillis {
    UnixMillis(u64::try_from(at).unwrap_or(0))
}
