//! Checkpoints of a real log, with and without a reader that holds it.

use tempfile::TempDir;

use super::*;
use crate::telemetry::testing::Log;

/// Ends a test that hangs.
const LONG: Duration = Duration::from_secs(60);

/// The bytes of a page.
const PAGE: u64 = 32_768;

/// A database in WAL mode with a table of one-page rows.
struct Database {
    directory: TempDir,
    connection: Connection,
}

impl Database {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(names::database(directory.path())).unwrap();
        connection.pragma_update(None, "page_size", PAGE).unwrap();
        connection.pragma_update(None, "journal_mode", "wal").unwrap();
        connection.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        connection.execute_batch("CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT)").unwrap();
        let database = Self { directory, connection };
        database.commit();
        database.checkpointer().checkpoint();
        database
    }

    /// Commits a change of one page.
    fn commit(&self) {
        self.connection.execute("INSERT OR REPLACE INTO rows VALUES (1, random())", []).unwrap();
    }

    fn checkpointer(&self) -> Checkpointer {
        Checkpointer {
            database: names::database(self.directory.path()),
            nearly_done: Arc::default(),
            restarts: Arc::default(),
            readers: Arc::default(),
            watch: Arc::default(),
        }
    }

    /// A reader of the current state.
    fn reader(&self) -> Connection {
        let reader = Connection::open(names::database(self.directory.path())).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM rows").unwrap();
        reader
    }

    /// The row in the database's file, without its log.
    fn in_file(&self) -> i64 {
        let copy = self.directory.path().join("copy.db");
        std::fs::copy(names::database(self.directory.path()), &copy).unwrap();
        let uri = format!("file:{}?immutable=1", copy.display());
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        row(&Connection::open_with_flags(uri, flags).unwrap())
    }

    /// Whether all commits are in the database's file.
    fn is_checkpointed(&self) -> bool {
        self.in_file() == row(&self.connection)
    }
}

fn row(connection: &Connection) -> i64 {
    connection.query_row("SELECT text FROM rows", [], |row| row.get::<_, String>(0)).unwrap().parse().unwrap()
}

fn is_nearly_done(log: &Checkpointer) -> bool {
    log.nearly_done.load(Ordering::Relaxed)
}

#[test]
fn checkpoint_copies_what_readers_allow() {
    let database = Database::new();
    let log = database.checkpointer();
    database.commit();
    assert!(!database.is_checkpointed());
    assert_eq!(log.checkpoint(), 0);
    assert!(database.is_checkpointed());
    let reader = database.reader();
    (0..3).for_each(|_| database.commit());
    assert_eq!(log.checkpoint(), 3 * PAGE);
    drop(reader);
    assert_eq!(log.checkpoint(), 0);
    assert!(database.is_checkpointed());
}

#[test]
fn checkpoint_without_readers_waits_for_other_programs() {
    let database = Database::new();
    let log = database.checkpointer();
    database.commit();
    assert_eq!(log.checkpoint_without_readers(), 0);
    assert!(database.is_checkpointed() && !is_nearly_done(&log));
    let (_reader, begun) = (database.reader(), Instant::now());
    (0..3).for_each(|_| database.commit());
    assert_eq!(log.checkpoint_without_readers(), 3 * PAGE);
    assert!(begun.elapsed() >= READER_PAUSE && is_nearly_done(&log));
    log.readers.acquire(Duration::ZERO).unwrap();
}

#[test]
fn restart_of_the_log_ends_the_wait_for_readers() {
    let database = Database::new();
    let log = database.checkpointer();
    let _reader = database.reader();
    database.commit();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_nearly_done(&log) {
                std::thread::yield_now();
            }
            log.restarts.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(log.checkpoint_without_readers(), 0);
    });
}

#[test]
fn warning_names_the_log_and_its_size() {
    let database = Database::new();
    let log = database.checkpointer();
    let path = format!("{}-wal", log.database.display());
    OpenOptions::new().write(true).open(&path).unwrap().set_len(3 << 20).unwrap();
    let (lines, _logging) = Log::begin();
    log.warn_of_reader();
    assert!(lines.take().contains(&format!("{path} keeps growing (3 MiB): another program")));
}

/// Wakes the thread for each load, and waits for its end. Returns whether it set `nearly_done`.
fn run(database: &Database, loads: &[Load], readers: &Arc<ReadPermits>) -> bool {
    let log = Checkpointer { readers: Arc::clone(readers), ..database.checkpointer() };
    let nearly_done = Arc::clone(&log.nearly_done);
    let (wake, thread) = start(database.directory.path(), log).unwrap();
    loads.iter().for_each(|load| wake.send(*load).unwrap());
    drop(wake);
    thread.join().unwrap();
    nearly_done.load(Ordering::Relaxed)
}

#[test]
fn steady_load_is_checkpointed_at_once() {
    let (database, readers) = (Database::new(), Arc::default());
    database.commit();
    assert!(run(&database, &[Load::Steady], &readers));
    assert!(database.is_checkpointed());
}

#[test]
fn thread_ends_with_the_writer_after_a_burst() {
    let (database, readers) = (Database::new(), Arc::default());
    database.commit();
    assert!(!run(&database, &[Load::Bursty], &readers));
    assert!(!database.is_checkpointed(), "the last close checkpoints the log");
}

#[test]
fn burst_is_checkpointed_once_the_writer_is_idle() {
    let database = Database::new();
    database.commit();
    let log = database.checkpointer();
    let (nearly_done, begun) = (Arc::clone(&log.nearly_done), Instant::now());
    let (wake, thread) = start(database.directory.path(), log).unwrap();
    wake.send(Load::Bursty).unwrap();
    while !database.is_checkpointed() {
        assert!(begun.elapsed() < LONG);
        std::thread::sleep(RETRY_INTERVAL);
    }
    assert!(begun.elapsed() >= IDLE);
    drop(wake);
    thread.join().unwrap();
    assert!(!nearly_done.load(Ordering::Relaxed), "large commits may follow");
}

#[test]
fn readers_are_not_paused_for_an_unblocked_log() {
    let (database, readers) = (Database::new(), Arc::<ReadPermits>::default());
    let (_permit, begun) = (readers.acquire(LONG).unwrap(), Instant::now());
    database.commit();
    run(&database, &[Load::Steady], &readers);
    assert!(begun.elapsed() < READER_PAUSE);
}

#[test]
fn blocked_log_pauses_readers_once() {
    let (database, readers) = (Database::new(), Arc::default());
    let _reader = database.reader();
    (0..WRITER_FROM / PAGE).for_each(|_| database.commit());
    let begun = Instant::now();
    assert!(!run(&database, &[Load::Steady; 3], &readers), "the writer would copy too much");
    // A pause for each load would take three times as long. A busy machine makes one longer.
    assert!((READER_PAUSE..3 * READER_PAUSE).contains(&begun.elapsed()), "{:?}", begun.elapsed());
}

#[test]
fn writer_checkpoints_small_commits_until_the_hook_is_detached() {
    let mut database = Database::new();
    let readers = Arc::<ReadPermits>::default();
    let path = database.directory.path().to_owned();
    let watch = Arc::default();
    let thread = attach(&mut database.connection, &path, Arc::clone(&readers), watch).unwrap();
    // The log restarts with the first commit.
    for _ in 1..WRITER_FROM / PAGE {
        database.commit();
        assert!(!database.is_checkpointed());
    }
    database.commit();
    assert!(database.is_checkpointed());
    detach(&mut database.connection, thread);
    assert_eq!(Arc::strong_count(&readers), 1, "the thread has ended");
    for _ in 0..=WRITER_FROM / PAGE {
        database.commit();
        assert!(!database.is_checkpointed());
    }
}

#[test]
fn lasting_reader_is_warned_of_once() {
    let database = Database::new();
    let (log, mut blocked_at) = (database.checkpointer(), None);
    let (lines, _logging) = Log::begin();
    database.commit();
    log.work_off(Load::Steady, &mut blocked_at);
    assert_eq!((lines.take().as_str(), blocked_at), ("", None));
    // A reader that ends during the pause.
    log.nearly_done.store(false, Ordering::Relaxed);
    let reader = database.reader();
    database.commit();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_nearly_done(&log) {
                std::thread::yield_now();
            }
            drop(reader);
        });
        log.work_off(Load::Steady, &mut blocked_at);
    });
    assert_eq!((lines.take().as_str(), blocked_at), ("", None));
    let _reader = database.reader();
    database.commit();
    for warnings in [1, 0] {
        log.work_off(Load::Steady, &mut blocked_at);
        assert_eq!(lines.take().matches("keeps growing").count(), warnings);
    }
}
