//! What the last acknowledged state vouches for.

use super::*;
use crate::store::layout::State as Marked;
use crate::store::names::DATABASE;
use crate::store::testing::{TestChain, store};

/// Creates a database with two blocks and closes it. Returns the state in its file.
fn closed(directory: &Path) -> State {
    let mut store = store(directory);
    store.append_and(TestChain::new().add(Vec::new()), |_| Ok(())).unwrap();
    drop(store);
    let connection = open_immutable(&directory.join(DATABASE)).unwrap();
    State::of(&connection, LogId::of_salt(7)).unwrap()
}

fn note(directory: &Path, state: &State) {
    fs::write(directory.join(LAST), serde_json::to_string(state).unwrap()).unwrap();
}

fn mark(state: Marked, log: u32) -> Mark {
    Mark { layout: 4, state, log: LogId::of_salt(log) }
}

#[test]
fn burst_of_commits_is_written_at_intervals() {
    let directory = tempfile::tempdir().unwrap();
    let mut last = Last::create(directory.path()).unwrap();
    assert!(last.count_commit());
    // A time in the future counts as no time ago.
    last.written = Some(Instant::now() + Duration::from_secs(60));
    assert!(!last.count_commit());
    last.written = Instant::now().checked_sub(WRITE_INTERVAL);
    assert!(last.count_commit());
}

#[test]
fn state_is_written_after_commits_only() {
    let directory = tempfile::tempdir().unwrap();
    let state = closed(directory.path());
    let connection = open_immutable(&directory.path().join(DATABASE)).unwrap();
    let mut last = Last::create(directory.path()).unwrap();
    last.note(&connection, state.log);
    assert_eq!(read(directory.path()), None, "there was no commit");
    last.count_commit();
    last.note(&connection, state.log);
    assert_eq!(read(directory.path()).as_ref(), Some(&state));
    let other = State { height: 99, ..state };
    note(directory.path(), &other);
    last.note(&connection, other.log);
    assert_eq!(read(directory.path()), Some(other), "there was no commit since");
    last.remove();
    assert!(!directory.path().join(LAST).exists());
}

#[test]
fn shorter_state_replaces_a_longer_one() {
    let directory = tempfile::tempdir().unwrap();
    let state = closed(directory.path());
    let connection = open_immutable(&directory.path().join(DATABASE)).unwrap();
    let mut last = Last::create(directory.path()).unwrap();
    for log in [LogId::of_salt(4_000_000), LogId::of_salt(7)] {
        last.count_commit();
        last.note(&connection, log);
        assert_eq!(read(directory.path()), Some(State { log, ..state.clone() }));
    }
}

#[test]
fn only_a_file_may_hold_the_state() {
    let directory = tempfile::tempdir().unwrap();
    check(directory.path()).unwrap();
    fs::create_dir(directory.path().join(LAST)).unwrap();
    assert!(matches!(check(directory.path()), Err(StoreError::File { .. })));
}

#[test]
fn database_without_its_log_needs_everything_acknowledged() {
    let directory = tempfile::tempdir().unwrap();
    let state = closed(directory.path());
    let database = directory.path().join(DATABASE);
    let vouches = |state: &State, log| {
        note(directory.path(), state);
        vouches(directory.path(), &database, mark(Marked::Open, log))
    };
    assert_eq!(state.height, 2);
    assert!(vouches(&state, 7));
    assert!(!vouches(&state, 99), "the state of another log");
    assert!(vouches(&State { height: 1, ..state.clone() }, 7));
    assert!(!vouches(&State { height: 3, ..state.clone() }, 7));
    assert!(vouches(&State { height: 1, pool: 1, ..state.clone() }, 7), "a later block took the payments");
    assert!(!vouches(&State { pool: 1, ..state.clone() }, 7));
    assert!(!vouches(&State { peers: "other".to_owned(), ..state.clone() }, 7));
}

#[test]
fn acknowledged_state_is_known_only_for_the_log_of_an_open_database() {
    let directory = tempfile::tempdir().unwrap();
    let state = closed(directory.path());
    note(directory.path(), &state);
    let known = |has_log, mark, missing_log| {
        let found = Condition { mark, is_logged: true, has_log };
        acknowledged(directory.path(), &found, missing_log).is_some()
    };
    let open = mark(Marked::Open, 7);
    assert!(known(true, open, MissingLog::Refused));
    assert!(!known(true, open, MissingLog::Accepted));
    assert!(!known(false, open, MissingLog::Refused));
    assert!(!known(true, mark(Marked::Closed, 7), MissingLog::Refused));
    assert!(!known(true, mark(Marked::Open, 99), MissingLog::Refused));
}

#[test]
fn log_that_ends_before_the_acknowledged_block_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let state = closed(directory.path());
    let connection = open_immutable(&directory.path().join(DATABASE)).unwrap();
    let check = |noted| Acknowledged { directory: directory.path().to_owned(), noted }.check(&connection);
    check(State { peers: "other".to_owned(), ..state.clone() }).unwrap();
    let cut = check(State { height: 3, ..state }).unwrap_err();
    assert!(matches!(cut, StoreError::CutLog { height: 3, .. }), "{cut}");
}
