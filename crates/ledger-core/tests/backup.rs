//! A chain written as one text and read again.

use ledger_core::{
    Blockchain, ClassicRules, Difficulty, LoadError, Members, RuleViolation, Timestamp, Transaction,
    verify_chain,
};

fn rules() -> ClassicRules {
    ClassicRules::new(Difficulty::new(1).unwrap())
}

fn ledger(blocks: usize) -> Blockchain {
    let mut ledger = Blockchain::new(rules(), Timestamp::from_micros(1_506_057_125_900_785));
    for _ in 1..blocks {
        let proof = ledger.proof_of_work().unwrap();
        ledger.new_block(proof, Some(Transaction::reward("Zoë", 1)), Timestamp::from_micros(2)).unwrap();
    }
    ledger
}

fn load(json: impl AsRef<[u8]>) -> Result<Blockchain, LoadError> {
    Blockchain::from_json(rules(), json.as_ref())
}

#[test]
fn written_chain_is_read_and_has_a_nodes_layout() {
    let ledger = ledger(4);
    let json = ledger.to_json();
    let texts: Vec<String> = ledger.blocks().iter().map(|block| block.text().to_owned()).collect();
    assert_eq!(json, format!("{{\"chain\": [{}], \"length\": 4}}\n", texts.join(", ")));
    assert_eq!(load(&json).unwrap().blocks(), ledger.blocks());
}

/// Like a Python node's response, like jq's output, with a byte order mark, and with unknown members.
#[test]
fn any_layout_is_read() {
    let ledger = ledger(3);
    let tree: serde_json::Value = serde_json::from_str(&ledger.to_json()).unwrap();
    let compact = serde_json::to_string(&tree).unwrap();
    let pretty = serde_json::to_string_pretty(&tree).unwrap().replace('\n', "\r\n");
    let others = compact.replacen('{', "{\"message\": \"hello\", \"length\": 99, ", 1);
    for json in [format!("\u{feff}{compact}"), pretty, others, compact] {
        assert_eq!(load(&json).unwrap().blocks(), ledger.blocks(), "{json}");
    }
}

/// Python accepts values in a chain that JSON does not have.
#[test]
fn chain_with_nan_is_read() {
    let payment = Transaction { amount: "5".into(), recipient: "bob".into(), sender: "alice".into() };
    let mut blocks = ledger(1).blocks().to_vec();
    let reward = r#"{"amount": NaN, "recipient": [1e22, "\ud800"], "sender": "a"}"#.parse().unwrap();
    blocks.push(ledger(2).last_block().clone());
    blocks[1] = Members { transactions: vec![payment, reward], ..blocks[1].members().clone() }.into();
    let written = Blockchain::from_blocks(rules(), blocks).unwrap().to_json();
    assert_eq!(load(&written).unwrap().to_json(), written);
}

#[test]
fn error_names_the_block() {
    let json = ledger(3).to_json();
    for (changed, words) in [
        (
            json.replace("\"index\": 2", "\"index\": \"2\""),
            "block 2: not well-formed: index must be an integer",
        ),
        (json.replace("\"amount\": 1,", "\"amount\": 1000,"), "block 3: previous_hash is "),
        (json.replace("\"proof\": 1,", "\"prof\": 1,"), "block 1: not well-formed: unknown member \"prof\""),
        (json[..json.len() - 40].to_owned(), "at block 3: the text ended after "),
        (json.replacen(", {", " {", 1), "at block 2: at byte "),
        (json.replace("\"chain\"", "\"chian\""), "at block 1: the text must have one member \"chain\""),
        ("{\"chain\": []}".to_owned(), "the chain has no blocks"),
        (String::new(), "at block 1: the text ended after 0 bytes"),
    ] {
        let error = load(&changed).unwrap_err().to_string();
        assert!(error.starts_with(words), "{error} | {words}");
    }
}

#[test]
fn chain_is_checked_against_the_given_rules() {
    let json = ledger(2).to_json();
    let strict = ClassicRules::new(Difficulty::new(12).unwrap());
    let refused = Blockchain::from_json(strict, json.as_bytes()).unwrap_err();
    assert!(matches!(refused, LoadError::Rule(RuleViolation::Proof { block: 2, .. })), "{refused}");
    assert!(verify_chain(rules(), load(&json).unwrap().blocks()).is_ok());
}
