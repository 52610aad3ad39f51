//! A node that is killed in the middle of a sync.

use serde_json::Value;

use crate::harness::durable::staged;
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::network::nodes::{LONG, dialling, with_long_chain};

/// Attempts to kill a node in its sync: a sync may end before a request sees it.
const TRIES: usize = 10;

fn sync(node: &Node) -> Value {
    node.get("/status").json()["sync"].take()
}

/// Kills a node in the middle of its sync with another. Returns its launch.
fn killed_while_syncing(source: &Node) -> Launch {
    for _ in 0..TRIES {
        let (launch, mut is_syncing) = (dialling(&[source]), false);
        let late = launch.start();
        eventually("the node syncs", || {
            let status = late.get("/status").json();
            is_syncing = status["sync"]["target"] == LONG;
            is_syncing || status["height"] == LONG
        });
        drop(late);
        if is_syncing {
            return launch;
        }
    }
    panic!("each sync ended before it was seen");
}

#[test]
fn sync_interrupted_by_a_kill_completes_after_the_restart() {
    let source = with_long_chain();
    let launch = killed_while_syncing(&source);
    let late = launch.start();
    late.until_agrees_with(&source);
    eventually("the sync ends", || sync(&late) == Value::Null);
    assert_eq!(late.chain(), source.chain());
    eventually("the interrupted sync leaves no stage", || staged(&launch) == 0);
    late.mine();
    source.until_agrees_with(&late);
    let log = late.stop().stderr;
    assert!(!log.iter().any(|line| line.contains("WARN") || line.contains("ERROR")), "{log:#?}");
}
