//! Blocks that a node makes, and payments that wait for them.

use ledger_core::BlockHash;

use crate::harness::made::payments::{miner, pay};
use crate::toy::{assert_stores, at, chain, mined, payees, waiting, weights};

#[test]
fn mined_block_is_its_own_proof() {
    let node = mined(2, 1);
    let text = node.get("/blocks/latest").text;
    let hash = BlockHash::of_text(text.trim_end()).to_string();
    assert!(hash.starts_with("00"), "{hash}");
    let last = node.get("/mine/last").json();
    assert_eq!((last["hash"].as_str(), last["guess_hash"].as_str()), (Some(&*hash), Some(&*hash)));
    assert_eq!(last["guess"], text.trim_end());
    let [genesis, block] = &chain(&node)[..] else { panic!("two blocks") };
    assert_eq!((&genesis["previous_hash"], &genesis["target_zeros"]), (&serde_json::Value::Null, &0.into()));
    assert_eq!((&block["index"], &block["target_zeros"]), (&2.into(), &2.into()));
    assert_eq!(payees(block), [miner().address().as_str()]);
}

#[test]
fn third_payment_waits_for_the_next_block() {
    let node = at(1).start();
    for name in ["bob", "carol", "dave"] {
        node.accept(&pay(name, "5"));
    }
    let (mined, miner) = (node.mine(), miner().address().as_str());
    assert_eq!(payees(&mined), ["bob", "carol", miner]);
    assert_eq!(waiting(&node), ["dave"]);
    assert_eq!(payees(&node.mine()), ["dave", miner]);
    assert_eq!(waiting(&node), [""; 0]);
    let paid = node.get("/addresses/carol").json();
    assert_eq!((paid["length"].as_u64(), paid["payments"][0]["block"].as_u64()), (Some(1), Some(2)));
    assert_eq!(paid["payments"][0]["transaction"]["recipient"], "carol");
}

#[test]
fn restarted_node_continues_from_its_state() {
    let node = mined(2, 3);
    node.accept(&pay("bob", "5"));
    let before = chain(&node);
    let launch = assert_stores(node);
    let node = launch.flag("difficulty", "1").start();
    assert_eq!((chain(&node), waiting(&node)), (before, vec!["bob".to_owned()]));
    assert!(node.log.find("1 to 3 zeros, mining reward 1").is_some());
    node.mine();
    assert_eq!(weights(&chain(&node)), [0, 256, 512, 768, 784]);
    assert_stores(node);
}
