//! Which log belongs to which database.

use std::fs;

use super::*;
use crate::store::layout::LogId;
use crate::store::names::LAST;
use crate::store::testing::store;

const PAGE: u64 = 4096;

const OURS: usize = schema::MARKED;

const OLD: usize = schema::MARKED - 1;

fn header(is_logged: bool, schema: u32) -> Header {
    Header { is_logged, application: 0, changes: 0, schema, mark: None, page: PAGE, pages: Some(3) }
}

fn mark(layout: usize, state: State) -> Mark {
    Mark { layout, state, log: LogId::of_salt(7) }
}

#[test]
fn log_belongs_to_the_database_that_is_marked_with_it() {
    use State::{Closed, Open, Opening};
    let (logged, alone) = (header(true, 0), header(false, 0));
    let log = |salt: u32| Log::Of(LogId::of_salt(salt), PAGE);
    for state in [Closed, Opening, Open] {
        for layout in [OLD, OURS] {
            assert_eq!(owns(&logged, mark(layout, state), Log::Empty), Some(false));
            let other_pages = Log::Of(LogId::of_salt(7), 2 * PAGE);
            assert_eq!(owns(&logged, mark(layout, state), other_pages), None);
        }
        assert_eq!(owns(&alone, mark(OLD, state), log(99)), Some(true), "there is no mark");
        assert_eq!(owns(&alone, mark(OURS, state), log(7)), None, "it needs no log");
    }
    for state in [Closed, Open] {
        assert_eq!(owns(&logged, mark(OURS, state), log(7)), Some(true));
        assert_eq!(owns(&logged, mark(OURS, state), log(99)), None);
    }
    assert_eq!(owns(&logged, mark(OURS, Opening), log(99)), Some(true), "nothing is acknowledged");
}

#[test]
fn strange_log_is_left_to_sqlite_if_nothing_was_acknowledged() {
    use State::{Closed, Open, Opening};
    let header = header(true, 0);
    for (layout, state, expected) in [
        (OLD, Closed, Some(true)),
        (OLD, Open, Some(true)),
        (OURS, Opening, Some(true)),
        (OURS, Closed, None),
        (OURS, Open, None),
        (OURS + 1, Closed, None),
    ] {
        assert_eq!(owns(&header, mark(layout, state), Log::Strange), expected, "{layout} {state:?}");
    }
}

#[test]
fn open_database_is_logged_marked_and_written_by_a_node() {
    let ours = schema::FIRST_COOKIE;
    for (is_logged, cookie, layout, state, expected) in [
        (true, ours, OURS, State::Open, true),
        (true, ours + 1, OURS + 1, State::Open, true),
        (false, ours, OURS, State::Open, false),
        (true, ours - 1, OURS, State::Open, false),
        (true, ours, OLD, State::Open, false),
        (true, ours, OURS, State::Closed, false),
        (true, ours, OURS, State::Opening, false),
    ] {
        assert_eq!(is_open(&header(is_logged, cookie), mark(layout, state)), expected);
    }
}

#[test]
fn truncated_database_is_refused_unless_a_journal_repairs_it() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join(DATABASE);
    let header = header(true, 0);
    check_length(&database, &header, 3 * PAGE).unwrap();
    check_length(&database, &Header { pages: None, ..header }, 1).unwrap();
    let refused = check_length(&database, &header, 3 * PAGE - 1).unwrap_err().to_string();
    assert!(refused.contains("its end is missing: it has 12287 bytes of 12288"), "{refused}");
    fs::write(companion(&database, "-journal"), "").unwrap();
    check_length(&database, &header, 1).unwrap();
}

#[test]
fn directory_in_place_of_a_file_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join(DATABASE);
    assert!(matches!(log(&database), Ok(Log::Empty)));
    fs::create_dir(companion(&database, "-wal")).unwrap();
    assert!(matches!(log(&database), Err(StoreError::File { .. })));
    assert!(matches!(check(directory.path()), Err(StoreError::File { .. })));
    fs::write(&database, "").unwrap();
    let below = database.join("file");
    assert!(matches!(check(&below), Err(StoreError::Directory { path, .. }) if path == below));
    assert!(matches!(check(&database), Ok(true)));
    assert!(matches!(check(&directory.path().join("nothing")), Ok(false)));
}

#[test]
fn log_without_its_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let find = || inspect(directory.path(), MissingLog::Refused);
    assert_eq!(find().unwrap(), Contents::Nothing);
    fs::write(directory.path().join("ledger.db-shm"), "").unwrap();
    assert_eq!(find().unwrap(), Contents::Nothing);
    fs::write(directory.path().join("ledger.db-wal"), "").unwrap();
    assert!(matches!(find(), Err(StoreError::Orphan { companion, .. }) if companion == "ledger.db-wal"));
}

#[test]
fn database_without_its_log_is_refused_unless_its_state_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let _used = store(directory.path());
    let copy = tempfile::tempdir().unwrap();
    let copied = |name: &str| fs::copy(directory.path().join(name), copy.path().join(name)).unwrap();
    copied(DATABASE);
    let found = |missing_log| inspect(copy.path(), missing_log);
    assert!(matches!(found(MissingLog::Refused), Err(StoreError::LostLog(_))));
    let Ok(Contents::Database(condition)) = found(MissingLog::Accepted) else { panic!("it is accepted") };
    assert!(condition.is_logged && !condition.has_log && condition.mark.state == State::Open);
    copied(LAST);
    assert_eq!(found(MissingLog::Refused).unwrap(), Contents::Database(condition));
}
