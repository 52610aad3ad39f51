//! Valid chains in other spellings, and which chain wins.

use ledger_core::{Members, Number, PreviousHash, Timestamp};
use serde_json::Value;

use crate::harness::made::chains::{answer, assert_valid, chain, genesis, grown, texts};
use crate::harness::node::Node;
use crate::harness::peer::Peer;

/// Starts a node with these peers.
fn node_among(peers: &[&Peer]) -> Node {
    let node = Node::start();
    let addresses: Vec<String> = peers.iter().map(|peer| peer.address()).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    assert_eq!(node.register(&addresses).status, 201);
    node
}

/// Checks that the node adopts the chain from a peer that sends this text.
fn assert_adopted(served: String, chain: &[Members]) {
    let peer = Peer::with_body(served);
    let node = node_among(&[&peer]);
    let resolved = node.get("/nodes/resolve");
    assert_eq!(resolved.json()["message"], Value::from("Our chain was replaced"));
    assert_eq!(resolved.json()["new_chain"], node.get("/chain").json()["chain"]);
    assert_eq!(node.chain(), chain);
    assert_eq!(node.mine()["index"], Value::from(chain.len() + 1));
    assert_valid(&node.chain());
}

#[test]
fn longer_valid_chain_is_adopted() {
    let chain = chain(4);
    assert_adopted(answer(&texts(&chain)), &chain);
}

#[test]
fn chain_of_hundreds_of_blocks_is_adopted() {
    let chain = chain(700);
    assert_adopted(answer(&texts(&chain)), &chain);
}

#[test]
fn genesis_with_text_1_as_previous_hash_is_adopted() {
    let genesis = Members { previous_hash: PreviousHash::GenesisText, ..genesis() };
    let chain = grown(vec![genesis], 2);
    assert!(texts(&chain)[0].contains(r#""previous_hash": "1""#));
    assert_adopted(answer(&texts(&chain)), &chain);
}

#[test]
fn last_of_duplicate_members_counts() {
    let chain = chain(4);
    let mut texts = texts(&chain);
    texts[2] = texts[2].replace("\"index\": 3", "\"index\": \"x\", \"index\": 3");
    texts[2] = texts[2].replace("\"amount\": 1", "\"amount\": [2], \"amount\": 1");
    assert_adopted(answer(&texts), &chain);
}

#[test]
fn integer_timestamps_stay_integers() {
    let genesis = Members::genesis(Timestamp::from(Number::from(1_506_057_125_u64)));
    let chain = grown(vec![genesis], 2);
    assert!(texts(&chain)[0].contains(r#""timestamp": 1506057125,"#));
    assert_adopted(answer(&texts(&chain)), &chain);
}

#[test]
fn pretty_printed_chain_is_adopted() {
    let chain = chain(3);
    let blocks: Vec<Value> = texts(&chain).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let served = serde_json::json!({ "length": 3, "chain": blocks });
    assert_adopted(serde_json::to_string_pretty(&served).unwrap(), &chain);
}

#[test]
fn members_beside_the_chain_are_ignored() {
    let chain = chain(3);
    let blocks = texts(&chain).join(",");
    let served = format!(
        " {{\"length\":3,\"a\":[{{\"chain\":[[]]}}],\"b\":\"]}}\\\"\",\"chain\":[{blocks}],\"c\":null}}\n"
    );
    assert_adopted(served, &chain);
}

#[test]
fn block_members_are_read_in_any_order() {
    let chain = chain(3);
    let reversed = texts(&chain).into_iter().map(|text| {
        let block: Value = serde_json::from_str(&text).unwrap();
        let members =
            block.as_object().unwrap().iter().rev().map(|(name, value)| format!("\"{name}\":{value}"));
        format!("{{{}}}", members.collect::<Vec<_>>().join(","))
    });
    assert_adopted(answer(&reversed.collect::<Vec<_>>()), &chain);
}

#[test]
fn chunked_chain_is_adopted() {
    let chain = chain(4);
    let served = answer(&texts(&chain));
    let chunks: String = served
        .as_bytes()
        .chunks(7)
        .map(|chunk| format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk)))
        .collect();
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let peer = Peer::sending(format!("{head}{chunks}0\r\n\r\n"));
    assert!(node_among(&[&peer]).resolve());
}

#[test]
fn http_1_0_peer_is_understood() {
    let served = format!("HTTP/1.0 200 OK\r\nServer: old\r\n\r\n{}", answer(&texts(&chain(4))));
    assert!(node_among(&[&Peer::sending(served)]).resolve());
}

#[test]
fn chain_of_equal_length_is_not_adopted() {
    let peer = Peer::with_chain(&chain(3));
    let node = node_among(&[&peer]);
    node.mine();
    node.mine();
    let before = node.state();
    assert!(!node.resolve());
    assert_eq!((node.state(), peer.asked()), (before, 1));
}

#[test]
fn shorter_chain_is_not_adopted() {
    let node = node_among(&[&Peer::with_chain(&chain(2))]);
    node.mine();
    node.mine();
    assert!(!node.resolve());
    assert_eq!(node.chain().len(), 3);
}

#[test]
fn longest_of_several_chains_wins() {
    let genesis = |micros| grown(vec![Members::genesis(Timestamp::from_micros(micros))], 1);
    let chains = [grown(genesis(1), 1), grown(genesis(2), 4), grown(genesis(3), 2)];
    let [a, b, c] = chains.each_ref().map(|chain| Peer::with_chain(chain));
    let node = node_among(&[&a, &b, &c]);
    assert!(node.resolve());
    assert_eq!(node.chain(), chains[1]);
    assert_eq!([a, b, c].map(|peer| peer.asked()), [1, 1, 1]);
    assert!(!node.resolve(), "no chain is longer than ours");
}

#[test]
fn extension_is_adopted() {
    let node = Node::start();
    node.mine();
    let longer = grown(node.chain(), 2);
    let peer = Peer::with_chain(&longer);
    node.register(&[&peer.address()]);
    assert!(node.resolve());
    assert_eq!(node.chain(), longer);
}
