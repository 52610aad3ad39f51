//! Failed imports leave no trace: no directory, no ledger, no lock. An import into a new directory mentions the wallet.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ledger_core::Members;

use crate::harness::durable::{error, run};
use crate::harness::eventually;
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::node::Node;

fn json(chain: &[Members]) -> Vec<u8> {
    answer(&texts(chain)).into_bytes()
}

/// Runs an import at difficulty 2 into a directory.
fn import(launch: &Launch, directory: &str, input: &[u8]) -> std::process::Output {
    run(launch.folder(), &["--data-dir", directory, "--difficulty", "2", "import"], input)
}

/// The names in a directory. Empty if it does not exist.
fn names(directory: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Refused inputs: no JSON, nothing, an invalid last block, half a chain, and a chain that is not longer.
fn refused() -> Vec<Vec<u8>> {
    let mut invalid = chain(8);
    invalid.last_mut().unwrap().proof = 1;
    let whole = json(&chain(8));
    vec![b"no JSON".to_vec(), Vec::new(), json(&invalid), whole[..whole.len() / 2].to_vec(), json(&chain(1))]
}

#[test]
fn refused_import_leaves_no_new_directory() {
    for input in refused() {
        let launch = Launch::usual();
        for directory in ["data", "new/one", "./new/one/", "new/one/../two"] {
            let output = import(&launch, directory, &input);
            assert_eq!(output.status.code(), Some(1));
            assert_eq!(names(launch.folder()), ["wallet.pem"], "{directory}: {}", error(&output));
        }
    }
}

#[test]
fn refused_import_leaves_a_directory_unchanged() {
    for input in refused() {
        let launch =
            Launch::usual().file("data/wallet.pem", "of another node").file("data/diary", "dear diary");
        assert_eq!(import(&launch, "data", &input).status.code(), Some(1));
        assert_eq!(names(&launch.folder().join("data")), ["diary", "wallet.pem"]);
        assert_eq!(fs::read_to_string(launch.folder().join("data/wallet.pem")).unwrap(), "of another node");
    }
}

#[test]
fn refused_import_keeps_a_ledger_and_its_lock() {
    let node = Node::start();
    node.mine();
    let (launch, before) = (node.launch.clone(), node.chain());
    node.stop();
    let had = names(&launch.folder().join("data"));
    for input in refused() {
        assert_eq!(import(&launch, "data", &input).status.code(), Some(1));
        assert_eq!(names(&launch.folder().join("data")), had);
    }
    assert_eq!(launch.start().chain(), before);
}

/// Starts an import that waits for more than this input.
fn waiting(launch: &Launch, input: &[u8]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_node"));
    command.args(["--data-dir", "new/one", "--difficulty", "2", "import"]).current_dir(launch.folder());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(input).unwrap();
    let made = launch.folder().join("new/one/ledger.db");
    eventually("the import has started", || made.exists());
    child
}

#[test]
fn interrupted_import_leaves_nothing() {
    let whole = json(&chain(8));
    for signal in ["INT", "TERM"] {
        for input in [&whole[..0], &whole[..whole.len() / 2]] {
            let launch = Launch::usual();
            let mut child = waiting(&launch, input);
            // Its input stays open, so only the signal can end it.
            let input = child.stdin.take();
            let killed = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
            assert!(killed.unwrap().success());
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            assert_eq!(error(&output), "node: interrupted; nothing was imported");
            assert_eq!(names(launch.folder()), ["wallet.pem"]);
            drop(input);
        }
    }
}

#[test]
fn import_into_a_new_directory_mentions_the_wallet() {
    let launch = Launch::usual();
    let output = import(&launch, "data", &json(&chain(4)));
    assert_eq!(
        String::from_utf8(output.stdout.clone()).unwrap(),
        "4 blocks imported, 1 replaced; the chain has 4 now\n"
    );
    let says = error(&output);
    assert!(says.starts_with("note: a wallet is not part of a chain"), "{says}");
    assert!(says.contains(launch.folder().join("data").to_str().unwrap()), "{says}");
    let again = import(&launch, "data", &json(&chain(6)));
    assert_eq!((again.status.code(), error(&again)), (Some(0), String::new()), "the directory is not new");
}

#[test]
fn import_beside_a_wallet_does_not_mention_it() {
    let launch = Launch::usual().file("data/wallet.pem", &crate::harness::made::payments::miner().to_pem());
    let output = import(&launch, "data", &json(&chain(4)));
    assert_eq!((output.status.code(), error(&output)), (Some(0), String::new()));
}

#[test]
fn refused_start_leaves_no_new_directory() {
    let launch = Launch::usual().flag("wallet", "no-such-wallet.pem").flag("data-dir", "new/one");
    assert_eq!(launch.end().code, Some(1));
    assert_eq!(names(launch.folder()), ["wallet.pem"]);
    // No lock stays beside a file that is not a ledger.
    let launch = Launch::usual().file("data/ledger.db", "dear diary");
    assert_eq!(launch.end().code, Some(1));
    assert_eq!(names(&launch.folder().join("data")), ["ledger.db"]);
}
