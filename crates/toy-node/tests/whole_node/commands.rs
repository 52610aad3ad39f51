//! The program's other commands, and chains of other rules.

use ledger_core::seam::Options;
use ledger_core::{Difficulty, RULE_SETS};
use node::ledger::Ledger;
use node::store::DataDir;

use crate::harness::durable::{assert_one_line, run};
use crate::harness::launch::Launch;
use crate::toy::{assert_stores, at, chain, mined};

/// Runs a command on a data directory, and returns what it printed.
fn works(launch: &Launch, directory: &str, command: &[&str]) -> String {
    let output = run(launch.folder(), &[&["--data-dir", directory], command].concat(), b"");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn exported_chain_is_imported_unchanged() {
    let node = mined(2, 3);
    let (before, shown) = (chain(&node), node.get("/chain").text);
    let launch = assert_stores(node);
    works(&launch, "data", &["export", "chain.json"]);
    let exported = std::fs::read_to_string(launch.folder().join("chain.json")).unwrap();
    assert_eq!(exported, shown);
    let says = works(&launch, "new", &["import", "chain.json"]);
    assert_eq!(says, "3 blocks imported, 0 replaced; the chain has 4 now\n");
    let node = launch.flag("data-dir", "new").start();
    assert_eq!(chain(&node), before);
    node.mine();
}

#[test]
fn lighter_chain_is_not_imported() {
    let (long, heavy) = (mined(1, 3).launch.clone(), mined(3, 1).launch.clone());
    works(&long, "data", &["export", "chain.json"]);
    let file = long.folder().join("chain.json").to_str().unwrap().to_owned();
    let refused = heavy.argument("import").argument(&file).end();
    assert_one_line(&refused, &["it has weight 48, ours has 4096; nothing has changed"]);
}

#[test]
fn program_has_no_other_rules() {
    let refused = at(1).flag("rules", "classic").end();
    assert_one_line(&refused, &["unknown rule set \"classic\"; known rule sets: toy"]);
}

#[test]
fn chain_of_other_rules_is_refused() {
    let launch = at(1);
    let options = Options::new(Difficulty::new(0).unwrap(), 1_u64.into());
    let classic = (RULE_SETS[0].make)(&options).unwrap();
    let data_dir = || DataDir::take(&launch.folder().join("data")).unwrap();
    drop(Ledger::open(data_dir(), classic.clone()).unwrap());
    for launch in [launch.clone(), launch.clone().argument("verify"), launch.clone().argument("export")] {
        let words = ["block 1: not a block of these rules: ", "name them with --rules, or begin a new chain"];
        assert_one_line(&launch.end(), &words);
    }
    assert!(Ledger::open(data_dir(), classic).is_ok());
}

#[test]
fn classic_rules_refuse_the_toys_chain() {
    let launch = assert_stores(mined(1, 2));
    let options = Options::new(Difficulty::new(1).unwrap(), 1_u64.into());
    let classic = (RULE_SETS[0].make)(&options).unwrap();
    let data_dir = DataDir::take(&launch.folder().join("data")).unwrap();
    let refused = Ledger::check(data_dir, classic).unwrap_err().to_string();
    assert!(
        refused.contains("block 1: not a block of these rules: ") && refused.contains("--rules"),
        "{refused}"
    );
    assert_stores(launch.start());
}
