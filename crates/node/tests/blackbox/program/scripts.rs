//! The clients in scripts/ against a real node, and `sigscript` from key to block.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::harness::durable::{error, run};
use crate::harness::launch::Launch;
use crate::harness::made::payments::{alice, pay};
use crate::harness::node::Node;
use crate::harness::peer::Peer;
use crate::payments::any_value::{adopting, odd_chain};

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts").canonicalize().unwrap()
}

/// Cargo's build directory.
fn target() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_node")).ancestors().nth(2).unwrap()
}

/// Runs a line of bash after sourcing `rc`, with the words as arguments.
fn shell(node: &Node, line: &str, words: &[&str], typed: &str) -> Output {
    let all = format!(r#". "{}/rc" "$0" 2>/dev/null; {line}"#, scripts().display());
    let mut command = Command::new("bash");
    command.arg("-c").arg(all).arg(node.url("")).args(words).env("CARGO_TARGET_DIR", target());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.env_remove("LEDGER_NODE").spawn().unwrap();
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Runs a client. Checks its box and heading, and returns its JSON.
fn client(node: &Node, words: &[&str], typed: &str, heading: &str) -> Value {
    let done = shell(node, r#""$@""#, words, typed);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(0), "{said}");
    for part in ["From", "Action", &node.url(""), heading] {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Runs sigscript and returns its output.
fn sigscript(node: &Node, recipient: &str, amount: &str) -> String {
    let words = ["sigscript", alice().address().as_str(), recipient, amount, "-"];
    let done = shell(node, r#""$@""#, &words, &alice().secret());
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.is_empty(), "{said}");
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn rc_asks_for_the_address_and_exports_it() {
    let node = Node::start();
    let line = r#"unset LEDGER_NODE; . "$1/rc"; bash -c 'echo "$LEDGER_NODE"'; command -v mine"#;
    let done =
        shell(&node, &line.replace("$1", scripts().to_str().unwrap()), &[], &format!("{}\n", node.address));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(
        said.contains("Please enter your Blockchain address:") && said.contains("Initiated client"),
        "{said}"
    );
    let expected = format!("{}\n{}\n", node.url(""), scripts().join("mine").display());
    assert_eq!(String::from_utf8(done.stdout).unwrap(), expected);
}

#[test]
fn rc_shows_the_node_in_the_prompt() {
    let node = Node::start();
    let line = format!(r#"PS1='$ '; . "{}/rc" "$0" 2>/dev/null; echo "$PS1""#, scripts().display());
    let done = shell(&node, &line, &[], "");
    assert_eq!(String::from_utf8(done.stdout).unwrap(), format!("node: [{}]: $ \n", node.url("")));
}

#[test]
fn mine_shows_the_new_block() {
    let node = Node::start();
    let mined = client(&node, &["mine"], "", "Mined a new block");
    assert_eq!((&mined["index"], &mined["message"]), (&json!(2), &json!("New Block Created")));
    assert_eq!(node.chain().len(), 2);
}

#[test]
fn chain_shows_the_chain() {
    let node = Node::start();
    node.mine();
    assert_eq!(client(&node, &["chain"], "", "chain"), node.get("/chain").json());
}

#[test]
fn transactions_shows_the_pool() {
    let node = Node::start();
    node.accept(&pay("Zoë", "\"5\""));
    assert_eq!(client(&node, &["transactions"], "", "pool"), node.get("/transactions").json());
}

#[test]
fn secret_appears_on_the_nodes_console_only() {
    let node = Node::start();
    let answer = client(&node, &["secret"], "", "console of the node");
    assert_eq!(answer, json!({"message": "secret sent in console..."}));
    assert_eq!(node.stop().stdout.len(), 3);
}

#[test]
fn register_and_nodes_show_the_neighbours() {
    let node = Node::start();
    let answer = client(&node, &["register", "localhost:7002", "http://localhost:7001"], "", "Registered");
    let listed = json!(["localhost:7001", "localhost:7002"]);
    assert_eq!(answer["total_nodes"], listed);
    client(&node, &["register"], "localhost:7003\n", "Registered");
    assert_eq!(client(&node, &["nodes"], "", "Neighbour nodes")["length"], json!(3));
    assert_eq!(client(&node, &["peers"], "", "Peers")["length"], json!(3));
}

#[test]
fn resolve_reports_each_neighbours_outcome() {
    let (node, other) = (Node::start(), Node::start());
    let says = |node: &Node| {
        let done = shell(node, "resolve", &[], "");
        assert_eq!(done.status.code(), Some(0));
        assert_eq!(done.stdout.iter().filter(|&&byte| byte == b'\n').count(), 1, "only the node's answer");
        String::from_utf8(done.stderr).unwrap().split_once("Resolved conflicts\n\n").unwrap().1.to_owned()
    };
    assert_eq!(
        says(&node),
        "the node has no neighbours; register some, as in: register http://localhost:5001\n"
    );
    other.mine();
    let page = Peer::with_body("[{\"chain\": []}]");
    node.register(&[&other.address.to_string(), &page.address(), "localhost:1"]);
    let expected = |outcome: &str| {
        let taken = format!("{}: {outcome}", other.address);
        let failed = format!(
            "{}: not a ledger node: not a chain in JSON, but a list; a chain is an object, as {{\"chain\": [\\u2026], \"length\": 3}}",
            page.address()
        );
        let mut lines = [taken, failed];
        lines.sort();
        lines.join("\n") + "\nlocalhost:1: no answer: nothing listens there (connection refused)\n"
    };
    assert_eq!(says(&node), expected("adopted: 2 new, instead of 1 of ours; our chain now has 2 blocks"));
    assert_eq!(says(&node), expected("not longer: its 2 blocks are valid, but not more than our 2"));
}

#[test]
fn resolve_takes_the_longer_chain() {
    let (node, other) = (Node::start(), Node::start());
    other.mine();
    client(&node, &["register", &other.url("")], "", "Registered");
    let answer = client(&node, &["resolve"], "", "Resolved");
    assert_eq!(answer["message"], json!("Our chain was replaced"));
    assert_eq!(node.chain(), other.chain());
    assert_eq!(client(&node, &["resolve"], "", "Resolved")["message"], json!("Our chain is authoritative"));
}

#[test]
fn sigscript_payment_reaches_a_block() {
    let node = Node::start();
    for (place, (recipient, amount)) in [("bob", "5"), ("Zoë \"🎉\"", "0.50")].into_iter().enumerate() {
        let signature = sigscript(&node, recipient, amount);
        let typed = format!("{}\n{recipient}\n{amount}\n{signature}", alice().address());
        let answer = client(&node, &["sendTransaction"], &typed, "Sent a transaction");
        assert_eq!(answer, json!({"message": "Transaction will be added to Block 2"}));
        assert_eq!(node.pool()[place], pay(recipient, &json!(amount).to_string()).transaction());
    }
    let pool = node.pool();
    assert_eq!(client(&node, &["mine"], "", "Mined")["index"], json!(2));
    assert_eq!(node.chain()[1].transactions[..2], pool);
}

#[test]
fn sigscript_signs_what_the_wallet_signs() {
    let node = Node::start();
    assert_eq!(sigscript(&node, "bob", "5"), format!("{}\n", pay("bob", "5").signature));
}

#[test]
fn sender_sees_a_refusal() {
    let node = Node::start();
    let words = ["sendTransaction", alice().address().as_str(), "bob", "5", "AAAA"];
    let done = shell(&node, r#""$@""#, &words, "");
    assert_eq!((done.status.code(), done.stdout), (Some(1), Vec::new()));
    assert!(String::from_utf8(done.stderr).unwrap().contains("401: Signature verification failure"));
    assert!(node.pool().is_empty());
}

/// The chain holds 5.0, 1e400, NaN and lone surrogates, which JSON tools change or refuse.
#[test]
fn chain_file_matches_the_answer_and_imports() {
    let node = adopting(&Launch::usual(), &odd_chain().1);
    let backup = node.launch.folder().join("backup.json");
    let done = shell(&node, r#"chain >"$1""#, &[backup.to_str().unwrap()], "");
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout), (Some(0), Vec::new()), "{said}");
    assert!(said.contains("Current chain"), "{said}");
    assert_eq!(std::fs::read_to_string(&backup).unwrap(), node.get("/chain").text);

    let words = ["import", backup.to_str().unwrap(), "--data-dir", "restored", "--difficulty", "2"];
    let imported = run(node.launch.folder(), &words, b"");
    assert!(imported.status.success(), "{}", error(&imported));
    let restored = node.launch.clone().flag("data-dir", "restored").start();
    assert_eq!(restored.get("/chain").text, node.get("/chain").text);
}
