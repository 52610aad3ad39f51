//! Foreign files with the names of the node's own: the node does not block on, follow or truncate them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::harness::durable::{assert_one_line, database};
use crate::harness::launch::Launch;
use crate::harness::node::Node;

/// Files that a node outside the peer-to-peer network opens in its data directory.
const FILES: [&str; 8] = [
    "node.lock",
    "ledger.db",
    "ledger.db-wal",
    "ledger.db-shm",
    "ledger.db-journal",
    "ledger.last",
    "wallet.pem",
    "owner-token",
];

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The folder of a node that ran with its own wallet.
fn used() -> Launch {
    let launch = Launch::usual().without("wallet");
    let launch = launch.file("data/wallet.pem", &crate::harness::made::payments::miner().to_pem());
    let node = launch.start();
    node.mine();
    node.stop();
    launch
}

/// Checks that whatever `put` creates in place of each file is refused in one line that names it.
fn assert_refused(words: &str, put: impl Fn(&Path)) {
    for name in FILES {
        let launch = used();
        let path = launch.folder().join("data").join(name);
        let _ = fs::remove_file(&path);
        put(&path);
        assert_one_line(&launch.end(), &[name, words]);
        assert!(fs::symlink_metadata(&path).is_ok(), "{name} was removed");
    }
}

#[test]
fn named_pipes_are_refused() {
    assert_refused("is a named pipe", fifo);
}

#[test]
fn directories_and_sockets_are_refused() {
    assert_refused("is a directory", |path| fs::create_dir(path).unwrap());
    assert_refused("is a socket", |path| drop(UnixListener::bind(path).unwrap()));
}

#[test]
fn devices_are_refused() {
    let launch = used();
    let path = launch.folder().join("data/node.lock");
    fs::remove_file(&path).unwrap();
    let made = Command::new("mknod").arg(&path).args(["c", "1", "5"]).status();
    if made.is_ok_and(|made| made.success()) {
        assert_one_line(&launch.end(), &["node.lock", "is a device"]);
    }
}

#[test]
fn dangling_links_are_refused() {
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("made by a node");
    assert_refused("is a symbolic link", |path| symlink(&target, path).unwrap());
    assert!(!target.exists());
}

#[test]
fn linked_lock_leaves_its_target_unchanged() {
    let launch = used();
    let (lock, target) = (launch.folder().join("data/node.lock"), launch.folder().join("diary"));
    fs::write(&target, "dear diary").unwrap();
    fs::remove_file(&lock).unwrap();
    symlink(&target, &lock).unwrap();
    assert_one_line(&launch.end(), &["data/node.lock", "is a symbolic link"]);
    fs::remove_file(&lock).unwrap();
    // A hard link is locked like any file, and not truncated.
    fs::hard_link(&target, &lock).unwrap();
    launch.start();
    assert_eq!(fs::read_to_string(target).unwrap(), "dear diary");
}

#[test]
fn pipe_as_default_configuration_is_refused() {
    let launch = Launch::usual().file("config/other.toml", "");
    fifo(&launch.folder().join("config/node.toml"));
    assert_one_line(&launch.end(), &["config/node.toml", "is a named pipe"]);
}

#[test]
fn configured_pipe_is_read() {
    let launch = Launch::usual().without("difficulty").flag("config", "pipe");
    let pipe = launch.folder().join("pipe");
    fifo(&pipe);
    let writer = std::thread::spawn(move || fs::write(pipe, "difficulty = 1\n").unwrap());
    assert!(launch.start().log.find("difficulty 1").is_some());
    writer.join().unwrap();
}

#[test]
fn endless_configuration_is_refused() {
    assert_one_line(
        &Launch::usual().flag("config", "/dev/zero").end(),
        &["/dev/zero", "more than 1048576 bytes"],
    );
}

/// Permissions of group and others.
fn of_others(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o077
}

/// Checks that only the owner can read a running node's directory.
fn assert_private(directory: &Path) {
    assert_eq!(of_others(directory), 0, "{}", directory.display());
    for file in fs::read_dir(directory).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(of_others(&file), 0, "{}", file.display());
    }
}

#[test]
fn new_data_directory_is_private() {
    let launch = Launch::bare().flag("port", "0").flag("difficulty", "1").flag("data-dir", "some/where/data");
    let node = launch.start();
    node.mine();
    assert_private(&launch.folder().join("some/where/data"));
    let other = launch.folder().join("other");
    fs::create_dir(&other).unwrap();
    assert_eq!(
        of_others(&launch.folder().join("some/where")),
        of_others(&other),
        "parents get the default permissions"
    );
    assert!(!node.stop().stderr.iter().any(|line| line.contains("WARN")));
}

/// The files that git would add in a node's folder.
fn added(launch: &Launch) -> Vec<String> {
    let git = |arguments: &[&str]| {
        let done = Command::new("git").args(arguments).current_dir(launch.folder()).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    git(&["ls-files", "--others", "--exclude-standard"]).lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs git"]
fn git_ignores_the_wallet() {
    let bare = || Launch::bare().flag("port", "0").flag("difficulty", "1");
    let made = bare().flag("data-dir", "some/where/data");
    made.start();
    let empty = bare();
    fs::create_dir(empty.folder().join("data")).unwrap();
    empty.start();
    for launch in [made, empty] {
        assert_eq!(added(&launch), [""; 0]);
    }
    // A directory with other files is left alone.
    let own = bare().file("data/diary", "dear diary");
    own.start();
    assert!(!own.folder().join("data/.gitignore").exists());
}

#[test]
fn in_memory_directory_is_private() {
    let node = Launch::bare().without("data-dir").flag("port", "0").argument("--in-memory").start();
    let databases = node.open_files().into_iter().filter(|file| file.ends_with("ledger.db"));
    let directories: Vec<PathBuf> = databases.map(|file| file.parent().unwrap().to_owned()).collect();
    assert!(!directories.is_empty());
    directories.iter().for_each(|directory| assert_private(directory));
    node.stop();
}

#[test]
fn readable_data_directory_is_reported_once() {
    let launch = used();
    fs::set_permissions(launch.folder().join("data"), fs::Permissions::from_mode(0o755)).unwrap();
    let ended = launch.start().stop();
    let warnings: Vec<_> = ended.stderr.iter().filter(|line| line.contains("WARN")).collect();
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert!(
        warning.contains("the data directory data can be read by others; run: chmod 700 data"),
        "{warning}"
    );
}

#[test]
fn export_has_default_permissions() {
    let launch = used();
    assert_eq!(launch.clone().argument("export").argument("backup.json").end().code, Some(0));
    let usual = launch.folder().join("usual");
    fs::write(&usual, "").unwrap();
    assert_eq!(of_others(&launch.folder().join("backup.json")), of_others(&usual));
}

/// An old in-memory directory of a killed node. Dropping the value removes it.
struct Abandoned(PathBuf);

impl Abandoned {
    fn named(name: &str) -> Self {
        let path = PathBuf::from(format!("/dev/shm/ledger-node-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        let lock = fs::File::create(path.join("node.lock")).unwrap();
        lock.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
        Self(path)
    }
}

impl Drop for Abandoned {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn start_in_memory() -> Node {
    Launch::bare().without("data-dir").flag("port", "0").argument("--in-memory").start()
}

#[test]
fn only_abandoned_directories_are_removed() {
    let abandoned = Abandoned::named("test-abandoned");
    let (piped, foreign, linked) =
        (Abandoned::named("test-pipe"), Abandoned::named("test-foreign"), Abandoned::named("test-target"));
    fs::remove_file(piped.0.join("node.lock")).unwrap();
    fifo(&piped.0.join("node.lock"));
    let is_foreign = std::os::unix::fs::chown(&foreign.0, Some(12_345), None).is_ok();
    // A link to a directory that looks abandoned, outside the searched one.
    let elsewhere = tempfile::tempdir().unwrap();
    let target = elsewhere.path().join("target");
    fs::rename(&linked.0, &target).unwrap_or_else(|_| {
        fs::create_dir(&target).unwrap();
        fs::copy(linked.0.join("node.lock"), target.join("node.lock")).unwrap();
        fs::remove_dir_all(&linked.0).unwrap();
    });
    let lock = fs::File::options().write(true).open(target.join("node.lock")).unwrap();
    lock.set_modified(SystemTime::now() - Duration::from_secs(3600)).unwrap();
    symlink(&target, &linked.0).unwrap();

    start_in_memory().stop();
    assert!(!abandoned.0.exists());
    assert!(piped.0.exists());
    assert!(foreign.0.exists() || !is_foreign);
    assert!(target.join("node.lock").exists() && linked.0.is_symlink());
}

#[test]
fn refused_database_makes_no_wallet() {
    let launch = Launch::usual().without("wallet").file("data/ledger.db", "dear diary");
    assert_one_line(&launch.end(), &["ledger.db is not a ledger of this program"]);
    assert!(!launch.folder().join("data/wallet.pem").exists());
}

#[test]
fn refused_wallet_makes_no_ledger() {
    let launch = Launch::usual().without("wallet").file("data/wallet.pem", "no key");
    assert_one_line(&launch.end(), &["wallet.pem is not usable"]);
    assert!(!database(&launch).exists());
}
