//! The log names an address that can be opened.

use crate::harness::http::get;
use crate::harness::launch::Launch;

/// Starts a node. Returns it and the last address in its `listening` line.
fn named(launch: &Launch) -> (crate::harness::node::Node, String) {
    let node = launch.start();
    let line = node.log.find("listening on http://").unwrap();
    let address = format!("http://{}", line.rsplit_once("http://").unwrap().1);
    (node, address)
}

fn assert_opens_beside_the_wildcard(host: &str) {
    let (node, address) = named(&Launch::usual().flag("host", host));
    assert!(address.starts_with("http://localhost:") || host == "::", "{address}");
    assert_eq!(get(&format!("{address}/mine")).status, 200, "{address}");
    assert!(node.log.find("; on this machine open http://").is_some());
}

#[test]
fn wildcard_log_names_an_address_to_open() {
    assert_opens_beside_the_wildcard("0.0.0.0");
}

#[test]
#[ignore = "needs IPv6"]
fn ipv6_wildcard_log_names_an_address_to_open() {
    ["::", "::ffff:0.0.0.0"].into_iter().for_each(assert_opens_beside_the_wildcard);
}

#[test]
fn usable_address_is_the_only_one_logged() {
    // Only Linux has all of 127.0.0.0/8.
    let hosts = ["127.0.0.1", "localhost", "127.0.0.2"];
    for host in &hosts[..if cfg!(target_os = "linux") { 3 } else { 2 }] {
        let (node, address) = named(&Launch::usual().flag("host", host));
        assert_eq!(get(&format!("{address}/chain")).status, 200, "{address}");
        let line = node.log.find("listening on http://").unwrap();
        assert_eq!(line.matches("http://").count(), 1, "{line}");
    }
}
