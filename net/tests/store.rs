//! Every store behaves alike, and the one on disk survives what a disk's does.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use core::time::Duration;
use std::{fs, path::Path, sync::Arc};

use mtasts_core::{CachedPolicy, Policy, PolicyDomain, PolicyId, UnixMillis};
use mtasts_net::store::{Memory, OpenError, Page, Sqlite, Store};

const NOW: UnixMillis = UnixMillis::from_secs(1_800_000_000);

fn domain(name: &str) -> PolicyDomain {
    PolicyDomain::from_lookup_key(name).unwrap()
}

fn policy(id: &str, max_age: u32, fetched_at: UnixMillis) -> CachedPolicy {
    let body = format!(
        "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: *.example.net\nmax_age: {max_age}\nx: y\n"
    );
    CachedPolicy {
        policy: Policy::parse(body).unwrap().policy.into(),
        id: PolicyId::parse(id).unwrap(),
        fetched_at,
        last_used: fetched_at,
    }
}

/// Runs a test on each kind of store.
async fn with_each<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>) -> F) {
    test(Arc::new(Memory::default())).await;
    let directory = tempfile::tempdir().unwrap();
    test(Arc::new(Sqlite::open(directory.path().join("deep/er/mtasts.db")).unwrap())).await;
}

#[tokio::test]
async fn what_is_stored_is_loaded() {
    with_each(async |store| {
        let stored = policy("1", 86_400, UnixMillis(NOW.0 + 7));
        assert_eq!(store.load(&domain("example.com")).await, Ok(None));
        store.store(domain("example.com"), stored.clone()).await.unwrap();
        assert_eq!(store.load(&domain("example.com")).await, Ok(Some(stored)));
        assert_eq!(store.load(&domain("example.net")).await, Ok(None));
    })
    .await;
}

#[tokio::test]
async fn a_policy_is_replaced_by_a_later_one_only() {
    with_each(async |store| {
        let (old, new) =
            (policy("1", 86_400, NOW), policy("2", 60, NOW.plus(Duration::from_secs(1))));
        store.store(domain("example.com"), new.clone()).await.unwrap();
        store.store(domain("example.com"), old).await.unwrap();
        assert_eq!(store.load(&domain("example.com")).await, Ok(Some(new)));
    })
    .await;
}

#[tokio::test]
async fn removing_spares_what_came_later() {
    with_each(async |store| {
        let stored = policy("1", 86_400, NOW);
        store.store(domain("example.com"), stored.clone()).await.unwrap();
        store.remove(domain("example.com"), UnixMillis(NOW.0 - 1)).await.unwrap();
        assert_eq!(store.load(&domain("example.com")).await, Ok(Some(stored)));
        store.remove(domain("example.com"), NOW).await.unwrap();
        assert_eq!(store.load(&domain("example.com")).await, Ok(None));
        store.remove(domain("example.com"), NOW).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn requests_take_effect_in_the_order_of_the_calls() {
    with_each(async |store| {
        let first = store.store(domain("example.com"), policy("1", 60, NOW));
        let removal = store.remove(domain("example.com"), NOW);
        let second = store.store(domain("example.com"), policy("2", 60, NOW));
        second.await.unwrap();
        removal.await.unwrap();
        first.await.unwrap();
        let loaded = store.load(&domain("example.com")).await.unwrap().unwrap();
        assert_eq!(loaded.id.as_str(), "2");
    })
    .await;
}

#[tokio::test]
async fn pages_hold_the_policies_in_use_in_order() {
    with_each(async |store| {
        for name in ["c.test", "a.test", "b.test", "d.test"] {
            store.store(domain(name), policy("1", 86_400, NOW)).await.unwrap();
        }
        store
            .store(domain("expired.test"), policy("1", 1, UnixMillis(NOW.0 - 5_000)))
            .await
            .unwrap();
        let unused = policy("1", 31_557_600, NOW.minus(Duration::from_secs(86_400 * 20)));
        store.store(domain("unused.test"), unused).await.unwrap();
        let page = |after: Option<&str>| Page {
            after: after.map(domain),
            now: NOW,
            used_since: NOW.minus(Duration::from_secs(86_400 * 14)),
            limit: 3,
        };
        let names = |page: Vec<(PolicyDomain, CachedPolicy)>| {
            page.iter().map(|(domain, _)| domain.to_string()).collect::<Vec<_>>()
        };
        let first = names(store.page(page(None)).await.unwrap());
        assert_eq!(first, ["a.test", "b.test", "c.test"]);
        assert_eq!(names(store.page(page(Some("c.test"))).await.unwrap()), ["d.test"]);
        assert_eq!(store.page(page(Some("d.test"))).await.unwrap(), []);
    })
    .await;
}

/// docs/peers.md, PMSR defect 11: rows are never deleted.
#[tokio::test]
async fn pmsr_11_expired_policies_are_purged() {
    with_each(async |store| {
        store.store(domain("expired.test"), policy("1", 59, NOW)).await.unwrap();
        store.store(domain("valid.test"), policy("1", 60, NOW)).await.unwrap();
        let later = NOW.plus(Duration::from_secs(60));
        assert_eq!(store.purge(later).await, Ok(1));
        assert_eq!(store.purge(later).await, Ok(0));
        assert_eq!(store.load(&domain("expired.test")).await, Ok(None));
        assert!(store.load(&domain("valid.test")).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_file_keeps_policies_from_one_process_to_the_next() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mtasts.db");
    let stored = policy("1", 86_400, NOW);
    let store = Sqlite::open(&file).unwrap();
    store.store(domain("example.com"), stored.clone()).await.unwrap();
    drop(store);
    let store = Sqlite::open(&file).unwrap();
    assert_eq!(store.load(&domain("example.com")).await, Ok(Some(stored)));
}

#[tokio::test]
async fn two_processes_may_share_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mtasts.db");
    let (one, other) = (Sqlite::open(&file).unwrap(), Sqlite::open(&file).unwrap());
    let names: Vec<_> = (0..100).map(|number| domain(&format!("d{number}.test"))).collect();
    let writes = names.iter().enumerate().map(|(index, name)| {
        let store = if index % 2 == 0 { &one } else { &other };
        store.store(name.clone(), policy("1", 60, NOW))
    });
    for write in writes.collect::<Vec<_>>() {
        write.await.unwrap();
    }
    for name in &names {
        assert!(one.load(name).await.unwrap().is_some());
    }
}

#[test]
fn files_of_others_are_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    fs::write(path("text"), "not a database, but long enough to be looked at".repeat(50)).unwrap();
    assert!(matches!(Sqlite::open(path("text")), Err(OpenError::Open { .. })));

    let foreign = rusqlite::Connection::open(path("foreign")).unwrap();
    foreign.execute_batch("CREATE TABLE policies (x)").unwrap();
    assert!(matches!(Sqlite::open(path("foreign")), Err(OpenError::Foreign { .. })));

    drop(Sqlite::open(path("newer")).unwrap());
    rusqlite::Connection::open(path("newer"))
        .unwrap()
        .pragma_update(None, "user_version", 2)
        .unwrap();
    let error = Sqlite::open(path("newer")).unwrap_err();
    assert!(error.to_string().contains("schema version 2"), "{error}");

    fs::write(path("file"), "").unwrap();
    let error = Sqlite::open(path("file/below")).unwrap_err();
    assert!(matches!(error, OpenError::Directory { .. } | OpenError::Open { .. }), "{error}");
}

/// Somebody with an SQLite shell may write anything.
#[tokio::test]
async fn a_row_that_is_no_policy_is_as_though_it_was_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mtasts.db");
    let store = Sqlite::open(&file).unwrap();
    store.store(domain("a.test"), policy("1", 60, NOW)).await.unwrap();
    store.store(domain("b.test"), policy("1", 60, NOW)).await.unwrap();
    edit(&file, "UPDATE policies SET policy = 'nonsense' WHERE domain = 'a.test'");
    assert_eq!(store.load(&domain("a.test")).await, Ok(None));
    let page = Page { after: None, now: NOW, used_since: UnixMillis(0), limit: 10 };
    assert_eq!(store.page(page).await.unwrap().len(), 1);
    store.store(domain("a.test"), policy("1", 60, NOW)).await.unwrap();
    assert!(store.load(&domain("a.test")).await.unwrap().is_some());
}

#[tokio::test]
async fn the_file_is_readable_with_an_sqlite_shell() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mtasts.db");
    let store = Sqlite::open(&file).unwrap();
    store.store(domain("example.com"), policy("1", 86_400, NOW)).await.unwrap();
    let connection = rusqlite::Connection::open(&file).unwrap();
    let row: (String, String) = connection
        .query_row("SELECT domain, expires FROM readable", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(row, ("example.com".into(), "2027-01-16 08:00:00".into()));
}

#[tokio::test]
async fn a_disk_that_fails_is_told_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("mtasts.db");
    let store = Sqlite::open(&file).unwrap();
    edit(&file, "DROP VIEW readable; DROP TABLE policies");
    assert!(store.store(domain("example.com"), policy("1", 60, NOW)).await.is_err());
    assert!(store.load(&domain("example.com")).await.is_err());
    assert!(store.purge(NOW).await.is_err());
}

fn edit(file: &Path, statements: &str) {
    rusqlite::Connection::open(file).unwrap().execute_batch(statements).unwrap();
}
