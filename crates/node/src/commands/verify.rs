//! `node verify`: checks every hash, link and proof of a stored chain.

use std::path::Path;
use std::sync::Arc;

use ledger_core::Blocks;
use ledger_core::seam::{Proofs, RuleSet};

use super::console;
use crate::check::check;
use crate::store::{MissingLog, Readers, Scope, seal};
use crate::telemetry::progress;

/// Checks the chain in a directory. A node may be using it.
///
/// # Errors
///
/// The first invalid block, the rule, and both sides.
pub fn verify(directory: &Path, rules: &Arc<dyn RuleSet>, missing_log: MissingLog) -> anyhow::Result<()> {
    let verifying = |length| progress::blocks("verifying", length);
    let readers = Readers::of_existing(directory, missing_log)?;
    let length = check(&readers, rules, (Scope::All, Proofs::Checked), verifying)?;
    readers.snapshot(|snapshot| seal::check_all(snapshot))?;
    let rules = rules.describe();
    console::print(&format!("{}: all hashes, links and proofs are valid at {rules}", Blocks(length)))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::ledger::testing::{ledger, rewards, stage};

    #[test]
    fn changed_block_or_table_fails() {
        for (change, found) in [
            ("UPDATE blocks SET text = replace(text, 'us', 'me') WHERE height = 2", "block 2"),
            ("INSERT INTO peers VALUES ('localhost:5001')", "the table peers"),
        ] {
            let directory = tempfile::tempdir().unwrap();
            let ledger = ledger(&directory);
            stage(&ledger, ledger.tip(), rewards("us", 2)).adopt().unwrap().unwrap();
            let rules = Arc::clone(ledger.rules());
            drop(ledger);
            let database = Connection::open(directory.path().join("ledger.db")).unwrap();
            database.execute_batch(change).unwrap();
            let failed = format!("{:#}", verify(directory.path(), &rules, MissingLog::Refused).unwrap_err());
            assert!(failed.contains(found), "{failed}");
        }
    }
}
