//! The address that the log names can be opened.

use std::net::TcpListener;

use crate::harness::http::get;
use crate::harness::launch::Launch;

/// The last address in the line that says where a node listens.
fn named(launch: &Launch) -> (crate::harness::node::Node, String) {
    let node = launch.start();
    let line = node.log.find("listening on http://").unwrap();
    let address = format!("http://{}", line.rsplit_once("http://").unwrap().1);
    (node, address)
}

#[test]
fn an_address_beside_the_wildcard_can_be_opened() {
    for host in ["0.0.0.0", "::", "::ffff:0.0.0.0"] {
        if TcpListener::bind((host, 0)).is_err() {
            eprintln!("skipped: this machine has no {host}");
            continue;
        }
        let (node, address) = named(&Launch::usual().flag("host", host));
        assert!(address.starts_with("http://localhost:") || host == "::", "{address}");
        assert_eq!(get(&format!("{address}/mine")).status, 200, "{address}");
        assert!(node.log.find("; on this machine open http://").is_some());
    }
}

#[test]
fn an_address_that_can_be_opened_stands_alone() {
    let is_here = |host: &&str| TcpListener::bind((*host, 0)).is_ok();
    for host in ["127.0.0.1", "127.0.0.2", "localhost"].into_iter().filter(is_here) {
        let (node, address) = named(&Launch::usual().flag("host", host));
        assert_eq!(get(&format!("{address}/chain")).status, 200, "{address}");
        let line = node.log.find("listening on http://").unwrap();
        assert_eq!(line.matches("http://").count(), 1, "{line}");
    }
}
