//! A node that is killed in the middle of a sync.

use serde_json::Value;

use crate::harness::durable::staged;
use crate::harness::eventually;
use crate::harness::node::Node;
use crate::network::nodes::{LONG, dialling, with_long_chain};

/// How often the node is killed.
const KILLS: usize = 2;

fn sync(node: &Node) -> Value {
    node.get("/status").json()["sync"].take()
}

#[test]
fn sync_that_a_kill_cut_off_ends_after_the_restart() {
    let source = with_long_chain();
    let launch = dialling(&[&source]);
    for round in 0..KILLS {
        let late = launch.start();
        eventually("blocks arrive", || sync(&late)["height"].as_u64().is_some_and(|height| height > 1));
        assert!(sync(&late)["target"] == LONG, "round {round}: the kill comes in the middle of the sync");
        drop(late);
    }
    let late = launch.start();
    late.until_agrees_with(&source);
    eventually("the sync ends", || sync(&late) == Value::Null);
    assert_eq!(late.chain(), source.chain());
    assert_eq!(staged(&launch), 0, "nothing of the cut off syncs is left");
    late.mine();
    source.until_agrees_with(&late);
    let log = late.stop().stderr;
    assert!(!log.iter().any(|line| line.contains("WARN") || line.contains("ERROR")), "{log:#?}");
}
