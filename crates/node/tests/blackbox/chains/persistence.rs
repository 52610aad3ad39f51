//! What a node keeps on disk.

use ledger_core::Transaction;
use serde_json::Value;
use wallet::Wallet;

use crate::harness::launch::Launch;
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// A node with blocks, payments and neighbours.
fn busy(launch: &Launch) -> Node {
    let node = launch.start();
    node.accept(&pay("Zoë", "5.0"));
    (0..3).for_each(|_| drop(node.mine()));
    node.accept(&pay("bob", "\"5\""));
    node.accept(&pay("carol", "0.00001"));
    node.register(&["localhost:7001", "localhost:7002"]);
    node
}

fn rewarded(node: &Node) -> String {
    let reward: Transaction = serde_json::from_value(node.mine()["transactions"][0].take()).unwrap();
    reward.recipient.to_string()
}

#[test]
fn restart_keeps_chain_pool_and_neighbours() {
    let launch = Launch::usual();
    let node = busy(&launch);
    let (before, text) = (node.state(), node.get("/chain").text);
    assert_eq!(node.stop().code, Some(0));
    let node = launch.start();
    assert_eq!((node.state(), node.get("/chain").text), (before, text));
    assert_eq!(node.mine()["transactions"][0]["amount"], Value::from("5"));
}

#[test]
fn kill_loses_nothing_acknowledged() {
    let launch = Launch::usual();
    let node = busy(&launch);
    let before = node.state();
    node.signal("KILL");
    assert_eq!(node.ended().code, None);
    assert_eq!(launch.start().state(), before);
}

#[test]
fn restart_keeps_the_wallet() {
    let launch = Launch::bare().flag("port", "0").flag("difficulty", "1");
    let node = launch.start();
    let address = rewarded(&node);
    node.stop();
    let node = launch.start();
    assert_eq!(rewarded(&node), address);
    let pem = std::fs::read_to_string(launch.folder().join("data/wallet.pem")).unwrap();
    assert_eq!(Wallet::from_pem(&pem).unwrap().address().as_str(), address);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_a_new_wallet() {
    use std::os::unix::fs::PermissionsExt;
    let node = Launch::bare().flag("port", "0").start();
    let file = std::fs::metadata(node.launch.folder().join("data/wallet.pem")).unwrap();
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
}

#[test]
fn wallet_file_can_be_chosen() {
    let node = Launch::usual().start();
    assert_eq!(rewarded(&node), crate::harness::made::payments::miner().address().to_string());
    assert!(!node.launch.folder().join("data/wallet.pem").exists());
}

#[test]
fn nodes_on_other_ports_keep_their_ledgers_apart() {
    let launch = Launch::usual().without("data-dir");
    let (one, two) = (launch.start(), launch.start());
    assert_ne!(one.chain(), two.chain());
    for node in [one, two] {
        assert!(launch.folder().join(format!("data/node-{}", node.address.port())).is_dir());
    }
}

#[test]
fn in_memory_node_leaves_no_files() {
    let launch = Launch::bare().without("data-dir").flag("port", "0").argument("--in-memory");
    let node = busy(&launch.flag("difficulty", "1"));
    let (launch, chain) = (node.launch.clone(), node.chain());
    assert_eq!(node.stop().code, Some(0));
    assert_eq!(std::fs::read_dir(launch.folder()).unwrap().count(), 0);
    let node = launch.start();
    assert_ne!(node.chain(), chain);
    assert_eq!((node.chain().len(), node.pool().len(), node.nodes().len()), (1, 0, 0));
    node.stop();
}

#[cfg(target_os = "linux")]
#[test]
fn in_memory_directory_is_removed_at_the_end() {
    let launch = Launch::bare().without("data-dir").flag("port", "0").argument("--in-memory");
    let node = launch.start();
    node.mine();
    let databases = node.open_files().into_iter().filter(|file| file.ends_with("ledger.db"));
    let directories: Vec<_> = databases.map(|file| file.parent().unwrap().to_owned()).collect();
    assert!(directories.iter().any(|directory| directory.is_dir()));
    assert_eq!(node.stop().code, Some(0));
    for directory in directories {
        assert!(!directory.exists(), "{} is left, with the wallet's key", directory.display());
    }
}

#[test]
fn data_directory_has_one_node_at_a_time() {
    let node = Node::start();
    let second = node.launch.end();
    let [line] = second.stderr.as_slice() else { panic!("{:?}", second.stderr) };
    assert!(line.contains("in use by another node") && line.contains("--data-dir"), "{line}");
    assert_eq!(second.code, Some(1));
    let launch = node.launch.clone();
    let chain = node.chain();
    drop(node);
    assert_eq!(launch.start().chain(), chain);
}
