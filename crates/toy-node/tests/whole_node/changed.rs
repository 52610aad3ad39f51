//! Rows that were changed while no node ran: the check and a start name the block.

use crate::harness::durable::{assert_one_line, open};
use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::toy::at;

const STATE: &str = "the state that was saved with it was changed";

/// A stopped node with four blocks, the second of which pays bob.
fn stored() -> Launch {
    let node = at(1).start();
    node.accept(&pay("bob", "5"));
    for _ in 0..3 {
        node.mine();
    }
    let launch = node.launch.clone();
    node.stop();
    launch
}

/// Checks that a start, `verify` and `export` each find a change.
fn assert_found(change: &str, words: &str) {
    let launch = stored();
    open(&launch).execute_batch(change).unwrap();
    for launch in [launch.clone(), launch.clone().argument("verify"), launch.clone().argument("export")] {
        assert_one_line(&launch.end(), &[words]);
    }
}

#[test]
fn changed_block_is_found() {
    assert_found(
        "UPDATE blocks SET text = replace(text, '\"bob\"', '\"eve\"') WHERE height = 2",
        "block 2: its content was changed after it was written",
    );
}

#[test]
fn changed_state_is_found() {
    assert_found("UPDATE states SET state = '17' WHERE height = 2", &format!("block 2: {STATE}"));
}

#[test]
fn changed_state_of_the_last_block_is_found() {
    assert_found("UPDATE states SET state = 'heavy' WHERE height = 4", &format!("block 4: {STATE}"));
}

#[test]
fn missing_state_is_found() {
    assert_found("DELETE FROM states WHERE height = 3", &format!("block 3: {STATE}"));
}

#[test]
fn missing_table_of_states_is_found() {
    assert_found("DROP TABLE states", &format!("block 1: {STATE}"));
}

#[test]
fn states_without_blocks_are_removed() {
    let launch = stored();
    open(&launch).execute_batch("INSERT INTO states VALUES (5, '99')").unwrap();
    let node = launch.start();
    node.mine();
    crate::toy::assert_stores(node);
}
