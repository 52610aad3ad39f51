//! Refusals and their messages.

use std::sync::Arc;

use ledger_core::classic::Classic;
use ledger_core::seam::{Erased, Proofs, RuleSet};
use ledger_core::{
    Amount, Block, ChainReader, ClassicRules, Difficulty, Height, MAX_DEPTH, Members, NodeAddress, Pool,
    RuleViolation, SignedTransaction, StreamError, Timestamp, Transaction, verify_chain,
};

const GOOD: &str = r#"{"index":1,"timestamp":1.5,"transactions":[{"sender":"a","recipient":"b","amount":5}],"proof":1,"previous_hash":1}"#;

fn refusal(from: &str, to: &str) -> String {
    let json = GOOD.replace(from, to);
    assert_ne!(json, GOOD, "{from} is not in the good block");
    Members::from_json(json.as_bytes()).unwrap_err().to_string()
}

#[test]
fn malformed_member_of_a_block_is_named() {
    assert!(Members::from_json(GOOD.as_bytes()).is_ok());
    for (from, to, says) in [
        ("\"index\":1", "\"index\":1.0", "index must be an integer from 0 to 2^64 - 1, not 1.0"),
        ("\"index\":1", "\"index\":-1", "not -1"),
        ("\"proof\":1", "\"proof\":18446744073709551616", "proof must be an integer from 0 to 2^64 - 1"),
        ("\"proof\":1", "\"proof\":null", "not null"),
        ("\"proof\":1", "\"proof\":true", "not a boolean"),
        ("\"proof\":1", "\"proof\":01", "expected a comma or the end of the object"),
        ("\"index\":1,", "", "missing member \"index\" in a block"),
        ("\"index\":1", "\"index\":1,\"hash\":\"\"", "unknown member \"hash\" in a block"),
        ("\"index\":1", "\"index\":1,\"\\ud800\":\"\"", "unknown member \"\\ud800\" in a block"),
        ("\"amount\":5", "\"amount\":5,\"signature\":\"x\"", "unknown member \"signature\" in a transaction"),
        ("\"sender\":\"a\"", "\"sender\":\"\\udc00x\"", "sender must be a text without half surrogate pairs"),
        ("\"sender\":\"a\"", "\"sender\":7", "not 7"),
        ("\"timestamp\":1.5", "\"timestamp\":\"1.5\"", "timestamp must be a finite float or an integer"),
        ("\"timestamp\":1.5", "\"timestamp\":NaN", "not NaN"),
        ("\"timestamp\":1.5", "\"timestamp\":-Infinity", "not -Infinity"),
        ("\"timestamp\":1.5", "\"timestamp\":1e400", "not 1e400"),
        ("\"timestamp\":1.5", "\"timestamp\":18446744073709551616", "2^64 - 1, not 18446744073709551616"),
        ("\"timestamp\":1.5", "\"timestamp\":null", "not null"),
        (
            "\"previous_hash\":1",
            "\"previous_hash\":2",
            "previous_hash must be a text of 64 lower-case hex digits or, in a genesis, 1, not 2",
        ),
        ("\"previous_hash\":1", "\"previous_hash\":1.0", "not 1.0"),
        ("\"previous_hash\":1", "\"previous_hash\":\"AB\"", "or, in a genesis, 1, not another text"),
        ("[{\"sender\":\"a\"", "[5,{\"sender\":\"a\"", "a transaction must be an object, not 5"),
    ] {
        let message = refusal(from, to);
        assert!(message.contains(says), "{to}: {message}");
    }
}

#[test]
fn too_deep_value_is_refused() {
    assert!(Members::from_json("[".repeat(1_000_000).as_bytes()).is_err());
    let nested = |levels: usize| format!("\"amount\":{}{}", "[".repeat(levels), "]".repeat(levels));
    let message = refusal("\"amount\":5", &nested(MAX_DEPTH + 1));
    assert!(message.contains("expected at most 100,000 levels"), "{message}");
    let deepest = GOOD.replace("\"amount\":5", &nested(MAX_DEPTH));
    assert!(Members::from_json(deepest.as_bytes()).is_ok());
}

#[test]
fn minus_zero_is_zero_but_minus_zero_point_zero_is_not() {
    let [minus, zero, float] = ["-0", "0", "-0.0"].map(|json| Amount::from_json(json).unwrap());
    assert_eq!(minus, zero);
    assert_eq!(float.to_string(), "-0.0");
}

#[test]
fn only_positive_decimal_amounts_can_be_paid() {
    let payable = |json: &str| Amount::from_json(json).unwrap().check_payable();
    for json in ["5", "5.0", "0.1", "1e-5", "\"5\"", "\"0.25\"", "\"007\"", "18446744073709551615"] {
        assert_eq!(payable(json), Ok(()), "{json}");
    }
    for json in ["0", "-5", "-0.0", "0.0", "1e-400", "\"0\"", "\"00\"", "\"-5\"", "\"0.00\""] {
        let message = payable(json).unwrap_err().to_string();
        assert!(message.contains("greater than zero"), "{json}: {message}");
    }
    for json in [
        "\"\"",
        "\"five\"",
        "\" 5\"",
        "\"+5\"",
        "\"5e1\"",
        "\".5\"",
        "\"5.\"",
        "\"1.2.3\"",
        "\"٥\"",
        "\"NaN\"",
    ] {
        let message = payable(json).unwrap_err().to_string();
        assert!(message.contains("decimal number") && message.contains(", not \""), "{json}: {message}");
    }
    assert!(payable(&format!("\"{}\"", "9".repeat(5000))).unwrap_err().to_string().contains("5000"));
}

#[test]
fn reward_sender_cannot_pay() {
    let error = SignedTransaction::new(Transaction::reward("me", 5), "x".into()).unwrap_err();
    assert!(error.to_string().starts_with("sender \"0\""));
}

#[test]
fn violation_names_block_rule_and_both_sides() {
    let rules = ClassicRules::new(Difficulty::new(1).unwrap());
    assert_eq!(verify_chain(rules, []).unwrap_err(), RuleViolation::Empty);

    let genesis = Block::genesis(Timestamp::from_micros(0));
    let stale = Members { index: 2, ..genesis.members().clone() };
    let now = Timestamp::from_micros(0);
    let mut chain = Arc::new(Erased(Classic::new(rules, 1u64.into()))).begin(Proofs::Checked);
    chain.push(genesis.text().as_bytes(), now).unwrap();
    let message = chain.push(stale.to_string().as_bytes(), now).unwrap_err().to_string();
    assert_eq!(message, format!("block 2: previous_hash is 1, but block 1 hashes to {}", genesis.hash()));

    let puzzle = rules.puzzle_after(&genesis);
    let proof = (0..).find(|proof| !puzzle.is_solved_by(*proof)).unwrap();
    let unproved = Members { previous_hash: ledger_core::PreviousHash::Hash(genesis.hash()), proof, ..stale };
    let message = chain.push(unproved.to_string().as_bytes(), now).unwrap_err().to_string();
    assert!(
        message.starts_with(&format!("block 2: proof {proof} does not solve the puzzle of block 1")),
        "{message}"
    );
    assert!(message.contains(&puzzle.guess_hash(proof).to_string()), "{message}");
    assert_eq!(chain.tip().unwrap().height, Height::GENESIS, "a refused block changes nothing");
}

#[test]
fn genesis_with_transactions_is_refused() {
    let rules = ClassicRules::new(Difficulty::default());
    let reward = Transaction::reward("me", 1u64);
    let genesis =
        Members { transactions: vec![reward.clone(), reward], ..Members::genesis(Timestamp::from_micros(0)) };
    let violation = verify_chain(rules, [&genesis.into()]).unwrap_err();
    assert_eq!(violation, RuleViolation::GenesisTransactions { found: 2 });
    assert_eq!(violation.block(), Some(1));
    assert_eq!(violation.to_string(), "block 1: a genesis holds no transactions, and this one has 2");
}

#[test]
fn genesis_has_index_1_and_accepts_the_text_1_as_previous_hash() {
    let rules = ClassicRules::new(Difficulty::default());
    let genesis = Members::genesis(Timestamp::from_micros(0));
    let second = Members { index: 2, ..genesis.clone() };
    assert_eq!(verify_chain(rules, [&second.into()]), Err(RuleViolation::Index { expected: 1, found: 2 }));
    let ancestor = Members { previous_hash: ledger_core::PreviousHash::GenesisText, proof: 100, ..genesis };
    assert!(verify_chain(rules, [&ancestor.into()]).is_ok());
}

#[test]
fn refusal_of_a_malformed_stream_names_the_byte() {
    let read = |body: &str| {
        let mut reader = ChainReader::new(40);
        reader.feed(body.as_bytes(), |_| Ok::<(), StreamError>(()))?;
        reader.finish()
    };
    assert_eq!(read("{\"chain\": [], \"length\": 0}"), Ok(()));
    assert_eq!(read("{\"length\": 0}"), Err(StreamError::NoChain));
    assert_eq!(read("{}"), Err(StreamError::NoChain));
    assert_eq!(read("{\"chain\": [], \"chain\": []}"), Err(StreamError::NoChain));
    assert_eq!(read("{\"chain\": [{\"a\": 1"), Err(StreamError::Truncated { offset: 18 }));
    assert_eq!(
        read(&format!("{{\"chain\": [{{\"a\": \"{}", "x".repeat(50))),
        Err(StreamError::TooLong { offset: 11, limit: 40 })
    );
    for (body, offset) in [
        ("<html>", 0),
        ("[]", 0),
        ("{\"chain\": 5}", 10),
        ("{\"chain\": [5]}", 11),
        ("{\"length\" 5}", 10),
        ("{\"length\": }", 11),
        ("{\"chain\": []} x", 14),
        ("{\"length\": nope, \"chain\": []}", 11),
    ] {
        assert!(
            matches!(read(body), Err(StreamError::Syntax { offset: at, .. }) if at == offset),
            "{body}: {:?}",
            read(body)
        );
    }
}

#[test]
fn only_jsons_white_space_is_accepted() {
    let read = |body: &str| {
        let mut reader = ChainReader::new(200);
        reader.feed(body.as_bytes(), |block| {
            Members::from_json(block).unwrap();
            Ok::<(), StreamError>(())
        })?;
        reader.finish()
    };
    let spaced = |space: &str| {
        let parts = ["{", "\"chain\"", ":", "[", GOOD, ",", GOOD, "]", ",", "\"length\"", ":", "2", "}"];
        parts.map(|part| format!("{space}{part}")).concat() + space
    };
    assert_eq!(read(&spaced(" \t\r\n")), Ok(()));
    assert_eq!(read("{\"\\u0063hain\": [], \"\\ud800\": [NaN, -Infinity, 1e400]}"), Ok(()));
    for space in ["\u{c}", "\u{b}", "\u{a0}", "\u{feff}", "\u{2028}", "\u{85}", "\0", "/**/"] {
        let body = spaced(space);
        for (at, _) in body.match_indices(space) {
            let one = format!("{}{}", body[..at].replace(space, ""), body[at..].replacen(space, "\u{1}", 1));
            let one = one.replace(space, "").replace('\u{1}', space);
            assert!(matches!(read(&one), Err(StreamError::Syntax { .. })), "{space:?} at {at}");
        }
    }
}

#[test]
fn node_address_is_host_and_port_only() {
    for (text, is) in [
        ("http://localhost:5001", "localhost:5001"),
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("http://[::1]:5000/", "[::1]:5000"),
        ("A.example.:1", ""),
    ] {
        assert_eq!(
            text.parse::<NodeAddress>().map(|address| address.to_string()).unwrap_or_default(),
            is,
            "{text}"
        );
    }
    for text in [
        "",
        "localhost",
        "http://localhost",
        "https://localhost:5001",
        "localhost:0",
        "localhost:65536",
        "localhost:+80",
        "user@localhost:80",
        "http://localhost:5001/chain",
        "local host:5001",
        ":5001",
        "[::1:5001",
        "ftp:21/x",
        "localhost:5001?x",
        "l\u{f6}calhost:80",
    ] {
        assert!(text.parse::<NodeAddress>().is_err(), "{text}");
    }
    let long = format!("{}:80", "x".repeat(100_000)).parse::<NodeAddress>().unwrap_err();
    assert!(long.to_string().len() < 500);
}

#[test]
fn full_pool_refuses_payments_and_keeps_its_own() {
    let payment = |to: &str| {
        let payment = Transaction { amount: 5.into(), recipient: to.into(), sender: "a".into() };
        let signed = SignedTransaction::new(payment, String::new()).unwrap();
        signed.verify_with(|_, _, _| Ok::<(), ()>(())).unwrap()
    };
    let mut pool = Pool::new(100);
    assert_eq!(pool.add(payment("bob")), Ok(0));
    assert_eq!(pool.add(payment("carol")), Ok(1));
    let message = pool.add(payment("dave")).unwrap_err().to_string();
    assert!(message.contains("100 bytes"), "{message}");
    assert_eq!(pool.len(), 2);
    pool.restore(pool.front(), payment("erin"));
    let recipient = |text: &str| text.parse::<Transaction<'_>>().unwrap().recipient.to_string();
    let order: Vec<String> = pool.entries().map(|(_, payment)| recipient(payment.text())).collect();
    assert_eq!(order, ["erin", "bob", "carol"]);
    pool.remove([-1, 0, 7]);
    assert_eq!(pool.add(payment("dave")), Ok(2));
}
