//! Another program locks the database: the node says so, loses nothing, and continues afterwards.

use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::harness::durable::{assert_one_line, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

const REFUSAL: &str = "another program has locked ledger.db: sqlite3, a database browser or a backup; nothing was changed; \
    retry when it is closed";

/// Another program's connection. It locks the database until dropped.
fn locked(launch: &Launch, how: &str) -> Connection {
    let other = open(launch);
    other.execute_batch(how).unwrap();
    other
}

/// Locks out every other connection, which is impossible while a node runs.
fn exclusive(launch: &Launch) -> Connection {
    locked(launch, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
}

fn used() -> Launch {
    let node = Node::start();
    (0..2).for_each(|_| drop(node.mine()));
    node.accept(&pay("bob", "5"));
    let launch = node.launch.clone();
    node.stop();
    launch
}

#[test]
fn long_lock_refuses_changes_until_released() {
    let node = used().start();
    for how in ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"] {
        let state = node.state();
        let other = locked(&node.launch, how);
        for answer in [node.get("/mine"), node.submit(&pay("carol", "5")), node.register(&["127.0.0.1:1"])] {
            answer.assert_says(503, REFUSAL);
            assert_eq!(answer.header("retry-after"), Some("1"));
        }
        assert_eq!(node.state(), state, "reads still work");
        drop(other);
        node.accept(&pay("carol", "5"));
        let index = node.mine()["index"].as_u64().unwrap();
        assert_eq!(index, state.chain.len() as u64 + 1);
    }
    let (state, launch) = (node.state(), node.launch.clone());
    let ended = node.stop();
    let says = |words: &str| ended.stderr.iter().filter(|line| line.contains(words)).count();
    assert_eq!((says("has locked"), says("no longer locked")), (2, 2), "{:#?}", ended.stderr);
    assert_eq!(launch.start().state(), state);
}

#[cfg(target_os = "linux")]
#[test]
fn log_names_the_program_that_holds_the_lock() {
    let node = used().start();
    let _other = locked(&node.launch, "BEGIN IMMEDIATE");
    assert_eq!(node.submit(&pay("carol", "5")).status, 503);
    let line = node.log.find("has locked").unwrap();
    assert!(line.contains(&format!("process {}) has locked /", std::process::id())), "{line}");
}

#[test]
fn short_lock_is_awaited() {
    let node = used().start();
    let other = locked(&node.launch, "BEGIN IMMEDIATE");
    thread::scope(|threads| {
        let payment = threads.spawn(|| node.submit(&pay("carol", "5")).status);
        // A short transaction of another program takes about as long.
        thread::sleep(Duration::from_millis(300));
        drop(other);
        assert_eq!(payment.join().unwrap(), 201);
    });
}

#[test]
fn concurrent_writer_makes_no_change_fail() {
    let node = used().start();
    let launch = node.launch.clone();
    let other = thread::spawn(move || {
        let other = open(&launch);
        for _ in 0..40 {
            // Changes no row, but makes a new database version.
            let _ = other.execute_batch("BEGIN IMMEDIATE; PRAGMA user_version = 3; COMMIT");
            thread::sleep(Duration::from_millis(5));
        }
    });
    for number in 1..=20 {
        node.accept(&pay("carol", &number.to_string()));
    }
    (0..5).for_each(|_| drop(node.mine()));
    other.join().unwrap();
}

#[test]
fn start_and_commands_name_the_databases_holder() {
    let launch = used();
    let words = ["another program", " has locked /", "/data/ledger.db; close it"];
    let other = exclusive(&launch);
    assert_one_line(&launch.end(), &words);
    for command in ["verify", "export", "import"] {
        assert_one_line(&launch.clone().argument(command).end(), &words);
    }
    drop(other);
    let other = locked(&launch, "BEGIN IMMEDIATE");
    assert_one_line(&launch.end(), &words);
    let exported = launch.clone().without("wallet").argument("export").end();
    assert_eq!(exported.code, Some(0), "{:?}", exported.stderr);
    drop(other);
    assert_eq!(launch.start().chain().len(), 3);
}

#[test]
fn stop_under_a_lock_loses_nothing() {
    let node = used().start();
    node.mine();
    let state = node.state();
    let (launch, other) = (node.launch.clone(), locked(&node.launch, "BEGIN IMMEDIATE"));
    assert_eq!(node.stop().code, Some(0));
    drop(other);
    assert_eq!(launch.start().state(), state);
}
