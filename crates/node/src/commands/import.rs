//! `node import`: reads a chain from JSON, as written by `GET /chain` or `node export`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use ledger_core::seam::RuleSet;
use ledger_core::{Blocks, Height, Tip};

use super::console;
use super::source::Source;
use crate::ledger::{Candidate, ChangeError, Intake, Ledger, POOL_LIMIT};
use crate::store::{DataDir, MissingLog};
use crate::telemetry::progress;

/// Replaces the chain in a directory with one from a file or standard input, if that is valid and longer: a backup,
/// or the chain of a Python node. Payments that the new chain lacks go back to the pool.
///
/// # Errors
///
/// What is wrong with the chain, or that a signal interrupted the import. Nothing has changed then, and created
/// files are removed.
pub fn import(
    directory: &Path,
    rules: Arc<dyn RuleSet>,
    file: Option<&Path>,
    missing_log: MissingLog,
) -> anyhow::Result<()> {
    let mut source = Source::open(file)?;
    let data_dir = DataDir::take(directory)?.with_missing_log(missing_log);
    let is_new = !data_dir.had_ledger();
    let ledger = Ledger::check(data_dir, rules)?.open(POOL_LIMIT)?;
    let mut intake = Intake::new(&ledger, Height::GENESIS);
    let bar = progress::bytes("importing", source.size);
    while let Some(piece) = source.next()? {
        intake.feed(&piece).context("chain refused; nothing was imported")?;
        bar.inc(piece.len() as u64);
    }
    bar.finish_and_clear();
    let theirs = intake.tip();
    let candidate = intake.finish().context("chain refused; nothing was imported")?;
    adopt(candidate, theirs, &ledger)?;
    ledger.keep();
    if is_new && !directory.join("wallet.pem").exists() {
        note_wallet(directory);
    }
    Ok(())
}

/// Points out that the wallet is not imported.
fn note_wallet(directory: &Path) {
    let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    console::note(&format!(
        "note: a wallet is not part of a chain, and only its key can spend what it was paid; copy your wallet.pem to {}, or \
         the first start creates a new one",
        directory.display()
    ));
}

fn adopt(candidate: Option<Candidate>, theirs: Option<Tip>, ledger: &Ledger) -> anyhow::Result<()> {
    let ours = ledger.tip();
    let adopt = |Candidate { stage, fork, tip, state }| {
        Ok::<_, ChangeError>(stage.adopt(fork, tip, state)?.map(|done| (done, tip)))
    };
    let adopted = candidate.map(adopt).transpose()?;
    if let Some((adoption, tip)) = adopted.flatten() {
        return console::print(&format!(
            "{} imported, {} replaced; the chain has {} now",
            Blocks(adoption.adopted),
            adoption.replaced,
            tip.height
        ));
    }
    let (theirs, ours) = (ledger.rules().quantity(&theirs.unwrap_or(ours)), ledger.rules().quantity(&ours));
    bail!(
        "the chain is valid, but does not win over ours: it has {}, ours has {}; nothing has changed",
        theirs.counted,
        ours.number
    )
}
