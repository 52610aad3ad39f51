//! `node import`: reads a chain from JSON, as written by `GET /chain` or `node export`.

use std::path::Path;

use anyhow::{Context, bail};
use ledger_core::ClassicRules;

use super::source::Source;
use super::{console, progress};
use crate::ledger::{Candidate, Intake, Ledger, POOL_LIMIT};
use crate::store::{DataDir, MissingLog};

/// Replaces the chain in a directory with one from a file or standard input, if that is valid and longer: a backup,
/// or the chain of a Python node. Payments that the new chain lacks go back to the pool.
///
/// # Errors
///
/// What is wrong with the chain, or that a signal interrupted the import. Nothing has changed then, and created
/// files are removed.
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

/// Points out that the wallet is not imported.
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
