//! Logs what a start found and what it created: chain, wallet and settings, each with its path. Warns if a file that it
//! created was missing beside others, and refuses a start without the wallet that the chain pays.

use std::path::{Path, PathBuf, absolute};
use std::time::SystemTime;

use anyhow::bail;
use indicatif::HumanDuration;
use ledger_core::{Blocks, Tip};
use wallet::{PublicKey, Wallet};

use crate::ledger::{Checked, Ledger};
use crate::settings::{DEFAULT_CONFIG, Settings};
use crate::start::wallet_file;
use crate::store::DataDir;

/// Where the wallet comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It existed.
    Found,
    /// It was created.
    Made,
}

/// What the data directory held before the start.
#[derive(Debug)]
pub struct Inventory {
    /// Path of the database; none for a temporary directory.
    database: Option<PathBuf>,
    /// When it was last written, if it existed.
    written: Option<SystemTime>,
    had_ledger: bool,
    had_token: bool,
    wallet_path: PathBuf,
    wallet: Option<Wallet>,
}

impl Inventory {
    /// Inspects a directory, and reads the wallet if there is one.
    ///
    /// # Errors
    ///
    /// Why the wallet cannot be used.
    pub fn of(data_dir: &DataDir, settings: &Settings, token: &str) -> anyhow::Result<Self> {
        let directory = absolute(data_dir.path())?;
        let wallet_path = settings.wallet.clone().unwrap_or_else(|| directory.join("wallet.pem"));
        let wallet = match &settings.wallet {
            Some(named) => Some(wallet_file::read(named)?),
            None => wallet_file::find(&data_dir.path().join("wallet.pem"))?,
        };
        let database = directory.join("ledger.db");
        let written = ["ledger.db", "ledger.db-wal"]
            .map(|name| directory.join(name).metadata().and_then(|file| file.modified()));
        Ok(Self {
            database: (!data_dir.is_temporary()).then_some(database),
            written: written.into_iter().flatten().max(),
            had_ledger: data_dir.had_ledger(),
            had_token: directory.join(token).exists(),
            wallet_path: absolute(wallet_path)?,
            wallet,
        })
    }

    /// Refuses a start if the wallet that the chain pays is missing, unless a new one is allowed.
    ///
    /// # Errors
    ///
    /// Which wallet is missing, and what can be done.
    pub fn check_wallet(&self, known: &Checked, may_be_new: bool) -> anyhow::Result<()> {
        if self.wallet.is_some() || may_be_new {
            return Ok(());
        }
        let Some(address) = known.paid_wallet()? else { return Ok(()) };
        bail!(
            "{} is missing, and blocks of the chain beside it pay its wallet {}; put wallet.pem there, name it with \
             --wallet FILE, or start with --new-wallet to create another one, which cannot spend what the old one was paid",
            self.wallet_path.display(),
            name(&address)
        )
    }

    /// Returns the wallet that was found, or creates one.
    ///
    /// # Errors
    ///
    /// Why the wallet cannot be created.
    pub fn wallet(&mut self, directory: &Path) -> anyhow::Result<(Wallet, Origin)> {
        match self.wallet.take() {
            Some(wallet) => Ok((wallet, Origin::Found)),
            None => Ok((wallet_file::create(&directory.join("wallet.pem"))?, Origin::Made)),
        }
    }

    /// Logs what was found and what was created.
    pub fn announce(&self, settings: &Settings, ledger: &Ledger, (wallet, origin): (&Wallet, Origin)) {
        let tip = ledger.tip();
        let blocks = Blocks(tip.height.get());
        tracing::info!("chain: {blocks}, tip {:.16}…, {}", tip.hash, self.chain());
        let (name, path) = (wallet.address().fingerprint(), self.wallet_path.display());
        match origin {
            Origin::Found => tracing::info!("wallet {name}, found in {path}"),
            Origin::Made if self.database.is_none() => tracing::info!("wallet {name}, in memory"),
            Origin::Made => tracing::info!("wallet {name}, created in {path}"),
        }
        let (rules, reward) = (ledger.rules().describe(), settings.mining_reward);
        tracing::info!("settings: {}; {rules}, mining reward {reward}", file(settings));
    }

    fn chain(&self) -> String {
        let Some(database) = &self.database else { return "in memory".into() };
        let path = database.display();
        if !self.had_ledger {
            return format!("created in {path}");
        }
        match self.written.and_then(|written| written.elapsed().ok()) {
            Some(age) => format!("found in {path}, last written {} ago", HumanDuration(age)),
            None => format!("found in {path}"),
        }
    }

    /// Warns about files that were missing beside others and are new, and about a wallet other than before.
    pub fn warn(&self, tip: Tip, origin: Origin, before: Option<&str>, address: &PublicKey) {
        let had_wallet = origin == Origin::Found;
        if !self.had_ledger && (self.had_token || had_wallet && self.is_in_directory()) {
            tracing::warn!(
                "ledger.db was missing beside other files of a node, and is new; if a chain was there, stop the node and put \
                 its ledger.db back"
            );
        }
        if self.had_ledger && !had_wallet && tip.height.get() > 1 {
            tracing::warn!(
                "wallet.pem was missing beside a chain, and is new; if blocks of the chain pay yours, stop the node and put \
                 its wallet.pem there"
            );
        }
        if let Some(before) = before.filter(|before| *before != address.as_str()) {
            let (before, now) = (name(before), address.fingerprint());
            tracing::warn!(
                "the chain was last used with wallet {before}, not {now}: only the key of wallet {before} can spend what it \
                 was paid"
            );
        }
    }

    fn is_in_directory(&self) -> bool {
        self.database.as_ref().is_some_and(|database| self.wallet_path.parent() == database.parent())
    }
}

/// A wallet's fingerprint, or the first characters of a text that is not an address.
fn name(address: &str) -> String {
    PublicKey::parse(address)
        .map_or_else(|_| address.chars().take(16).collect(), |address| address.fingerprint())
}

/// The source of the settings, apart from environment and flags.
fn file(settings: &Settings) -> String {
    match &settings.config {
        Some(file) => absolute(file).unwrap_or_else(|_| file.clone()).display().to_string(),
        None => match absolute(DEFAULT_CONFIG) {
            Ok(missing) => format!("defaults, as there is no {}", missing.display()),
            Err(_) => "defaults".into(),
        },
    }
}

#[cfg(test)]
mod tests;
