//! Messages give the cause of a failure exactly once.

use std::collections::BTreeSet;
use std::net::TcpListener;

use crate::harness::durable::{assert_one_line, database, error, open, run};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;

/// Checks that a line has these words once, and repeats nothing.
fn assert_told_once(line: &str, words: &str) {
    assert_eq!(line.matches(words).count(), 1, "{words:?} in {line}");
    let mut seen = BTreeSet::new();
    for clause in line.split([':', ';', '(', ')']).map(str::trim).filter(|clause| clause.contains(' ')) {
        assert!(seen.insert(clause), "{clause:?} twice in {line}");
    }
}

fn assert_start_says_once(launch: &Launch, words: &str) {
    let ended = launch.end();
    assert_one_line(&ended, &[words]);
    assert_told_once(&ended.stderr[0], words);
}

/// The folder of a stopped node, with its database changed.
fn changed(sql: &str) -> Launch {
    let node = Launch::usual().start();
    assert_eq!(node.submit(&pay("bob", "5")).status, 201);
    let launch = node.launch.clone();
    node.stop();
    open(&launch).execute_batch(sql).unwrap();
    launch
}

#[test]
fn unreadable_file_is_reported_once() {
    let launch = Launch::usual().file("folder/inside", "");
    for (flag, words) in [("wallet", "directory"), ("config", "directory"), ("owner-token-file", "directory")]
    {
        assert_start_says_once(&launch.clone().flag(flag, "folder"), words);
        assert_start_says_once(&launch.clone().flag(flag, "missing"), "no such file");
    }
    let blocked = launch.file("plain", "");
    assert_start_says_once(&blocked.clone().flag("data-dir", "plain"), "it is a file, not a directory");
    assert_start_says_once(&blocked.flag("data-dir", "plain/inside"), "not a directory");
}

#[test]
fn unusable_settings_are_reported_once() {
    for (text, words) in [
        ("difficulty = 70", "0 to 64"),
        ("difficulty = ", "difficulty has no value"),
        ("nonsense = 1", "nonsense"),
    ] {
        assert_start_says_once(&Launch::usual().file("config/node.toml", text), words);
    }
    assert_start_says_once(&Launch::usual().variable("LEDGER_DIFFICULTY", "x"), "0 to 64");
}

#[test]
fn unusable_address_is_reported_once() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_start_says_once(&Launch::usual().flag("port", &port), "is taken");
    assert_start_says_once(&Launch::usual().flag("host", "192.0.2.7"), "not an address of this machine");
    assert_start_says_once(&Launch::usual().flag("host", "nowhere.invalid"), "failed to lookup address");
}

#[test]
fn damage_found_at_the_start_is_reported_once() {
    let broken = Launch::usual().file("data/ledger.db", "dear diary");
    assert_start_says_once(&broken, "not a ledger of this program");
    assert_start_says_once(&changed("UPDATE pool SET payment = 'nothing'"), "expected an object");
    assert_start_says_once(&changed("UPDATE pool SET payment = '{}'"), "missing member");
    assert_start_says_once(&changed("INSERT INTO peers VALUES ('no address')"), "no address");
    assert_start_says_once(&changed("UPDATE blocks SET text = 'nothing'"), "expected an object");
    assert_start_says_once(
        &changed("UPDATE blocks SET hash = 'nothing'"),
        "its content was changed after it was written",
    );
    let launch = changed("");
    std::fs::OpenOptions::new().write(true).open(database(&launch)).unwrap().set_len(5_000).unwrap();
    assert_start_says_once(&launch, "its end is missing");
}

#[test]
fn files_of_other_commands_are_reported_once() {
    let launch = Launch::usual().file("folder/inside", "").file("text", "nothing");
    launch.start().stop();
    for (command, file, words) in [
        ("export", "folder/missing/backup.json", "there is no such file or directory"),
        ("export", "folder", "already exists"),
        ("import", "folder", "directory"),
        ("import", "missing", "no such file"),
        ("import", "text", "expected a JSON object"),
    ] {
        let output = run(launch.folder(), &[command, file, "--data-dir", "data"], b"");
        assert_eq!(output.status.code(), Some(1));
        assert_told_once(&error(&output), words);
    }
}

#[test]
fn failure_of_a_running_node_is_logged_once() {
    let node = Launch::usual().start();
    assert_eq!(node.submit(&pay("bob", "5")).status, 201);
    node.mine();
    open(&node.launch).execute_batch("UPDATE payments SET entries = 'nothing'").unwrap();
    node.get("/addresses/bob").assert_says(500, "internal error; the node's log says why");
    let line = node.log.find("ledger.db is damaged").unwrap();
    assert_told_once(&line, "the index of payments: expected ident at line 1 column 2");
}
