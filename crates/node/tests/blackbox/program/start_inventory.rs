//! A start logs what it found and what it created, with absolute paths, and handles missing parts.

use std::fs;
use std::path::PathBuf;

use wallet::Wallet;

use crate::harness::durable::{assert_one_line, database, open, run};
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, chain, texts};
use crate::harness::made::payments::miner;
use crate::harness::node::Node;

/// A node with its wallet in the data directory.
fn launch() -> Launch {
    Launch::usual().without("wallet")
}

fn data(launch: &Launch, name: &str) -> PathBuf {
    launch.folder().join("data").join(name)
}

/// The folder of a stopped node that mined for its own wallet.
fn mined() -> Launch {
    let launch = launch().file("data/wallet.pem", &miner().to_pem());
    let node = launch.start();
    (0..2).for_each(|_| drop(node.mine()));
    node.stop();
    launch
}

/// Log lines up to `listening`.
fn start_of(node: &Node) -> Vec<String> {
    let log = node.log.clone();
    node.signal("TERM");
    let mut lines = log.to_end();
    lines.truncate(lines.iter().position(|line| line.contains("listening on")).unwrap());
    lines
}

fn assert_says(lines: &[String], words: &[&str]) {
    let has_all = |line: &&String| words.iter().all(|words| line.contains(words));
    assert!(lines.iter().any(|line| has_all(&line)), "no line with {words:?} in {lines:#?}");
}

fn assert_no_warning(lines: &[String]) {
    // Ignore the warning on permissions: test directories are readable by others.
    let of_start = |line: &&String| line.contains(" WARN ") && !line.contains("can be read by others");
    assert_eq!(lines.iter().find(of_start), None, "{lines:#?}");
}

/// A wallet's fingerprint, as the log shows it.
fn name(wallet: &Wallet) -> String {
    wallet.address().fingerprint()
}

#[test]
fn first_start_lists_created_files() {
    let launch = launch();
    let lines = start_of(&launch.start());
    let path = |name| data(&launch, name).to_str().unwrap().to_owned();
    assert_says(&lines, &["chain: 1 block, tip ", &format!("created in {}", path("ledger.db"))]);
    assert_says(&lines, &["wallet ", &format!("created in {}", path("wallet.pem"))]);
    let missing = launch.folder().join("config/node.toml");
    assert_says(&lines, &["settings: defaults, as there is no ", missing.to_str().unwrap(), "difficulty 2"]);
    assert_no_warning(&lines);
}

#[test]
fn later_start_lists_found_files() {
    let launch = mined().file("config/node.toml", "miningReward = 3\n");
    let lines = start_of(&launch.start());
    let path = |name| data(&launch, name).to_str().unwrap().to_owned();
    let found = format!("found in {}, last written ", path("ledger.db"));
    assert_says(&lines, &["chain: 3 blocks, tip ", &found, " ago"]);
    assert_says(&lines, &["wallet ", &name(miner()), &format!("found in {}", path("wallet.pem"))]);
    let config = launch.folder().join("config/node.toml");
    assert_says(&lines, &["settings: ", config.to_str().unwrap(), "mining reward 3"]);
    assert_no_warning(&lines);
}

#[test]
fn configured_files_are_listed_with_absolute_paths() {
    let launch =
        Launch::usual().file("other.toml", "miningReward = 3\n").variable("LEDGER_CONFIG", "other.toml");
    let lines = start_of(&launch.start());
    let path = |name| launch.folder().join(name).to_str().unwrap().to_owned();
    assert_says(&lines, &["settings: ", &path("other.toml"), "mining reward 3"]);
    assert_says(&lines, &["wallet ", &format!("found in {}", path("wallet.pem"))]);
    let named = Launch::usual().file("mine.toml", "").flag("config", "mine.toml");
    assert_says(&start_of(&named.start()), &["settings: ", "/mine.toml"]);
}

#[test]
fn node_in_memory_says_so() {
    let launch = Launch::bare().without("data-dir").flag("port", "0").argument("--in-memory");
    let lines = start_of(&launch.start());
    assert_says(&lines, &["chain: 1 block, tip ", "in memory"]);
    assert_says(&lines, &["wallet ", "in memory"]);
    assert_no_warning(&lines);
}

#[test]
fn replacing_a_missing_chain_is_a_warning() {
    let launch = mined();
    fs::rename(database(&launch), launch.folder().join("away")).unwrap();
    let lines = start_of(&launch.start());
    assert_says(&lines, &[" WARN ", "ledger.db was missing beside other files", "put its ledger.db back"]);
    assert_says(&lines, &["chain: 1 block", "created in"]);
    // Do what the warning says.
    fs::rename(launch.folder().join("away"), database(&launch)).unwrap();
    let lines = start_of(&launch.start());
    assert_says(&lines, &["chain: 3 blocks", "found in"]);
    assert_no_warning(&lines);
}

#[test]
fn replacing_a_chain_beside_a_token_is_a_warning() {
    let launch = mined();
    ["ledger.db", "wallet.pem"].iter().for_each(|name| fs::remove_file(data(&launch, name)).unwrap());
    assert_says(&start_of(&launch.start()), &[" WARN ", "ledger.db was missing beside other files"]);
}

#[test]
fn missing_paid_wallet_is_not_replaced() {
    let launch = mined();
    fs::rename(data(&launch, "wallet.pem"), launch.folder().join("saved.pem")).unwrap();
    let before = fs::read(database(&launch)).unwrap();
    let path = data(&launch, "wallet.pem");
    let words = [path.to_str().unwrap(), "is missing", &name(miner()), "--wallet FILE", "--new-wallet"];
    assert_one_line(&launch.end(), &words);
    assert!(fs::read(database(&launch)).unwrap() == before && !path.exists());
    let named = launch.clone().flag("wallet", "saved.pem").start();
    assert_eq!(named.chain().len(), 3);
    named.stop();
    assert_one_line(&launch.end(), &["is missing"]);
    fs::rename(launch.folder().join("saved.pem"), &path).unwrap();
    assert_no_warning(&start_of(&launch.start()));
}

#[test]
fn wallet_lost_after_a_kill_is_not_replaced() {
    let launch = launch().file("data/wallet.pem", &miner().to_pem());
    let node = launch.start();
    node.mine();
    node.signal("KILL");
    node.ended();
    fs::remove_file(data(&launch, "wallet.pem")).unwrap();
    assert_one_line(&launch.end(), &["wallet.pem is missing", &name(miner())]);
}

#[test]
fn new_wallet_flag_creates_a_wallet_with_a_warning() {
    let launch = mined();
    fs::remove_file(data(&launch, "wallet.pem")).unwrap();
    let lines = start_of(&launch.clone().argument("--new-wallet").start());
    assert_says(&lines, &["wallet ", "created in"]);
    let key = format!("only the key of wallet {}", name(miner()));
    assert_says(&lines, &[" WARN ", "last used with wallet", &name(miner()), &key]);
    assert_no_warning(&start_of(&launch.start()));
}

#[test]
fn changed_wallet_is_reported_with_both_names() {
    let launch = mined();
    let other = Wallet::generate().unwrap();
    let launch = launch.file("data/wallet.pem", &other.to_pem());
    let key = format!("only the key of wallet {}", name(miner()));
    let words = [" WARN ", &name(miner()), &name(&other), &key];
    assert_says(&start_of(&launch.start()), &words);
    assert_no_warning(&start_of(&launch.start()));
}

#[test]
fn missing_unpaid_wallet_is_replaced() {
    let launch = launch();
    launch.start().stop();
    fs::remove_file(data(&launch, "wallet.pem")).unwrap();
    let lines = start_of(&launch.start());
    assert_says(&lines, &["wallet ", "created in"]);
    assert_no_warning(&lines);
}

#[test]
fn imported_chain_reports_a_missing_wallet() {
    let launch = launch();
    let flags = ["--data-dir", "data", "--difficulty", "2", "import"];
    assert!(run(launch.folder(), &flags, answer(&texts(&chain(4))).as_bytes()).status.success());
    let lines = start_of(&launch.start());
    assert_says(&lines, &["chain: 4 blocks", "found in"]);
    assert_says(&lines, &[" WARN ", "wallet.pem was missing beside a chain", "put its wallet.pem there"]);
}

#[test]
fn missing_wallet_of_an_older_layout_is_replaced_with_a_warning() {
    let launch = mined();
    open(&launch).execute_batch("DROP TABLE wallet; PRAGMA user_version = 3").unwrap();
    fs::remove_file(data(&launch, "wallet.pem")).unwrap();
    assert_says(&start_of(&launch.start()), &[" WARN ", "wallet.pem was missing beside a chain"]);
}

#[test]
fn restored_older_backup_logs_its_length() {
    let launch = mined();
    let backup = fs::read(database(&launch)).unwrap();
    let node = launch.start();
    (0..3).for_each(|_| drop(node.mine()));
    node.stop();
    fs::write(database(&launch), backup).unwrap();
    let lines = start_of(&launch.start());
    assert_says(&lines, &["chain: 3 blocks", "found in", "last written"]);
    assert_no_warning(&lines);
}
