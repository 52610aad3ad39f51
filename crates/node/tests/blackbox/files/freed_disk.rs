//! Refused chains of neighbours take a bounded part of the disk, and give it back.

use std::sync::{Arc, LazyLock};

use crate::harness::durable::{database, long_chain, open, serve, staged};
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{at_difficulty, grown, rules, texts};
use crate::harness::made::payments::pay;
use crate::harness::small_disk::SmallDisk;

/// Allowed size of a database with a short chain and free pages, in bytes.
const SHORT: u64 = 20 << 20;

/// A chain of more than 40 MB with a truncated last block.
static BROKEN: LazyLock<Arc<Vec<u8>>> = LazyLock::new(|| {
    let mut chain = long_chain(at_difficulty(1), 7_500);
    chain.truncate(chain.len() - 1_000);
    Arc::new(chain)
});

fn launch() -> Launch {
    Launch::usual().flag("difficulty", "1")
}

fn length(launch: &Launch) -> u64 {
    std::fs::metadata(database(launch)).unwrap().len()
}

fn until_given_back(launch: &Launch) {
    let free = || open(launch).query_row("PRAGMA freelist_count", [], |row| row.get::<_, u64>(0)).unwrap();
    eventually("the refused chain is discarded", || staged(launch) == 0);
    eventually("the free pages are released", || free() * 65_536 < SHORT);
}

#[test]
fn refused_chain_frees_its_space() {
    let launch = launch();
    let node = launch.start();
    node.register(&[&serve(Arc::clone(&BROKEN), BROKEN.len())]);
    for _ in 0..2 {
        assert!(!node.resolve());
        until_given_back(&launch);
    }
    assert!(node.disk_bytes() < 4 * BROKEN.len() as u64, "{} bytes", node.disk_bytes());
    node.stop();
    assert!(length(&launch) < SHORT, "{} bytes", length(&launch));
}

#[test]
fn restart_frees_staged_space() {
    let launch = launch();
    let node = launch.start();
    // The peer announces more than it sends, so the chain stays staged until the node ends.
    node.register(&[&serve(Arc::clone(&BROKEN), BROKEN.len())]);
    let asking = std::thread::spawn({
        let url = node.url("/nodes/resolve");
        move || drop(std::panic::catch_unwind(|| crate::harness::http::get(&url)))
    });
    eventually("much is staged", || node.disk_bytes() > 20 << 20);
    node.signal("KILL");
    node.ended();
    asking.join().unwrap();
    let node = launch.start();
    until_given_back(&launch);
    node.stop();
    assert!(length(&launch) < SHORT, "{} bytes", length(&launch));
}

#[test]
#[ignore = "needs unshare"]
fn long_chain_leaves_room_on_the_disk() {
    let disk = SmallDisk::of("64m");
    let node = disk.start();
    node.mine();
    let chain = Arc::new(long_chain(rules(), 12_000));
    node.register(&[&serve(Arc::clone(&chain), chain.len())]);
    let answer = node.get("/nodes/resolve");
    assert_eq!(answer.status, 507, "{}", answer.text);
    let free: u64 = disk.shell("df --output=avail -k data | tail -1").trim().parse().unwrap();
    assert!(free > 8 << 10, "{free} KiB are free");
    assert_eq!(node.chain().len(), 2);
    node.accept(&pay("bob", "5"));
    node.mine();
}

#[test]
#[ignore = "needs unshare"]
fn common_blocks_are_not_copied_without_room() {
    let disk = SmallDisk::of("64m");
    let node = disk.start();
    let mut chain = long_chain(rules(), 4_000);
    node.register(&[&serve(Arc::new(chain.clone()), chain.len())]);
    assert!(node.resolve());
    let last = node.chain().pop().unwrap();
    node.stop();
    // The new part has more blocks, but small ones.
    chain.truncate(chain.len() - "], \"length\": 4000}\n".len());
    for block in &texts(&grown(vec![last], 4_001))[1..] {
        chain.extend_from_slice(format!(", {block}").as_bytes());
    }
    chain.extend_from_slice(b"], \"length\": 8001}");
    let node = disk.start();
    disk.fill_but(12 << 10);
    node.register(&[&serve(Arc::new(chain.clone()), chain.len())]);
    assert!(node.resolve());
    node.log.find("adopting a chain without copying").unwrap();
    node.accept(&pay("bob", "5"));
    node.mine();
}
