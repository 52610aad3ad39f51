//! The block after our tip: drafted, completed, or sent to us.

use std::sync::Arc;

use ledger_core::seam::testing::mined;
use ledger_core::seam::{BlockError, Proofs, Stored, StoredError};
use ledger_core::{Address, Difficulty, Engine, Height, Pool, Search, Timestamp};

use crate::harness::{classic, classic_at, now, pay};

#[test]
fn completed_block_holds_waiting_payments_and_reward() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let draft = rules.draft(&state, &Vec::new, &Address::from("miner"), now());
    assert_eq!(draft.parent(), genesis.tip());
    let go_on = |_| std::ops::ControlFlow::Continue(());
    let Search::Found(proof) = draft.work().search(Engine::best(), 0..u64::MAX, go_on) else {
        panic!("no proof")
    };

    let mut pool = Pool::new(1_000);
    let number = pool.add(pay("bob")).unwrap();
    let later = Timestamp::from_micros(2_000_000);
    let (next, taken) = rules.complete(&state, &draft, proof, &pool, later).unwrap();
    assert_eq!(taken, [number]);
    let block = next.block();
    let expected = format!(
        "{{\"index\": 2, \"previous_hash\": \"{}\", \"proof\": {proof}, \"timestamp\": 2.0, \"transactions\": [\
         {{\"amount\": 5, \"recipient\": \"bob\", \"sender\": \"alice\"}}, \
         {{\"amount\": 1, \"recipient\": \"miner\", \"sender\": \"0\"}}]}}",
        genesis.hash()
    );
    assert_eq!(block.text(), expected);
    assert_eq!(block.parent(), Some(genesis.hash()));
    assert_eq!(block.saved(), None);
    let movements =
        block.movements().iter().map(|movement| (movement.payer.as_deref(), movement.payee.as_deref()));
    assert_eq!(movements.collect::<Vec<_>>(), [(Some("alice"), Some("bob")), (Some("0"), Some("miner"))]);
}

#[test]
fn completed_block_with_a_wrong_proof_is_refused() {
    let rules = classic(Difficulty::new(64).unwrap());
    let (_, state) = rules.genesis(now());
    let draft = rules.draft(&state, &Vec::new, &Address::from("miner"), now());
    let refused = rules.complete(&state, &draft, 1, &Pool::new(0), now()).unwrap_err();
    assert!(refused.to_string().starts_with("block 2: proof 1 does not solve the puzzle"), "{refused}");
}

#[test]
fn completed_block_for_another_tip_is_refused() {
    let rules = classic_at(0);
    let (_, state) = rules.genesis(now());
    let draft = rules.draft(&state, &Vec::new, &Address::from("miner"), now());
    let (_, state) = mined(&*rules, &state, "other", Vec::new()).into_parts();
    let refused = rules.complete(&state, &draft, 0, &Pool::new(0), now()).unwrap_err();
    assert_eq!(refused.to_string(), "block 3: index is 2, expected 3");
}

#[test]
fn payments_beyond_our_block_limit_wait() {
    let rules = classic_at(0);
    let (_, state) = rules.genesis(now());
    let name = "b".repeat(6 << 20);
    let next = mined(&*rules, &state, "miner", [&*name; 3].map(pay).into());
    assert_eq!(next.block().movements().len(), 3, "two payments and the reward");
    assert!(next.block().text().len() < rules.limits().block_bytes);
}

#[test]
fn sent_block_is_checked_against_our_tip() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let next = mined(&*rules, &state, "miner", vec![pay("bob")]);
    let sent = next.block().text().replace(": ", ":");
    let checked = rules.check_next(&state, sent.as_bytes(), now()).unwrap();
    assert_eq!(checked.block(), next.block());
    let refused = rules.check_next(next.state(), sent.as_bytes(), now()).unwrap_err();
    assert_eq!(refused.to_string(), "block 3: index is 2, expected 3");
    let refused = rules.check_next(&state, b"{}", now()).unwrap_err();
    assert_eq!(refused.to_string(), "block 2: not well-formed: missing member \"index\" in a block");
    assert_eq!(rules.place(sent.as_bytes()).unwrap(), (2, next.block().hash()));
    assert_eq!(rules.place(genesis.text().as_bytes()).unwrap(), (1, genesis.hash()));
}

#[test]
fn large_block_is_checked_in_any_layout() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let next = mined(&*rules, &state, "miner", vec![pay("bob")]);
    for json in [next.block().text().to_owned(), next.block().text().replace(": ", ":")] {
        let mut chain = Arc::clone(&rules).begin(Proofs::Checked);
        chain.push(genesis.text().as_bytes(), now()).unwrap();
        let mut seen = Vec::new();
        chain
            .push_large(json.clone().into_bytes(), now(), &mut |block| seen.push(block.into_owned()))
            .unwrap();
        assert_eq!(seen, [next.block().clone()]);
        assert_eq!(chain.tip(), Some(next.block().tip()));
        let again = chain.push_large(json.into_bytes(), now(), &mut |_| panic!("a refused block"));
        assert_eq!(again.unwrap_err().to_string(), "block 3: index is 2, expected 3");
    }
}

#[test]
fn too_large_block_is_refused_before_writing() {
    let rules = classic_at(1);
    let zeros = "\u{e9}".repeat(6 << 20);
    let json = format!(
        "{{\"index\": 1, \"previous_hash\": 1, \"proof\": 1, \"timestamp\": 1, \"transactions\": \
         [{{\"amount\": 1, \"recipient\": \"{zeros}\", \"sender\": \"a\"}}]}}"
    );
    assert!(json.len() < rules.limits().block_bytes);
    let refused = rules.begin(Proofs::Checked).push(json.as_bytes(), now()).map(drop).unwrap_err();
    let expected = "block 1: not well-formed: its canonical text has more than 33554432 bytes";
    assert_eq!(refused.to_string(), expected);
    assert!(matches!(refused, BlockError::Parse { height: 1, .. }));
}

#[test]
fn members_are_cut_out_of_the_text() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let next = mined(&*rules, &state, "[\"proof\": {,}]", Vec::new());
    let block = next.block();
    assert_eq!(block.member("index"), Some("2"));
    assert_eq!(block.member("previous_hash"), Some(&*format!("\"{}\"", genesis.hash())));
    assert_eq!(genesis.member("previous_hash"), Some("1"));
    assert_eq!(genesis.member("timestamp"), Some("1506057125.900785"));
    assert_eq!(genesis.member("transactions"), Some("[]"));
    let reward = "[{\"amount\": 1, \"recipient\": \"[\\\"proof\\\": {,}]\", \"sender\": \"0\"}]";
    assert_eq!(block.member("transactions"), Some(reward));
    assert_eq!(block.member("recipient"), None);
}

#[test]
fn changed_stored_block_is_refused() {
    let rules = classic_at(1);
    let (genesis, _) = rules.genesis(now());
    let (text, hash) = (genesis.text(), genesis.hash().to_string());
    let row = Stored { height: Height::GENESIS, hash: &hash, text: text.as_bytes(), saved: None };
    assert_eq!(rules.read_stored(row).unwrap(), genesis.hash());
    let read = |row| rules.read_stored(row).unwrap_err();
    let other_text = text.replace("\"proof\": 1", "\"proof\": 2");
    let compact = text.replace(": ", ":");
    assert!(matches!(read(Stored { text: b"{}", ..row }), StoredError::Parse { .. }));
    assert!(matches!(read(Stored { text: other_text.as_bytes(), ..row }), StoredError::Hash { .. }));
    assert!(matches!(read(Stored { text: compact.as_bytes(), ..row }), StoredError::Form(_)));
    let second = Stored { height: Height::new(2).unwrap(), ..row };
    assert_eq!(read(second).to_string(), "block 2: index is 1, expected 2");
}

#[test]
fn chain_resumes_after_a_stored_block() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let next = mined(&*rules, &state, "miner", Vec::new());
    let hash = genesis.hash().to_string();
    let row = Stored { height: Height::GENESIS, hash: &hash, text: genesis.text().as_bytes(), saved: None };
    let mut chain = Arc::clone(&rules).resume(row, Proofs::Checked).unwrap();
    assert_eq!(chain.tip(), Some(genesis.tip()));
    let block = chain.push(next.block().text().as_bytes(), now()).unwrap();
    assert_eq!(&block, next.block());
    let refused = rules.resume(Stored { text: b"{}", ..row }, Proofs::Checked).map(drop);
    assert!(matches!(refused, Err(StoredError::Parse { .. })));
}

#[test]
fn only_a_longer_chain_wins() {
    let rules = classic_at(1);
    let (genesis, state) = rules.genesis(now());
    let [one, other] = ["one", "other"].map(|miner| mined(&*rules, &state, miner, Vec::new()).block().tip());
    assert_ne!(one, other);
    assert!(rules.length_decides() && rules.wins(&one, &genesis.tip()) && !rules.wins(&genesis.tip(), &one));
    assert!(!rules.wins(&one, &other) && !rules.wins(&other, &one));
    let words = |tip| {
        let quantity = rules.quantity(&tip);
        (quantity.counted, quantity.number, quantity.is_one)
    };
    assert_eq!(words(genesis.tip()), ("1 block".into(), "1".into(), true));
    assert_eq!(words(one), ("2 blocks".into(), "2".into(), false));
}
