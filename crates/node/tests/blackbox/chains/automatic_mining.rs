//! Automatic mining.

use std::time::{Duration, Instant};

use crate::harness::durable::assert_one_line;
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;
use crate::harness::small_disk::SmallDisk;
use crate::harness::{assert_takes_less_than, eventually};

/// How long a requested search may continue after the signal.
const SEARCH_GRACE: Duration = Duration::from_secs(3);

#[test]
fn payment_is_mined_on_arrival() {
    let node = Launch::usual().argument("--mine-when-pending").start();
    node.log.find("automatic mining: when payments wait").unwrap();
    for (index, amount) in [(2, "5"), (3, "6")] {
        let payment = node.accept(&pay("bob", amount));
        node.log.find(&format!("mined block {index}: ")).unwrap();
        assert_eq!(node.chain()[index - 1].transactions[0], payment);
        assert!(node.pool().is_empty());
    }
    assert_eq!(node.chain().len(), 3);
}

#[test]
fn waiting_payments_are_mined_at_the_start() {
    let launch = Launch::usual();
    let node = launch.start();
    let payment = node.accept(&pay("bob", "5"));
    assert_eq!((node.stop().code, payment.amount.to_string()), (Some(0), "5".to_owned()));
    let node = launch.variable("LEDGER_MINE_WHEN_PENDING", "1").start();
    node.log.find("mined block 2: ").unwrap();
    assert_eq!(node.chain()[1].transactions[0], payment);
}

#[test]
fn blocks_are_mined_at_the_interval() {
    let node = Launch::usual().file("config/node.toml", "mineEvery = 1\n").start();
    node.log.find("automatic mining: every 1 s").unwrap();
    node.log.find("mined block 2: ").unwrap();
    node.log.find("mined block 3: ").unwrap();
    assert!(node.chain().len() >= 3);
}

#[test]
fn both_triggers_and_clients_mine_together() {
    let node = Launch::usual().flag("mine-every", "3600").argument("--mine-when-pending").start();
    node.log.find("automatic mining: every 3600 s, and when payments wait").unwrap();
    node.mine();
    node.accept(&pay("bob", "5"));
    node.log.find("mined block 3: ").unwrap();
    node.mine();
    assert_eq!(node.chain().len(), 4);
}

#[test]
fn automatic_search_does_not_delay_a_stop() {
    for flag in ["--mine-every=1", "--mine-when-pending"] {
        assert_takes_less_than(SEARCH_GRACE, || {
            let node = Launch::usual().argument(flag).flag("difficulty", "12").start();
            node.accept(&pay("bob", "5"));
            node.until_mining();
            assert_stops(node)
        });
    }
}

#[test]
fn longest_interval_works() {
    let node = Launch::usual().flag("mine-every", &u64::MAX.to_string()).start();
    node.log.find("every 18446744073709551615 s").unwrap();
    node.mine();
    assert_stops(node);
}

fn assert_stops(node: Node) -> Duration {
    let begun = Instant::now();
    let ended = node.stop();
    let taken = begun.elapsed();
    assert_eq!(ended.code, Some(0), "{:#?}", ended.stderr);
    assert!(!ended.stderr.iter().any(|line| line.contains("panicked")), "{:#?}", ended.stderr);
    taken
}

#[test]
#[ignore = "needs unshare"]
fn failure_is_logged_once_and_mining_recovers() {
    let disk = SmallDisk::of("4m");
    drop(disk.launch.clone().file("config/node.toml", "mineEvery = 1\n"));
    let node = disk.start();
    node.log.find("mined block 2: ").unwrap();
    disk.fill_but(0);
    // The write-ahead log may still have room for some blocks.
    eventually("the disk is full", || node.get("/mine").status == 507);
    node.log.find("mining failed, will retry").unwrap();
    let (length, failed) = (node.chain().len(), Instant::now());
    eventually("two more tries pass", || failed.elapsed() > Duration::from_millis(2500));
    disk.free();
    node.log.find(&format!("mined block {}: ", length + 1)).unwrap();
    let ended = node.stop();
    let failures = ended.stderr.iter().filter(|line| line.contains("mining failed")).count();
    assert_eq!(failures, 1, "{:#?}", ended.stderr);
}

#[test]
fn node_mines_only_when_told_to() {
    let node = Launch::usual().start();
    node.accept(&pay("bob", "5"));
    let ended = node.stop();
    assert!(!ended.stderr.iter().any(|line| line.contains("mined") || line.contains("automatic mining")));
}

#[test]
fn meaningless_settings_are_refused() {
    let no_time = Launch::usual().variable("LEDGER_MINE_EVERY", "0");
    assert_one_line(&no_time.end(), &["LEDGER_MINE_EVERY", "whole number of seconds, 1 or more", "\"0\""]);
    let no_word = Launch::usual().variable("LEDGER_MINE_WHEN_PENDING", "maybe");
    assert_one_line(&no_word.end(), &["LEDGER_MINE_WHEN_PENDING", "\"maybe\" is neither true nor false"]);
    let in_file = Launch::usual().file("config/node.toml", "mineEvery = -1\n");
    assert_one_line(&in_file.end(), &["config/node.toml", "line 1"]);
}
