//! A database and write-ahead log that were copied, restored or removed by hand. Files that do not belong together are
//! refused, and the refusal changes none of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::Connection;

use crate::harness::durable::{assert_one_line, database, open};
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// Content and modification time of each file in a directory.
pub(crate) type Files = BTreeMap<PathBuf, (Vec<u8>, SystemTime)>;

pub(crate) fn files(directory: &Path) -> Files {
    let read = |entry: fs::DirEntry| {
        let path = entry.path();
        (path.clone(), (fs::read(&path).unwrap(), entry.metadata().unwrap().modified().unwrap()))
    };
    fs::read_dir(directory).unwrap().map(|entry| read(entry.unwrap())).collect()
}

pub(crate) fn data(launch: &Launch) -> PathBuf {
    launch.folder().join("data")
}

pub(crate) fn beside(launch: &Launch, suffix: &str) -> PathBuf {
    data(launch).join(format!("ledger.db{suffix}"))
}

/// Checks that a start and the commands fail with these words and change no file.
pub(crate) fn assert_refused(launch: &Launch, words: &[&str]) {
    let before = files(&data(launch));
    assert_one_line(&launch.end(), words);
    for command in ["verify", "export"] {
        assert_one_line(&launch.clone().argument(command).end(), words);
    }
    let import = launch.clone().argument("import").argument("no-such-file.json");
    assert_eq!(import.end().code, Some(1));
    assert!(files(&data(launch)) == before, "a file has changed");
}

/// A node with three blocks and a waiting payment.
pub(crate) fn busy() -> Node {
    let node = Node::start();
    (0..2).for_each(|_| drop(node.mine()));
    node.accept(&pay("bob", "5"));
    node
}

/// Kills a node once `ledger.last` has its last change. Returns its folder.
pub(crate) fn killed(node: Node) -> Launch {
    let launch = node.launch.clone();
    eventually("the last change is recorded", || is_recorded(&node));
    node.signal("KILL");
    node.ended();
    launch
}

/// Whether `ledger.last` has the last block, and payments if some wait. The node writes it right after its answer.
fn is_recorded(node: &Node) -> bool {
    let recorded = fs::read(beside(&node.launch, "").with_file_name("ledger.last")).unwrap();
    let Ok(recorded) = serde_json::from_slice::<serde_json::Value>(&recorded) else { return false };
    let has_payments = recorded["pool"].as_i64().is_some_and(|last| last > i64::MIN);
    recorded["height"] == node.chain().len() && has_payments != node.pool().is_empty()
}

/// A new folder with copies of some database files.
pub(crate) fn copied(launch: &Launch, suffixes: &[&str]) -> Launch {
    let copy = Launch::usual();
    fs::create_dir(data(&copy)).unwrap();
    for suffix in suffixes {
        fs::copy(beside(launch, suffix), beside(&copy, suffix)).unwrap();
    }
    copy
}

pub(crate) const LOST: [&str; 3] = ["ledger.db-wal", "which is missing", "--accept-missing-log"];

const FOREIGN: [&str; 3] = ["ledger.db-wal", "belongs to another ledger.db", "move ledger.db-wal away"];

#[test]
fn copy_without_its_log_is_refused() {
    let node = busy();
    let copy = copied(&node.launch, &[""]);
    assert_refused(&copy, &LOST);
    // Shared memory alone or an empty log does not help.
    assert_refused(&copied(&node.launch, &["", "-shm"]), &LOST);
    fs::write(beside(&copy, "-wal"), "").unwrap();
    assert_refused(&copy, &LOST);
}

#[test]
fn accept_missing_log_starts_without_the_log() {
    let node = busy();
    let copy = copied(&node.launch, &[""]);
    let with_flag = copy.clone().argument("--accept-missing-log");
    assert_eq!(with_flag.clone().argument("verify").end().code, Some(0));
    assert_eq!(with_flag.clone().argument("export").argument("backup.json").end().code, Some(0));
    let node = with_flag.start();
    node.mine();
    assert_eq!(node.stop().code, Some(0));
    assert_eq!(copy.start().chain().len(), 2, "the flag is needed only once");
}

#[test]
fn log_removed_after_a_kill_is_noticed() {
    let launch = killed(busy());
    fs::remove_file(beside(&launch, "-wal")).unwrap();
    assert_refused(&launch, &LOST);
    fs::remove_file(beside(&launch, "-shm")).unwrap();
    assert_refused(&launch, &LOST);
}

#[test]
fn log_checkpointed_by_another_program_is_no_loss() {
    let launch = killed(busy());
    open(&launch).query_row("SELECT count(*) FROM blocks", [], |_| Ok(())).unwrap();
    assert!(!beside(&launch, "-wal").exists(), "SQLite checkpoints the log when the last connection closes");
    let node = launch.start();
    assert_eq!((node.chain().len(), node.pool().len()), (3, 1));
}

#[test]
fn commands_leave_a_killed_nodes_log() {
    let launch = killed(busy());
    for command in ["verify", "export"] {
        assert_eq!(launch.clone().argument(command).end().code, Some(0));
        assert!(fs::metadata(beside(&launch, "-wal")).unwrap().len() > 0);
    }
    assert_eq!(launch.start().pool().len(), 1);
}

#[test]
fn database_and_log_copied_together_start() {
    let node = busy();
    for suffixes in [["", "-wal"].as_slice(), &["", "-wal", "-shm"]] {
        let copy = copied(&node.launch, suffixes).start();
        assert_eq!((copy.chain(), copy.pool().len()), (node.chain(), 1));
    }
}

#[test]
fn sqlite_backups_of_a_running_node_start() {
    let node = busy();
    let copy = Launch::usual().file("data/empty", "");
    let path = database(&copy).to_str().unwrap().to_owned();
    open(&node.launch).execute("VACUUM INTO ?1", [path]).unwrap();
    assert_eq!(copy.start().chain(), node.chain());
    let copy = Launch::usual().file("data/empty", "");
    back_up(&open(&node.launch), &database(&copy));
    // Like the second nightly backup over the first.
    back_up(&open(&node.launch), &database(&copy));
    let copy = copy.start();
    assert_eq!((copy.chain(), copy.pool().len()), (node.chain(), 1));
}

/// Like `.backup` of the `sqlite3` shell.
fn back_up(source: &Connection, to: &Path) {
    let mut target = Connection::open(to).unwrap();
    let backup = rusqlite::backup::Backup::new(source, &mut target).unwrap();
    backup.run_to_completion(1000, std::time::Duration::ZERO, None).unwrap();
}

#[test]
fn stopped_node_is_one_file() {
    let node = busy();
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    let copy = copied(&launch, &[""]);
    let names: Vec<_> =
        files(&data(&launch)).into_keys().filter(|path| path.to_str().unwrap().contains("ledger")).collect();
    assert_eq!(names, [database(&launch)]);
    for command in ["verify", "export"] {
        assert_eq!(copy.clone().argument(command).end().code, Some(0));
    }
    assert_eq!(files(&data(&copy)).len(), 1, "reading creates no file");
    assert_eq!(copy.start().pool().len(), 1);
}

#[test]
fn backup_beside_a_killed_nodes_log_is_refused() {
    let node = busy();
    let launch = node.launch.clone();
    node.stop();
    let backup = fs::read(database(&launch)).unwrap();
    let node = launch.start();
    node.mine();
    let launch = killed(node);
    fs::write(database(&launch), &backup).unwrap();
    assert_refused(&launch, &FOREIGN);
    fs::remove_file(beside(&launch, "-wal")).unwrap();
    assert_eq!(launch.start().chain().len(), 3, "following the refusal's advice starts the backup");
}

#[test]
fn other_databases_beside_a_log_are_refused() {
    let launch = killed(busy());
    let log = fs::read(beside(&launch, "-wal")).unwrap();
    let other = killed(busy());
    let fresh = Launch::usual();
    fresh.start().stop();
    for database_of in [&other, &fresh] {
        let mixed = copied(database_of, &[""]);
        fs::write(beside(&mixed, "-wal"), &log).unwrap();
        assert_refused(&mixed, &FOREIGN);
    }
}

#[test]
fn invalid_log_is_refused() {
    for content in ["dear diary\n".repeat(100), "\0".repeat(4096)] {
        let launch = killed(busy());
        fs::write(beside(&launch, "-wal"), content).unwrap();
        assert_refused(&launch, &FOREIGN);
    }
}

#[test]
fn early_copy_beside_a_later_log_is_refused() {
    let node = busy();
    let early = fs::read(database(&node.launch)).unwrap();
    // The log restarts after each complete checkpoint.
    let checkpoint =
        || open(&node.launch).query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
    for _ in 0..4 {
        node.mine();
        checkpoint();
        node.accept(&pay("carol", "1"));
    }
    let launch = killed(node);
    fs::write(database(&launch), early).unwrap();
    assert_refused(&launch, &FOREIGN);
}

#[test]
fn often_restarted_log_matches_its_database() {
    let mut launch = Launch::usual();
    for round in 0..3 {
        let node = launch.start();
        for _ in 0..3 {
            node.mine();
            open(&node.launch).query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).unwrap();
        }
        assert_eq!(node.chain().len(), 1 + 3 * (round + 1));
        launch = killed(node);
    }
    assert_eq!(launch.start().chain().len(), 10);
}

const CUT: [&str; 3] = ["lacks its node's last changes", "block 3", "--accept-missing-log"];

#[test]
fn truncated_log_is_noticed() {
    let launch = killed(busy());
    let log = fs::read(beside(&launch, "-wal")).unwrap();
    // Half of the log, and all but its last byte.
    for left in [log.len() / 2, log.len() - 1] {
        fs::write(beside(&launch, "-wal"), &log[..left]).unwrap();
        for command in ["verify", "export"] {
            assert_one_line(&launch.clone().argument(command).end(), &CUT);
        }
        assert_one_line(&launch.end(), &CUT);
        assert_eq!(fs::read(beside(&launch, "-wal")).unwrap(), log[..left], "the log is unchanged");
    }
    fs::write(beside(&launch, "-wal"), &log).unwrap();
    assert_eq!(launch.start().pool().len(), 1, "the restored log is accepted");
}

#[test]
fn older_log_is_refused_without_the_flag() {
    let node = busy();
    let early = copied(&node.launch, &["", "-wal"]);
    (0..2).for_each(|_| drop(node.mine()));
    let launch = killed(node);
    for suffix in ["", "-wal"] {
        fs::copy(beside(&early, suffix), beside(&launch, suffix)).unwrap();
    }
    assert_one_line(&launch.end(), &["lacks its node's last changes", "block 5"]);
    assert_eq!(launch.clone().argument("--accept-missing-log").start().chain().len(), 3);
    assert_eq!(launch.start().chain().len(), 3, "the flag is needed only once");
}
