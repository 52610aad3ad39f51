//! Unusable folders and files: each is refused with one line and left unchanged.

#[cfg(target_os = "linux")]
use std::process::{Command, Output};

use crate::harness::durable::{assert_one_line, database, error, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// A folder with these bytes as its database.
fn with_database(bytes: &[u8]) -> Launch {
    let launch = Launch::usual().file("data/ledger.db", "");
    std::fs::write(database(&launch), bytes).unwrap();
    launch
}

/// The folder of a stopped node.
fn used(launch: Launch) -> Launch {
    let node = launch.start();
    (0..3).for_each(|_| drop(node.mine()));
    node.stop();
    // Checkpoint the log, or pages that a test damages would still be read from it.
    let connection = rusqlite::Connection::open(database(&launch)).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    launch
}

/// Checks that a start and the commands fail, and leave the database unchanged.
fn assert_refused(launch: &Launch, words: &[&str]) {
    let before = std::fs::read(database(launch)).unwrap();
    assert_one_line(&launch.end(), words);
    assert_one_line(&launch.clone().argument("verify").end(), words);
    assert_one_line(&launch.clone().argument("export").end(), words);
    assert!(std::fs::read(database(launch)).unwrap() == before, "the file has changed");
}

#[test]
fn text_file_is_refused() {
    let words = ["ledger.db is not a ledger of this program", "--data-dir"];
    assert_refused(&with_database(b"dear diary"), &words);
    assert_refused(&with_database("dear diary\n".repeat(10_000).as_bytes()), &words);
}

#[test]
fn another_programs_database_is_refused() {
    let launch = with_database(b"");
    open(&launch)
        .execute_batch("CREATE TABLE contacts (name TEXT); INSERT INTO contacts VALUES ('Zoë')")
        .unwrap();
    assert_refused(&launch, &["ledger.db is not a ledger of this program", "--data-dir"]);
    let launch = with_database(b"");
    open(&launch).pragma_update(None, "application_id", 7).unwrap();
    assert_refused(&launch, &["ledger.db is not a ledger of this program", "--data-dir"]);
}

#[test]
fn newer_layout_is_left_unchanged() {
    let launch = used(Launch::usual());
    open(&launch).pragma_update(None, "user_version", 99).unwrap();
    assert_refused(&launch, &["ledger.db has layout 99", "use a newer program"]);
}

#[test]
fn truncated_database_is_damaged() {
    let launch = used(Launch::usual());
    let bytes = std::fs::read(database(&launch)).unwrap();
    for length in [bytes.len() - 65_536, bytes.len() / 2, 80_000] {
        std::fs::write(database(&launch), &bytes[..length]).unwrap();
        assert_refused(&launch, &["ledger.db is damaged"]);
    }
}

#[test]
fn overwritten_database_is_damaged() {
    let launch = used(Launch::usual());
    let mut bytes = std::fs::read(database(&launch)).unwrap();
    bytes[65_536..].fill(0xa5);
    std::fs::write(database(&launch), bytes).unwrap();
    assert_refused(&launch, &["ledger.db is damaged"]);
}

#[test]
fn emptied_database_is_not_a_new_ledger() {
    let words = ["ledger.db in data is empty", "node import FILE", "remove ledger.db"];
    assert_refused(&with_database(b""), &words);
    let launch = used(Launch::usual().file("data/wallet.pem", &miner_pem()));
    std::fs::write(database(&launch), "").unwrap();
    assert_refused(&launch, &words);
    std::fs::write(launch.folder().join("data/ledger.db-wal"), "").unwrap();
    assert_refused(&launch, &words);
}

#[test]
fn database_without_blocks_is_not_a_new_ledger() {
    let launch = used(Launch::usual());
    open(&launch).execute_batch("DELETE FROM blocks; DELETE FROM payments").unwrap();
    assert_one_line(&launch.end(), &["ledger.db in data holds no block", "node import FILE"]);
}

#[test]
fn log_without_its_database_is_kept() {
    for name in ["ledger.db-wal", "ledger.db-journal"] {
        let launch = used(Launch::usual()).file(&format!("data/{name}"), "the last changes");
        std::fs::remove_file(database(&launch)).unwrap();
        assert_one_line(&launch.end(), &[name, "without its ledger.db", "put ledger.db back", "move"]);
        assert!(!database(&launch).exists());
        assert_eq!(std::fs::read(launch.folder().join("data").join(name)).unwrap(), b"the last changes");
        std::fs::remove_file(launch.folder().join("data").join(name)).unwrap();
        assert_eq!(launch.start().chain().len(), 1, "following the refusal's advice starts a new chain");
    }
}

#[test]
fn killed_first_start_does_no_harm() {
    let launch = Launch::usual().file("data/ledger.db.new", "half a database");
    assert_eq!(launch.start().chain().len(), 1);
    assert!(!launch.folder().join("data/ledger.db.new").exists());
}

#[test]
fn refusal_leaves_a_killed_nodes_log() {
    let launch = used(Launch::usual());
    let node = launch.start();
    node.mine();
    node.signal("KILL");
    node.ended();
    // Changes the newest block, which only the log has.
    let connection = open(&launch);
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
    connection
        .execute("UPDATE blocks SET text = replace(text, ': 1,', ': 2,') WHERE height = 3", [])
        .unwrap();
    drop(connection);
    let files = ["ledger.db", "ledger.db-wal"].map(|name| launch.folder().join("data").join(name));
    let contents = || files.clone().map(|file| std::fs::read(file).unwrap());
    let before = contents();
    assert_one_line(&launch.end(), &["block 3: its content was changed"]);
    assert!(contents() == before, "a file has changed");
}

#[test]
fn garbage_wallet_is_refused_and_kept() {
    let launch = used(Launch::usual().without("wallet").file("data/wallet.pem", &miner_pem()));
    let launch = launch.file("data/wallet.pem", "-----BEGIN RSA PRIVATE KEY-----\ngarbage");
    assert_one_line(&launch.end(), &["the wallet", "wallet.pem is not usable"]);
    let launch = launch.file("data/wallet.pem", "");
    assert_one_line(&launch.end(), &["the wallet", "wallet.pem is not usable"]);
    assert_eq!(std::fs::read(launch.folder().join("data/wallet.pem")).unwrap(), b"");
}

fn miner_pem() -> String {
    crate::harness::made::payments::miner().to_pem().to_string()
}

#[test]
fn file_as_data_directory_is_refused() {
    let launch = Launch::usual().file("data", "a file");
    assert_one_line(&launch.end(), &["cannot use the data directory data"]);
    assert_eq!(std::fs::read(launch.folder().join("data")).unwrap(), b"a file");
}

#[cfg(target_os = "linux")]
#[test]
fn impossible_data_directory_is_refused() {
    let launch = Launch::usual().flag("data-dir", "/proc/no-such-thing/data");
    assert_one_line(&launch.end(), &["cannot use the data directory /proc/no-such-thing/data"]);
}

/// Runs the program where the data directory is mounted read-only.
#[cfg(target_os = "linux")]
fn run_read_only(launch: &Launch, arguments: &[&str]) -> Output {
    let mount = "mount --bind data data && mount -o remount,bind,ro data && exec \"$@\"";
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--propagation", "private", "sh", "-c", mount, "sh"]);
    shell.args([env!("CARGO_BIN_EXE_node"), "--difficulty", "2", "--data-dir", "data"]).args(arguments);
    shell.current_dir(launch.folder()).env_remove("RUST_LOG").output().unwrap()
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs unshare"]
fn read_only_directory_is_refused() {
    let launch = used(Launch::usual());
    let before = std::fs::read(database(&launch)).unwrap();
    let arguments = ["--port", "0", "--wallet", "wallet.pem"];
    let output = run_read_only(&launch, &arguments);
    let says = error(&output);
    assert_eq!((output.status.code(), says.lines().count()), (Some(1), 1), "{says}");
    assert!(
        says.contains("cannot use the data directory data: read-only file system; remount it writable"),
        "{says}"
    );
    assert!(std::fs::read(database(&launch)).unwrap() == before);
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "needs unshare"]
fn commands_read_a_read_only_ledger() {
    let launch = used(Launch::usual());
    for command in ["verify", "export"] {
        let output = run_read_only(&launch, &[command]);
        assert_eq!(output.status.code(), Some(0), "{}", error(&output));
    }
}

#[test]
fn second_node_in_a_directory_is_refused() {
    let node = Node::start();
    node.accept(&pay("bob", "5"));
    let ended = node.launch.end();
    assert_one_line(&ended, &["the data directory data is in use by another node", "--data-dir"]);
    assert_eq!(node.mine()["index"], 2);
    let launch = node.launch.clone();
    node.signal("KILL");
    node.ended();
    assert_eq!(launch.start().chain().len(), 2);
}
