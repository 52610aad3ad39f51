//! `node verify`, `node export` and `node import`: inputs, refusals, and that a refusal changes nothing.

use std::path::Path;

use ledger_core::Members;

use crate::harness::durable::{database, error, run, staged};
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, grown, texts};
use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// Runs a command at difficulty 2 on a usual node's directory.
fn on_data(launch: &Launch, command: &[&str], input: &[u8]) -> std::process::Output {
    let flags = ["--data-dir", "data", "--difficulty", "2"];
    run(launch.folder(), &[flags.as_slice(), command].concat(), input)
}

/// Runs a command that must succeed, and returns its output.
fn works(launch: &Launch, command: &[&str], input: &[u8]) -> String {
    let output = on_data(launch, command, input);
    assert!(output.status.success(), "{command:?}: {}", error(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail with one line, and returns the line.
fn refused(launch: &Launch, command: &[&str], input: &[u8]) -> String {
    let output = on_data(launch, command, input);
    let line = error(&output);
    assert_eq!((output.status.code(), line.lines().count()), (Some(1), 1), "{command:?}: {line}");
    assert!(line.starts_with("node: "), "{line}");
    line
}

fn json(chain: &[Members]) -> Vec<u8> {
    answer(&texts(chain)).into_bytes()
}

/// A folder with five blocks and a waiting payment.
fn used() -> Launch {
    let node = Node::start();
    for number in 0..4 {
        node.accept(&pay(&format!("recipient {number}"), "5"));
        node.mine();
    }
    node.accept(&pay("who waits", "7.5"));
    let launch = node.launch.clone();
    node.stop();
    launch
}

/// Checks that an import fails with these words and changes nothing.
fn assert_import_refused(launch: &Launch, input: &[u8], words: &[&str]) {
    let before = works(launch, &["export"], b"");
    let line = refused(launch, &["import"], input);
    words.iter().for_each(|words| assert!(line.contains(words), "no {words:?} in {line}"));
    assert_eq!((works(launch, &["export"], b""), staged(launch)), (before, 0));
}

#[test]
fn verify_and_export_create_no_ledger() {
    let launch = Launch::usual();
    for command in ["verify", "export"] {
        let line = refused(&launch, &[command], b"");
        assert_eq!(line, "node: there is no ledger in data; name its directory with --data-dir");
        assert!(!launch.folder().join("data").exists(), "{command} created a directory");
    }
}

#[test]
fn commands_find_the_directory_by_port_or_name() {
    let launch = used();
    let by_name = works(&launch, &["export"], b"");
    std::fs::create_dir_all(launch.folder().join("data2/data")).unwrap();
    std::fs::rename(launch.folder().join("data"), launch.folder().join("data2/data/node-5017")).unwrap();
    let folder = launch.folder().join("data2");
    let arguments: [&[&str]; 3] = [
        &["export", "-p", "5017"],
        &["-p", "5017", "export"],
        &["export", "--data-dir", "data/node-5017", "-p", "5018"],
    ];
    for arguments in arguments {
        let output = run(&folder, arguments, b"");
        assert_eq!(String::from_utf8_lossy(&output.stdout), by_name, "{arguments:?}: {}", error(&output));
    }
    let verify = run(&folder, &["verify", "-p", "5017", "--difficulty", "2"], b"");
    assert!(verify.status.success(), "{}", error(&verify));
}

#[test]
fn export_equals_the_nodes_answer() {
    let node = Node::start();
    (0..3).for_each(|_| drop(node.mine()));
    let answer = node.get("/chain").text;
    assert_eq!(works(&node.launch, &["export"], b""), answer);
    assert_eq!(works(&node.launch, &["export", "backup.json"], b""), "");
    assert_eq!(std::fs::read_to_string(node.launch.folder().join("backup.json")).unwrap(), answer);
    assert_eq!(works(&node.launch, &["verify"], b"").lines().count(), 1);
    assert_eq!(node.mine()["index"], 5);
}

#[test]
fn export_overwrites_no_file() {
    let launch = used().file("backup.json", "precious");
    let line = refused(&launch, &["export", "backup.json"], b"");
    assert_eq!(line, "node: backup.json already exists; name a new file");
    assert_eq!(std::fs::read_to_string(launch.folder().join("backup.json")).unwrap(), "precious");
    let line = refused(&launch, &["export", "no/such/folder/backup.json"], b"");
    assert_eq!(line, "node: cannot write no/such/folder/backup.json: there is no such file or directory");
    assert_eq!(std::fs::read_dir(launch.folder()).unwrap().count(), 3, "data, wallet.pem and backup.json");
}

#[test]
fn export_ends_when_its_reader_leaves() {
    let launch = used();
    let command = format!("{} --data-dir data export | head -c 10", env!("CARGO_BIN_EXE_node"));
    let output =
        std::process::Command::new("sh").args(["-c", &command]).current_dir(launch.folder()).output();
    assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), "{\"chain\": ");
}

#[test]
fn export_can_be_imported() {
    let (launch, other) = (used(), Launch::usual());
    works(&launch, &["export", "backup.json"], b"");
    let backup = launch.folder().join("backup.json");
    let says = works(&other, &["import", backup.to_str().unwrap()], b"");
    assert_eq!(says, "5 blocks imported, 1 replaced; the chain has 5 now\n");
    assert_eq!(works(&other, &["export"], b""), works(&launch, &["export"], b""));
    works(&other, &["verify"], b"");
    assert_eq!(other.start().chain(), launch.start().chain());
}

#[test]
fn import_reads_standard_input() {
    let (launch, other) = (used(), Launch::usual());
    let exported = works(&launch, &["export"], b"");
    works(&other, &["import"], exported.as_bytes());
    assert_eq!(works(&other, &["export"], b""), exported);
}

#[test]
fn import_reads_length_before_the_chain() {
    let longer = chain(7);
    let blocks: Vec<serde_json::Value> =
        texts(&longer).iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let pretty = serde_json::to_string_pretty(&blocks).unwrap();
    let launch = used();
    let input = format!("{{\n    \"length\": 7,\n    \"chain\": {pretty}\n}}\n");
    let says = works(&launch, &["import"], input.as_bytes());
    assert_eq!(says, "7 blocks imported, 5 replaced; the chain has 7 now\n");
    assert_eq!(works(&launch, &["export"], b"").into_bytes(), [json(&longer), b"\n".to_vec()].concat());
}

#[test]
fn payments_missing_in_an_import_wait() {
    let launch = used();
    works(&launch, &["import"], &json(&chain(7)));
    let node = launch.start();
    let waiting: Vec<String> = node.pool().into_iter().map(|payment| payment.recipient.to_string()).collect();
    assert_eq!(waiting, ["recipient 0", "recipient 1", "recipient 2", "recipient 3", "who waits"]);
    assert_eq!(works(&launch, &["verify"], b"").lines().count(), 1);
}

#[test]
fn import_must_be_longer() {
    let launch = used();
    let ours = works(&launch, &["export"], b"");
    let words = ["does not win over ours: it has 5 blocks, ours has 5;", "nothing has changed"];
    assert_import_refused(&launch, ours.as_bytes(), &words);
    assert_import_refused(&launch, &json(&chain(5)), &words);
    assert_import_refused(&launch, &json(&chain(2)), &["it has 2 blocks, ours has 5;"]);
    assert_import_refused(&launch, &json(&chain(1)), &["it has 1 block, ours has 5;"]);
}

#[test]
fn invalid_import_is_refused_with_its_block() {
    let launch = used();
    let refused = "chain refused; nothing was imported";
    let mut unlinked = chain(8);
    unlinked[5].transactions.clear();
    assert_import_refused(&launch, &json(&unlinked), &[refused, "block 7: previous_hash is "]);
    let mut unproven = chain(8);
    unproven.last_mut().unwrap().proof = 1;
    assert_import_refused(&launch, &json(&unproven), &[refused, "block 8: proof 1 does not solve"]);
    let mut swapped = chain(8);
    swapped.swap(3, 4);
    assert_import_refused(&launch, &json(&swapped), &[refused, "block 4: index is 5, expected 4"]);
}

#[test]
fn import_without_a_chain_is_refused() {
    let launch = used();
    let refused = "chain refused; nothing was imported";
    let whole = json(&grown(chain(2), 6));
    for input in
        [b"".as_slice(), b"no JSON", b"[]", b"{\"length\": 3}", b"{\"chain\": []}", b"{\"chain\": [{}]}"]
    {
        assert_import_refused(&launch, input, &[refused]);
    }
    assert_import_refused(&launch, &whole[..whole.len() - 20], &[refused]);
    assert_import_refused(&launch, &whole[..whole.len() / 2], &[refused]);
    assert_import_refused(&launch, &[whole.as_slice(), b"and more"].concat(), &[refused]);
}

#[test]
fn import_of_a_missing_file_is_refused() {
    let launch = used();
    let line = refused(&launch, &["import", "nothing.json"], b"");
    assert!(line.starts_with("node: cannot read nothing.json: "), "{line}");
    let empty = Launch::usual();
    refused(&empty, &["import", "nothing.json"], b"");
    assert!(!database(&empty).exists(), "a failed import created a ledger");
}

#[test]
fn import_at_another_difficulty_says_so() {
    let launch = Launch::usual();
    let chain = json(&chain(8));
    let flags = ["--data-dir", "data", "--difficulty", "6", "import"];
    let output = run(launch.folder(), &flags, &chain);
    assert_eq!(output.status.code(), Some(1));
    assert!(error(&output).contains("does not start with 6 zeros"), "{}", error(&output));
}

#[test]
fn import_beside_a_running_node_is_refused() {
    let node = Node::start();
    let line = refused(&node.launch, &["import"], &json(&chain(8)));
    assert!(line.contains("is in use by another node"), "{line}");
    assert_eq!(node.chain().len(), 1);
    node.mine();
}

#[test]
fn import_creates_its_directory() {
    let folder = Launch::usual();
    let flags = ["--data-dir", "new/one", "--difficulty", "2", "import"];
    let output = run(folder.folder(), &flags, &json(&chain(4)));
    assert!(output.status.success(), "{}", error(&output));
    assert!(folder.folder().join(Path::new("new/one/ledger.db")).exists());
}
