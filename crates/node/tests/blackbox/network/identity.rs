//! The key by which peers know a node.

use std::os::unix::fs::PermissionsExt;

use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::node::Node;
use crate::network::nodes::dialling;

#[test]
fn restarted_node_is_known_by_the_same_id() {
    let first = dialling(&[]).start();
    first.mine();
    let launch = dialling(&[&first]);
    let second = launch.start();
    let id = second.p2p()["id"].take();
    second.until_agrees_with(&first);
    second.signal("TERM");
    let last_error = || first.get("/peers").json()["peers"][0]["last_error"].take();
    eventually("the first learns of the stop", || last_error() == "it stopped");
    let stopped = second.ended();
    assert!(stopped.stderr.last().unwrap().ends_with("stopped"), "{:#?}", stopped.stderr);
    first.log.find(" left").unwrap();
    let key = launch.folder().join("data/network-key");
    assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    first.mine();
    let again = launch.start();
    assert_eq!(again.p2p()["id"], id);
    again.until_agrees_with(&first);
}

/// Checks that a node with this key file does not start and changes nothing. Returns its message.
fn refusal(text: &str, mode: u32) -> String {
    let launch = Launch::usual().flag("p2p-port", "0").file("data/network-key", text);
    let path = launch.folder().join("data/network-key");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
    let ended = launch.end();
    assert_eq!(ended.code, Some(1), "{:#?}", ended.stderr);
    assert_eq!(std::fs::read_to_string(path).unwrap(), text, "the key file is unchanged");
    assert!(!launch.folder().join("data/ledger.db").exists(), "nothing was created");
    ended.stderr.join("\n")
}

#[test]
fn damaged_key_is_refused() {
    for text in ["", "0123", "key\n", &"AB".repeat(32), &"ab".repeat(1 << 20)] {
        let says = refusal(text, 0o600);
        assert!(says.contains("network-key is damaged: expected 64 lower-case hex digits"), "{says}");
    }
}

#[test]
fn key_that_others_can_read_is_refused() {
    let says = refusal(&"ab".repeat(32), 0o644);
    assert!(says.contains("its mode is 644, so others may read it; run chmod 600"), "{says}");
}

#[test]
fn node_with_a_copy_of_the_key_is_named() {
    let key = "07".repeat(32);
    let twin = |peers: &[&Node]| {
        let launch = dialling(peers).file("data/network-key", &key);
        let path = launch.folder().join("data/network-key");
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
        launch.start()
    };
    let first = twin(&[]);
    let second = twin(&[&first]);
    second.log.find("it is this node itself, or a node with a copy of its key").unwrap();
}
