//! A data directory is removed, moved or replaced under a running node. The node refuses changes at once, since no
//! restart would find them, and its chain can still be saved.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::durable::{database, error, run};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::small_disk::SmallDisk;

const REFUSAL: &str = "the node's files were moved, removed or replaced while it was running, so it accepts no changes; its log \
    says which, and what to do";

/// A node with three blocks and a waiting payment.
fn node() -> Node {
    let node = Launch::usual().start();
    (0..2).for_each(|_| drop(node.mine()));
    node.accept(&pay("bob", "5"));
    node
}

fn data(launch: &Launch) -> PathBuf {
    launch.folder().join("data")
}

/// Checks that changes are refused, the log names the file, and reads still work.
fn assert_refuses_changes(node: &Node, file: &str) {
    let state = node.state();
    node.get("/mine").assert_says(503, REFUSAL);
    node.submit(&pay("carol", "5")).assert_says(503, REFUSAL);
    node.register(&["127.0.0.1:1"]).assert_says(503, REFUSAL);
    assert_eq!(node.state(), state);
    let path = data(&node.launch).join(file);
    let line = node.log.find("accepts no more changes").unwrap();
    assert!(line.contains("ERROR") && line.contains(path.to_str().unwrap()), "{line}");
}

/// Path and content of each file in a directory.
fn contents(directory: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// A directory with another chain, like a backup of a stopped node.
fn backup() -> Launch {
    let node = Launch::usual().start();
    node.mine();
    let launch = node.launch.clone();
    assert_eq!(node.stop().code, Some(0));
    launch
}

#[test]
fn chain_of_a_removed_directory_can_be_saved() {
    let node = node();
    fs::remove_dir_all(data(&node.launch)).unwrap();
    assert_refuses_changes(&node, "ledger.db");
    let (chain, launch) = (node.get("/chain").text, node.launch.clone());
    assert_eq!(node.stop().code, Some(0));
    assert!(!data(&launch).exists());
    let flags = ["--data-dir", "data", "--difficulty", "2", "import"];
    let output = run(launch.folder(), &flags, chain.as_bytes());
    assert!(output.status.success(), "{}", error(&output));
    assert_eq!(launch.start().get("/chain").text, chain);
}

#[test]
fn loss_is_logged_without_a_request() {
    let node = node();
    fs::remove_file(database(&node.launch)).unwrap();
    assert!(node.log.find("ledger.db was removed or moved while the node was running").is_some());
}

#[test]
fn directory_moved_back_is_used_again() {
    let node = node();
    let (here, there) = (data(&node.launch), node.launch.folder().join("elsewhere"));
    fs::rename(&here, &there).unwrap();
    assert_refuses_changes(&node, "ledger.db");
    fs::rename(&there, &here).unwrap();
    node.accept(&pay("dora", "5"));
    assert_eq!(node.mine()["index"], 4);
    assert!(node.log.find("accepting changes again").is_some());
    let (state, launch) = (node.state(), node.launch.clone());
    node.stop();
    assert_eq!(launch.start().state(), state);
}

#[test]
fn moved_directory_keeps_everything_acknowledged() {
    let node = node();
    let there = node.launch.folder().join("elsewhere");
    fs::rename(data(&node.launch), &there).unwrap();
    assert_refuses_changes(&node, "ledger.db");
    let (state, launch) = (node.state(), node.launch.clone());
    node.stop();
    assert_eq!(launch.flag("data-dir", "elsewhere").start().state(), state);
}

#[test]
fn restored_database_is_left_unchanged() {
    let (node, backup) = (node(), backup());
    fs::rename(database(&backup), database(&node.launch)).unwrap();
    let restored = fs::read(database(&node.launch)).unwrap();
    assert_refuses_changes(&node, "ledger.db");
    assert_eq!(node.chain().len(), 3, "it still serves its own chain");
    let launch = node.launch.clone();
    node.stop();
    assert!(fs::read(database(&launch)).unwrap() == restored, "the restored file has changed");
    // As the log advises.
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        fs::remove_file(data(&launch).join(name)).unwrap();
    }
    assert_eq!(launch.start().chain().len(), 2);
}

#[test]
fn overwritten_database_is_left_unchanged() {
    for way in ["cp \"$1\" \"$2\"", "cat \"$1\" > \"$2\"", "cp --preserve \"$1\" \"$2\"", ": > \"$2\""] {
        let (node, backup) = (node(), backup());
        let _folder = node.launch.clone();
        let files = [database(&backup), database(&node.launch)];
        let written = Command::new("sh").args(["-c", way, "sh"]).args(&files).status().unwrap();
        assert!(written.success());
        let restored = fs::read(&files[1]).unwrap();
        node.get("/mine").assert_says(503, REFUSAL);
        assert!(node.log.find("ledger.db was overwritten by another program").is_some(), "{way}");
        assert_eq!(node.stop().code, Some(0));
        assert!(fs::read(&files[1]).unwrap() == restored, "{way}: the restored file has changed");
    }
}

#[test]
fn emptied_log_is_noticed() {
    let node = node();
    let log = fs::File::options().write(true).open(data(&node.launch).join("ledger.db-wal")).unwrap();
    log.set_len(0).unwrap();
    node.get("/mine").assert_says(503, REFUSAL);
    assert!(node.log.find("ledger.db-wal was overwritten by another program").is_some());
}

#[test]
fn checkpoint_by_another_program_is_no_loss() {
    let node = node();
    for mode in ["PASSIVE", "FULL", "RESTART", "TRUNCATE"] {
        let other = crate::harness::durable::open(&node.launch);
        other.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(())).unwrap();
        node.mine();
        node.accept(&pay(mode, "5"));
    }
    let (state, launch) = (node.state(), node.launch.clone());
    node.stop();
    assert_eq!(launch.start().state(), state);
}

#[test]
fn restored_directory_is_left_unchanged() {
    let (node, backup) = (node(), backup());
    // Make it the backup of a killed node, with a log of its own.
    let killed = backup.start();
    killed.mine();
    killed.signal("KILL");
    killed.ended();
    fs::remove_dir_all(data(&node.launch)).unwrap();
    fs::rename(data(&backup), data(&node.launch)).unwrap();
    let restored = contents(&data(&node.launch));
    assert_refuses_changes(&node, "ledger.db");
    let launch = node.launch.clone();
    node.stop();
    assert!(contents(&data(&launch)) == restored, "a restored file has changed");
    assert_eq!(launch.start().chain().len(), 3);
}

#[test]
fn redirected_link_is_noticed() {
    let (first, second) = (backup(), backup());
    let launch = Launch::usual();
    let link = |target: &Launch| {
        let _ = fs::remove_file(data(&launch));
        std::os::unix::fs::symlink(data(target), data(&launch)).unwrap();
    };
    link(&first);
    let node = launch.start();
    node.mine();
    link(&second);
    assert_refuses_changes(&node, "ledger.db");
    link(&first);
    assert_eq!(node.mine()["index"], 4);
}

#[test]
fn removed_log_is_saved_at_the_stop() {
    for name in ["ledger.db-wal", "ledger.db-shm"] {
        let node = node();
        fs::remove_file(data(&node.launch).join(name)).unwrap();
        assert_refuses_changes(&node, name);
        let (chain, launch) = (node.chain(), node.launch.clone());
        node.stop();
        let database = rusqlite::Connection::open(database(&launch)).unwrap();
        let blocks: usize = database.query_row("SELECT count(*) FROM blocks", [], |row| row.get(0)).unwrap();
        assert_eq!(blocks, chain.len(), "{name}");
    }
}

#[test]
fn removed_lock_is_noticed() {
    let node = node();
    fs::remove_file(data(&node.launch).join("node.lock")).unwrap();
    assert_refuses_changes(&node, "node.lock");
    let (state, launch) = (node.state(), node.launch.clone());
    node.stop();
    assert_eq!(launch.start().state(), state);
}

#[test]
fn moved_working_directory_works() {
    let launch = Launch::usual().flag("data-dir", "data");
    let node = launch.start();
    let (here, there) = (launch.folder().to_owned(), launch.folder().with_extension("moved"));
    fs::rename(&here, &there).unwrap();
    assert_eq!(node.mine()["index"], 2);
    fs::rename(&there, &here).unwrap();
    node.stop();
    assert_eq!(launch.start().chain().len(), 2);
}

#[test]
#[ignore = "needs git"]
fn git_clean_is_noticed() {
    let launch = Launch::usual();
    let git = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(launch.folder()).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}");
    };
    git(&["init", "--quiet"]);
    let node = launch.start();
    node.mine();
    git(&["clean", "-ffdxq"]);
    assert_refuses_changes(&node, "ledger.db");
}

#[test]
#[ignore = "needs unshare"]
fn unmounted_file_system_is_noticed() {
    for script in ["umount --lazy data", "mount -t tmpfs tmpfs data"] {
        let disk = SmallDisk::of("4m");
        let node = disk.start();
        node.mine();
        disk.shell(script);
        assert_refuses_changes(&node, "ledger.db");
        assert_eq!(node.chain().len(), 2, "{script}");
        assert_eq!(node.stop().code, Some(0));
    }
}
