//! Which changes to a directory's files are noticed, and how often they are logged.

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::telemetry::testing::Log;

/// A node's directory, its database, and the watch that recorded the files.
struct Watched {
    directory: TempDir,
    database: Connection,
    watch: Arc<FileWatch>,
}

impl Watched {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let database = Connection::open(directory.path().join(DATABASE)).unwrap();
        database.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE rows (number)").unwrap();
        std::fs::write(directory.path().join(LOCK), "").unwrap();
        let watch = Arc::<FileWatch>::default();
        watch.begin(directory.path()).unwrap();
        Self { directory, database, watch }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.watch.0.get().unwrap().state()
    }

    /// What a check finds.
    fn noticed(&self) -> Option<Now> {
        match self.watch.check() {
            Ok(()) => None,
            Err(StoreError::Displaced(displaced)) => Some(displaced.now),
            Err(other) => panic!("{other}"),
        }
    }

    /// Replaces a file by a copy.
    fn replace(&self, name: &str) {
        std::fs::copy(self.path(name), self.path("copy")).unwrap();
        std::fs::rename(self.path("copy"), self.path(name)).unwrap();
    }
}

#[test]
fn problem_is_logged_once_and_when_it_changes() {
    let watched = Watched::new();
    let (log, _logging) = Log::begin();
    assert!(watched.noticed().is_none());
    assert_eq!(log.take(), "");
    std::fs::rename(watched.path(LOCK), watched.path("moved")).unwrap();
    for line in ["node.lock was removed or replaced", ""] {
        assert!(matches!(watched.noticed(), Some(Now::Nothing)));
        let logged = log.take();
        assert!(logged.contains(line) && logged.is_empty() == line.is_empty(), "{logged}");
    }
    watched.replace("ledger.db-shm");
    for line in ["ledger.db-shm was removed or replaced", ""] {
        assert!(matches!(watched.noticed(), Some(Now::Another)));
        let logged = log.take();
        assert!(logged.contains(line) && logged.is_empty() == line.is_empty(), "{logged}");
    }
}

#[test]
fn lasting_problem_and_its_end_are_logged() {
    let watched = Watched::new();
    let (log, _logging) = Log::begin();
    std::fs::rename(watched.path(LOCK), watched.path("moved")).unwrap();
    watched.noticed().unwrap();
    log.take();
    let earlier = Instant::now().checked_sub(REPEAT_INTERVAL).expect("the machine has been up for a minute");
    watched.state().logged.as_mut().unwrap().1 = earlier;
    watched.noticed().unwrap();
    assert!(log.take().contains("node.lock was removed or replaced"));
    std::fs::rename(watched.path("moved"), watched.path(LOCK)).unwrap();
    assert!(watched.noticed().is_none());
    assert!(log.take().contains("accepting changes again"));
    assert!(watched.noticed().is_none());
    assert_eq!(log.take(), "");
}

#[test]
fn unreachable_directory_is_told_from_a_missing_one() {
    let watched = Watched::new();
    let aside = tempfile::tempdir().unwrap();
    let moved = aside.path().join("data");
    std::fs::rename(watched.directory.path(), &moved).unwrap();
    assert!(matches!(watched.noticed(), Some(Now::Nothing)));
    std::fs::write(watched.directory.path(), "no directory").unwrap();
    assert!(matches!(watched.noticed(), Some(Now::Unreachable(_))));
    std::fs::remove_file(watched.directory.path()).unwrap();
    std::fs::rename(&moved, watched.directory.path()).unwrap();
    assert!(watched.noticed().is_none());
}

#[test]
fn checkpoint_is_safe_with_our_own_shared_memory() {
    let watched = Watched::new();
    assert!(watched.watch.is_log_ours());
    watched.replace("ledger.db-shm");
    assert!(!watched.watch.is_log_ours());
}

#[test]
fn checkpoint_is_not_safe_once_another_program_has_written() {
    let watched = Watched::new();
    assert!(watched.watch.refuse().is_err());
    assert!(!watched.watch.is_log_ours());
    assert!(matches!(watched.noticed(), Some(Now::Changed)));
}

#[test]
fn checkpoint_is_safe_if_the_database_was_only_moved() {
    let watched = Watched::new();
    for name in [DATABASE, "ledger.db-wal", "ledger.db-shm"] {
        std::fs::remove_file(watched.path(name)).unwrap();
    }
    assert!(watched.watch.is_log_ours());
    watched.database.execute_batch("INSERT INTO rows VALUES (1)").unwrap();
}

#[test]
fn thread_notices_without_a_change() {
    let watched = Watched::new();
    std::fs::remove_file(watched.path(LOCK)).unwrap();
    let (_thread, begun) =
        (WatchThread::start(watched.directory.path(), &watched.watch).unwrap(), Instant::now());
    while watched.state().logged.is_none() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(20));
    }
}
