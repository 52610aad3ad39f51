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
    console::print(&format!("{}, every hash, link and proof is right at {rules}", Blocks(length)))
}
