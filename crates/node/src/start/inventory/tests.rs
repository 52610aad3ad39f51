//! What a start says of the files that it found.

use std::fs;
use std::time::Duration;

use clap::Parser;
use ledger_core::{BlockHash, Height, Weight};
use tempfile::TempDir;

use super::*;
use crate::cli::Cli;
use crate::ledger::testing::{rewards, stage};
use crate::store::testing::rules;
use crate::telemetry::testing::Log;

fn settings(flags: &[&str]) -> Settings {
    Cli::parse_from([&["node"], flags].concat()).flags
}

/// The inventory of a directory, which is locked only meanwhile.
fn inventory(directory: &TempDir, flags: &[&str]) -> Inventory {
    Inventory::of(&DataDir::take(directory.path()).unwrap(), &settings(flags), "owner-token").unwrap()
}

fn ledger(directory: &TempDir) -> Ledger {
    Ledger::open(DataDir::take(directory.path()).unwrap(), rules()).unwrap()
}

fn tip(height: u64) -> Tip {
    Tip::new(Height::new(height).unwrap(), BlockHash::of_text("a block"), Weight::from_be_bytes([0; 32]))
}

/// A directory with these files.
fn with_files(names: &[&str]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    names.iter().for_each(|name| fs::write(directory.path().join(name), "0123456789abcdef").unwrap());
    directory
}

#[test]
fn new_directory_has_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let mut inventory = inventory(&directory, &[]);
    assert!(!inventory.had_ledger && !inventory.had_token && inventory.written.is_none());
    let path = directory.path().join("ledger.db");
    assert_eq!(inventory.chain(), format!("created in {}", path.display()));
    let (wallet, origin) = inventory.wallet(directory.path()).unwrap();
    assert_eq!(origin, Origin::Made);
    let (again, found) = self::inventory(&directory, &[]).wallet(directory.path()).unwrap();
    assert_eq!((again.address(), found), (wallet.address(), Origin::Found));
}

#[test]
fn age_of_a_chain_is_that_of_its_newest_file() {
    let directory = tempfile::tempdir().unwrap();
    drop(ledger(&directory));
    let path = directory.path().join("ledger.db");
    let old = SystemTime::now() - Duration::from_secs(3 * 86_400);
    fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    let found = format!("found in {}, last written", path.display());
    assert_eq!(inventory(&directory, &[]).chain(), format!("{found} 3 days ago"));
    fs::write(directory.path().join("ledger.db-wal"), "").unwrap();
    let newer = inventory(&directory, &[]).chain();
    assert!(newer.starts_with(&found) && newer.contains(" second"), "{newer}");
}

#[test]
fn chain_of_unknown_age_is_found_too() {
    let directory = with_files(&[]);
    let mut inventory = inventory(&directory, &[]);
    inventory.had_ledger = true;
    inventory.written = Some(SystemTime::now() + Duration::from_secs(3_600));
    assert_eq!(inventory.chain(), format!("found in {}", directory.path().join("ledger.db").display()));
    inventory.database = None;
    assert_eq!(inventory.chain(), "in memory");
}

#[test]
fn temporary_directory_has_no_database_to_name() {
    let found = Inventory::of(&DataDir::temporary().unwrap(), &settings(&[]), "owner-token").unwrap();
    assert_eq!(found.database, None);
}

#[test]
fn wallet_that_the_chain_pays_is_needed() {
    let directory = tempfile::tempdir().unwrap();
    let (wallet, ledger) = (Wallet::generate().unwrap(), ledger(&directory));
    ledger.note_wallet(wallet.address()).unwrap();
    stage(&ledger, ledger.tip(), rewards(wallet.address().as_str(), 1)).adopt().unwrap().unwrap();
    drop(ledger);
    let checked = |may_be_new| {
        let data_dir = DataDir::take(directory.path()).unwrap();
        let inventory = Inventory::of(&data_dir, &settings(&[]), "owner-token").unwrap();
        inventory.check_wallet(&Ledger::check(data_dir, rules()).unwrap(), may_be_new)
    };
    let refused = checked(false).unwrap_err().to_string();
    let missing = format!("{} is missing", directory.path().join("wallet.pem").display());
    assert!(refused.starts_with(&missing) && refused.contains(&wallet.address().fingerprint()), "{refused}");
    checked(true).unwrap();
    wallet_file::create(&directory.path().join("wallet.pem")).unwrap();
    checked(false).unwrap();
}

#[test]
fn new_chain_beside_other_files_is_reported() {
    let (log, _guard) = Log::begin();
    let address = Wallet::generate().unwrap().address().clone();
    let warned = |inventory: &Inventory, origin| {
        inventory.warn(tip(1), origin, None, &address);
        log.take().contains("ledger.db was missing beside other files of a node")
    };
    let token = with_files(&["owner-token"]);
    assert!(warned(&inventory(&token, &[]), Origin::Made));
    let (none, elsewhere) = (with_files(&[]), with_files(&[]));
    wallet_file::create(&none.path().join("wallet.pem")).unwrap();
    let mut inventory = inventory(&none, &[]);
    assert!(warned(&inventory, Origin::Found));
    assert!(!warned(&inventory, Origin::Made));
    let wallet = none.path().join("wallet.pem");
    let named = ["--wallet", wallet.to_str().unwrap()];
    assert!(!warned(&self::inventory(&elsewhere, &named), Origin::Found), "that wallet lies elsewhere");
    inventory.had_ledger = true;
    assert!(!warned(&inventory, Origin::Found));
}

#[test]
fn new_wallet_beside_a_chain_is_reported() {
    let ((log, _guard), directory) = (Log::begin(), with_files(&["owner-token"]));
    let address = Wallet::generate().unwrap().address().clone();
    let mut inventory = inventory(&directory, &[]);
    inventory.had_ledger = true;
    for (height, origin, is_reported) in
        [(2, Origin::Made, true), (1, Origin::Made, false), (2, Origin::Found, false)]
    {
        inventory.warn(tip(height), origin, None, &address);
        assert_eq!(log.take().contains("wallet.pem was missing beside a chain"), is_reported, "{origin:?}");
    }
}

#[test]
fn another_wallet_than_before_is_reported() {
    let ((log, _guard), directory) = (Log::begin(), with_files(&[]));
    let [before, now] = [(); 2].map(|()| Wallet::generate().unwrap().address().clone());
    let inventory = inventory(&directory, &[]);
    inventory.warn(tip(1), Origin::Made, Some(now.as_str()), &now);
    assert_eq!(log.take(), "");
    inventory.warn(tip(1), Origin::Made, Some(before.as_str()), &now);
    let (before, now) = (before.fingerprint(), now.fingerprint());
    let warned = format!("the chain was last used with wallet {before}, not {now}");
    assert!(log.take().contains(&warned));
}

#[test]
fn text_that_is_no_wallet_is_cut() {
    assert_eq!(name("no wallet, but a long text"), "no wallet, but a");
}

#[test]
fn start_says_what_it_found_and_made() {
    let ((log, _guard), directory) = (Log::begin(), tempfile::tempdir().unwrap());
    let (wallet, mut inventory) = (Wallet::generate().unwrap(), inventory(&directory, &[]));
    let (ledger, settings) = (ledger(&directory), settings(&["--config", "/no/node.toml"]));
    let print = wallet.address().fingerprint();
    let said = |inventory: &Inventory, origin| {
        inventory.announce(&settings, &ledger, (&wallet, origin));
        log.take()
    };
    let path = directory.path().join("wallet.pem");
    let found = said(&inventory, Origin::Found);
    for words in [
        format!("chain: 1 block, tip {:.16}…, created in ", ledger.tip().hash),
        format!("wallet {print}, found in {}", path.display()),
        "settings: /no/node.toml; ".to_owned(),
        ", mining reward 1".to_owned(),
    ] {
        assert!(found.contains(&words), "{words}: {found}");
    }
    assert!(
        said(&inventory, Origin::Made).contains(&format!("wallet {print}, created in {}", path.display()))
    );
    inventory.database = None;
    assert!(said(&inventory, Origin::Made).contains(&format!("wallet {print}, in memory")));
    assert!(said(&inventory, Origin::Found).contains("found in "));
}

#[test]
fn missing_settings_file_is_named() {
    let named = file(&settings(&[]));
    assert!(named.starts_with("defaults, as there is no /") && named.ends_with(DEFAULT_CONFIG), "{named}");
}
