//! `node verify`: checks every hash, link and proof of a stored chain.

use std::path::Path;

use ledger_core::ClassicRules;

use super::{console, progress};
use crate::check::check;
use crate::ledger::behind_the_seam;
use crate::store::{MissingLog, Readers, Scope, seal};

/// Checks the chain in a directory. A node may be using it.
///
/// # Errors
///
/// The first invalid block, the rule, and both sides.
pub fn verify(directory: &Path, rules: ClassicRules, missing_log: MissingLog) -> anyhow::Result<()> {
    let verifying = |length| progress::blocks("verifying", length);
    let readers = Readers::of_existing(directory, missing_log)?;
    let length = check(&readers, &behind_the_seam(rules), Scope::All, verifying)?;
    readers.snapshot(|snapshot| seal::check_all(snapshot))?;
    let difficulty = rules.difficulty();
    console::print(&format!(
        "{length} blocks, every hash, link and proof is right at difficulty {difficulty}"
    ))
}
