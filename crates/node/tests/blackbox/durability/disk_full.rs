//! A full disk: what does not fit is refused, and what was acknowledged stays.

use std::sync::Arc;

use crate::harness::durable::{assert_one_line, long_chain, serve};
use crate::harness::eventually;
use crate::harness::made::chains::rules;
use crate::harness::made::payments::pay;
use crate::harness::node::{Node, State};
use crate::harness::small_disk::SmallDisk;

const FULL: &str = "the disk is full; nothing was changed";

/// The refusal of a chain that exceeds the neighbours' share of the disk, before the disk is full.
const NO_ROOM: &str = "a neighbour's chain needs more than half of the free disk space, which is the limit for neighbours; \
    free some space; nothing was changed";

/// Pays until the disk is full. Returns the node's last state.
fn fill_with_payments(node: &Node) -> State {
    for number in 0..20_000 {
        let answer = node.submit(&pay(&format!("{number}{}", "x".repeat(8_000)), "1"));
        if answer.status == 507 {
            answer.assert_says(507, FULL);
            assert_eq!(node.pool().len(), number, "the pool has exactly the accepted payments");
            return node.state();
        }
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    panic!("the disk is larger than it should be");
}

#[test]
#[ignore = "needs unshare"]
fn full_disk_refuses_only_new_payments() {
    let disk = SmallDisk::of("4m");
    let node = disk.start();
    (0..2).for_each(|_| drop(node.mine()));
    let state = fill_with_payments(&node);
    assert_eq!(node.state(), state, "reads still work");
    node.signal("KILL");
    node.ended();
    let node = disk.start();
    assert_eq!(node.state(), state);
    assert_eq!(node.stop().code, Some(0));
    assert_eq!(disk.start().state(), state);
}

#[test]
#[ignore = "needs unshare"]
fn freed_disk_is_written_again() {
    let disk = SmallDisk::of("4m");
    let node = disk.start();
    // Reserves the space of a block with all payments that fit on the rest of the disk.
    disk.shell("head -c 1200000 /dev/zero > data/ballast");
    fill_with_payments(&node);
    disk.shell("rm data/ballast");
    node.accept(&pay("late", "1"));
    let mined = node.mine()["transactions"].as_array().unwrap().len();
    assert_eq!((node.pool().len(), node.chain()[1].transactions.len()), (0, mined));
}

#[test]
#[ignore = "needs unshare"]
fn full_disk_refuses_blocks_until_it_grows() {
    let disk = SmallDisk::of("4m");
    let node = disk.start();
    node.mine();
    let state = fill_with_payments(&node);
    node.get("/mine").assert_says(507, FULL);
    assert_eq!(node.state(), state);
    node.signal("KILL");
    node.ended();
    disk.shell("mount -o remount,size=16m data");
    let node = disk.start();
    assert_eq!(node.state(), state);
    node.mine();
    assert_eq!((node.chain().len(), node.pool().len()), (3, 0));
}

#[test]
#[ignore = "needs unshare"]
fn chain_that_does_not_fit_leaves_no_trace() {
    let disk = SmallDisk::of("6m");
    let node = disk.start();
    (0..2).for_each(|_| drop(node.mine()));
    node.accept(&pay("bob", "5"));
    let bytes = long_chain(rules(), 4_000);
    let length = bytes.len();
    node.register(&[&serve(Arc::new(bytes), length)]);
    let state = node.state();
    node.get("/nodes/resolve").assert_says(507, NO_ROOM);
    assert_eq!(node.state(), state);
    eventually("the part that did not fit is discarded", || disk.staged() == 0);
    node.accept(&pay("carol", "5"));
    node.mine();
    let state = node.state();
    node.stop();
    assert_eq!(disk.start().state(), state);
}

/// Free space for a node, in KiB: from none to more than enough.
const ROOM: [u64; 9] = [0, 4, 16, 32, 64, 96, 128, 256, 1024];

#[test]
#[ignore = "needs unshare"]
fn first_start_with_little_room_works_or_says_why() {
    for room in ROOM {
        let disk = SmallDisk::of("2m");
        disk.fill_but(room);
        match disk.try_start() {
            Ok(node) => assert_eq!(node.chain().len(), 1),
            Err(ended) => assert_one_line(&ended, &["the disk is full"]),
        }
        disk.free();
        assert_eq!(disk.start().chain().len(), 1, "after a start with {room} kB");
    }
}

#[test]
#[ignore = "needs unshare"]
fn later_start_with_little_room_works_or_says_why() {
    let disk = SmallDisk::of("2m");
    let node = disk.start();
    node.mine();
    node.accept(&pay("bob", "5"));
    let state = node.state();
    node.stop();
    for room in ROOM {
        disk.fill_but(room);
        match disk.try_start() {
            Ok(node) => assert_eq!(node.state(), state),
            Err(ended) => assert_one_line(&ended, &["the disk is full"]),
        }
        disk.free();
        assert_eq!(disk.start().state(), state, "after a start with {room} kB");
    }
}
