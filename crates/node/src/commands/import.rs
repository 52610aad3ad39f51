//! `node import`: takes a chain from JSON, as `GET /chain` answers it or `node export` writes it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, bail};
use ledger_core::Rules;

use super::{console, progress};
use crate::ledger::{Candidate, Intake, Ledger};
use crate::store::Place;

/// How many bytes are read together.
const PIECE: usize = 1 << 20;

/// Replaces the chain in a directory by one from a file or standard input, if that is valid and longer: a backup comes
/// back, or a Python node's chain is carried over. Payments that the new chain lacks wait in the pool afterwards.
///
/// # Errors
///
/// One line that says what is wrong with the chain; nothing has changed then.
pub fn import(directory: &Path, rules: Rules, file: Option<&Path>) -> anyhow::Result<()> {
    let (mut source, size): (Box<dyn Read>, _) = match file {
        None => (Box::new(io::stdin().lock()), None),
        Some(path) => {
            let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
            let size = file.metadata().ok().map(|file| file.len());
            (Box::new(file), size)
        }
    };
    let ledger = Ledger::open(Place::take(directory)?, rules)?;
    let mut intake = Intake::new(&ledger, 1);
    let bar = progress::bytes("importing", size);
    let mut piece = vec![0; PIECE];
    loop {
        let read = source.read(&mut piece).context("cannot read the chain")?;
        if read == 0 {
            break;
        }
        intake.feed(&piece[..read]).context("the chain is refused, and none of it was taken")?;
        bar.inc(read as u64);
    }
    bar.finish_and_clear();
    let blocks = intake.blocks();
    let candidate = intake.finish().context("the chain is refused, and none of it was taken")?;
    adopt(candidate, blocks, &ledger)
}

fn adopt(candidate: Option<Candidate>, blocks: u64, ledger: &Ledger) -> anyhow::Result<()> {
    let ours = ledger.tip().index;
    let adopted =
        candidate.map(|candidate| candidate.stage.adopt(candidate.fork, candidate.tip)).transpose()?;
    let Some(adoption) = adopted.flatten() else {
        bail!(
            "the chain is valid, but its {blocks} blocks are not more than the {ours} that are here; nothing has changed"
        );
    };
    console::print(&format!(
        "{} blocks imported, {} replaced; the chain has {blocks} now",
        adoption.adopted, adoption.replaced
    ))
}
