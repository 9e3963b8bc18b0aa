//! The rows of an order from its record to its delivery events.

use std::time::{Duration, SystemTime};

use super::*;
use crate::time::rfc3339;

fn new_order(id: &str) -> NewOrder {
    NewOrder {
        base_url: "https://service".into(),
        idempotence_id: id.into(),
        body: "{}".into(),
        body_hmac: "00".into(),
        product_id: "p".into(),
        common_name: "沃通".into(),
        org_name: "o".into(),
        months: 12,
        import: None,
        renews: None,
        reissue: None,
    }
}

fn ledger() -> (tempfile::TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&folder.path().join("l.db"), Access::Create).unwrap();
    (folder, ledger)
}

#[test]
fn an_order_is_claimed_by_one_live_run_and_released_by_its_outcome() {
    let (_folder, ledger) = ledger();
    let (one, other) = (Run::begin(&ledger).unwrap(), Run::begin(&ledger).unwrap());
    let row = ledger.transaction(|it| insert(it, &new_order("1"))).unwrap();
    let by =
        |run: &Run| ledger.transaction(|it| claim(it, ledger.path(), row, run.id(), "00")).unwrap();
    let found = || ledger.read(|it| find(it, "https://service", "1")).unwrap().unwrap();
    assert_eq!(found().state, State::Prepared);
    assert!(by(&one) && !by(&other) && !by(&one), "each run sends it once");
    assert_eq!((found().state, found().run.as_deref()), (State::Sending, Some(one.id())));
    drop(one);
    let changed = |it: &Transaction<'_>| claim(it, ledger.path(), row, other.id(), "01");
    assert!(!ledger.transaction(changed).unwrap(), "its recorded content is another");
    assert!(by(&other), "the run that had it has ended");

    ledger.transaction(|it| set_outcome(it, row, State::Unknown, "lost")).unwrap();
    assert_eq!(
        (found().state, found().run, found().reason),
        (State::Unknown, None, Some("lost".into()))
    );
    assert!(ledger.transaction(|it| replace(it, row, &new_order("1"))).is_err(), "it may exist");
    let created = Created { order_id: "A1".into(), paired_order_id: None };
    ledger.transaction(|it| set_created(it, row, &created)).unwrap();
    let order = ledger.read(|it| find_by_id(it, "https://service", " A1 ")).unwrap().unwrap();
    assert_eq!((order.state, order.reason, order.row), (State::Created, None, row));
    ledger.transaction(|it| set_outcome(it, row, State::Unknown, "late")).unwrap();
    assert_eq!((found().state, found().order_id.as_deref()), (State::Created, Some("A1")));
    assert!(ledger.read(|it| find(it, "https://other", "1")).unwrap().is_none());
}

#[test]
fn a_transaction_that_fails_changes_nothing() {
    let (_folder, ledger) = ledger();
    let failed = ledger.transaction(|it| {
        insert(it, &new_order("1"))?;
        insert(it, &new_order("1"))
    });
    assert_eq!(failed.unwrap_err().exit_code(), 9);
    assert!(ledger.read(|it| orders(it, "true", [])).unwrap().is_empty());
}

#[test]
fn origins_and_attempts_are_kept_with_their_order() {
    let (_folder, ledger) = ledger();
    #[cfg(unix)]
    let path: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"/\xce\xd6.csv");
    #[cfg(windows)]
    let path = r"C:\我.csv";
    let kept = [
        Origin::new("documentsPost.0", OriginKind::File, Some(Path::new("a.pdf"))),
        Origin::new("orderinfoPost.Hosts", OriginKind::Argument, None),
        Origin { row: Some(7), ..Origin::new("*", OriginKind::Import, Some(Path::new(path))) },
    ];
    let row = ledger.transaction(|it| insert(it, &new_order("1"))).unwrap();
    ledger.transaction(|it| set_origins(it, row, &kept)).unwrap();
    let found = ledger.read(|it| origins(it, row)).unwrap();
    assert_eq!(found, kept);
    assert!(found[0].path.as_ref().unwrap().is_absolute());

    let attempt = ledger.transaction(|it| begin_attempt(it, row, "run", "r-1", 1)).unwrap();
    let end = AttemptEnd { cause: Some("timeout"), ..AttemptEnd::default() };
    ledger.transaction(|it| end_attempt(it, attempt, &end)).unwrap();
    let end = AttemptEnd { delivery: Some("unknown"), ..AttemptEnd::default() };
    ledger.transaction(|it| end_attempt(it, attempt, &end)).unwrap();
    let read = |it: &Connection| {
        let sql =
            "SELECT cause || delivery FROM attempts WHERE order_row = ?1 AND ended_at IS NOT NULL";
        it.query_row(sql, [row], |it| it.get::<_, String>(0))
    };
    assert_eq!(ledger.read(read).unwrap(), "timeoutunknown");
}

#[test]
fn an_event_is_delivered_or_given_up() {
    let (_folder, ledger) = ledger();
    let add = || {
        let event = NewEvent { order_row: None, kind: "status", data: "{}" };
        ledger.transaction(|it| add_event(it, &event)).unwrap()
    };
    let (first, second) = (add(), add());
    let now = SystemTime::now();
    let (soon, later) = (now + Duration::from_secs(60), now + Duration::from_secs(120));
    let waiting = |at: SystemTime| {
        let events = ledger.read(|it| waiting(it, Group::Changes, at)).unwrap();
        events.into_iter().map(|event| event.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting(now), [first.clone(), second.clone()]);
    ledger.transaction(|it| set_delivered(it, &first)).unwrap();
    ledger
        .transaction(|it| set_try_failed(it, &second, Some(&rfc3339(soon)), "exit code 1"))
        .unwrap();
    assert!(waiting(now).is_empty());
    assert_eq!(waiting(later), *std::slice::from_ref(&second));
    ledger.transaction(|it| set_try_failed(it, &second, None, "exit code 2")).unwrap();
    assert!(waiting(later).is_empty());
    let sql =
        "SELECT count(*), max(tries), max(last_problem) FROM events WHERE failed_at IS NOT NULL";
    let failed: (i64, i64, String) = ledger
        .read(|it| it.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))))
        .unwrap();
    assert_eq!(failed, (1, 2, "exit code 2".to_owned()));
}

#[cfg(unix)]
#[test]
fn the_files_are_private() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.db");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ledger = Ledger::open(&path, Access::Create).unwrap();
    ledger.transaction(|it| insert(it, &new_order("1"))).unwrap();
    for end in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(open::beside(&path, end)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{end}");
    }
    symlink("/dev/null", folder.path().join("null")).unwrap();
    assert!(Ledger::open(&folder.path().join("null"), Access::Create).is_err());
    assert!(Ledger::open(&folder.path().join("missing"), Access::Update).is_err());
}
