//! `node import`: takes a chain from JSON, as `GET /chain` answers it or `node export` writes it.

use std::path::Path;

use anyhow::{Context, bail};
use ledger_core::ClassicRules;

use super::source::Source;
use super::{console, progress};
use crate::ledger::{Candidate, Intake, Ledger, POOL_LIMIT};
use crate::store::{DataDir, MissingLog};

/// Replaces the chain in a directory by one from a file or standard input, if that is valid and longer: a backup comes
/// back, or a Python node's chain is carried over. Payments that the new chain lacks wait in the pool afterwards.
///
/// # Errors
///
/// One line that says what is wrong with the chain, or that a signal interrupted it; nothing has changed then, and what was
/// made is gone.
pub fn import(
    directory: &Path,
    rules: ClassicRules,
    file: Option<&Path>,
    missing_log: MissingLog,
) -> anyhow::Result<()> {
    let mut source = Source::open(file)?;
    let data_dir = DataDir::take(directory)?.with_missing_log(missing_log);
    let is_new = !data_dir.had_ledger();
    let ledger = Ledger::check(data_dir, rules)?.open(POOL_LIMIT)?;
    let mut intake = Intake::new(&ledger, 1);
    let bar = progress::bytes("importing", source.size);
    while let Some(piece) = source.next()? {
        intake.feed(&piece).context("the chain is refused, and none of it was taken")?;
        bar.inc(piece.len() as u64);
    }
    bar.finish_and_clear();
    let blocks = intake.blocks();
    let candidate = intake.finish().context("the chain is refused, and none of it was taken")?;
    adopt(candidate, blocks, &ledger)?;
    ledger.keep();
    if is_new && !directory.join("wallet.pem").exists() {
        note_wallet(directory);
    }
    Ok(())
}

/// Says what a chain does not bring with it.
fn note_wallet(directory: &Path) {
    let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    console::note(&format!(
        "note: a wallet is not part of a chain: what was paid to yours stays with its key; copy its wallet.pem to {}, or \
         the first start makes a new one",
        directory.display()
    ));
}

fn adopt(candidate: Option<Candidate>, blocks: u64, ledger: &Ledger) -> anyhow::Result<()> {
    let ours = ledger.tip().height.get();
    let adopted =
        candidate.map(|candidate| candidate.stage.adopt(candidate.fork, candidate.tip)).transpose()?;
    let Some(adoption) = adopted.flatten() else {
        bail!(
            "the chain is valid, but its {} {} not more than the {ours} that {} here; nothing has changed",
            counted(blocks),
            are(blocks),
            are(ours)
        );
    };
    console::print(&format!(
        "{} imported, {} replaced; the chain has {blocks} now",
        counted(adoption.adopted),
        adoption.replaced
    ))
}

fn counted(blocks: u64) -> String {
    if blocks == 1 { "1 block".to_owned() } else { format!("{blocks} blocks") }
}

fn are(blocks: u64) -> &'static str {
    if blocks == 1 { "is" } else { "are" }
}
