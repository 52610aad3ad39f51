//! Incoming chains.

use ledger_core::{ForkPoint, Height, Transaction};
use rusqlite::Connection;

use super::*;
use crate::ledger::Ledger;
use crate::ledger::testing::ledger_at;
use crate::store::testing::TestChain;

/// A neighbour's chain, and the texts of its blocks.
struct Theirs {
    chain: TestChain,
    texts: Vec<String>,
}

impl Theirs {
    fn new() -> Self {
        let chain = TestChain::new();
        Self { texts: vec![chain.genesis().text().to_owned()], chain }
    }

    /// The same chain up to a height.
    fn up_to(&self, height: usize) -> Self {
        Self { chain: self.chain.up_to(height), texts: self.texts[..height].to_vec() }
    }

    /// Adds blocks with a reward each.
    fn mine(mut self, miner: &str, blocks: usize) -> Self {
        for _ in 0..blocks {
            let block = self.chain.add(vec![Transaction::reward(miner.to_owned(), 1_u64)]);
            self.texts.push(block.text().to_owned());
        }
        self
    }

    /// The peer's answer to a request from a height on.
    fn json(&self, from: usize) -> String {
        format!("{{\"chain\": [{}]}}", self.texts[from - 1..].join(", "))
    }
}

fn height(height: u64) -> Height {
    Height::new(height).unwrap()
}

/// Takes in what was requested from a height on.
fn take(ledger: &Ledger, from: u64, json: &str) -> Result<Option<Candidate>, IntakeError> {
    let mut intake = Intake::new(ledger, height(from));
    // In pieces: a large block in one piece is treated like a small one.
    json.as_bytes().chunks(100_000).try_for_each(|piece| intake.feed(piece))?;
    intake.finish()
}

/// A ledger that has adopted a chain.
fn ledger(directory: &tempfile::TempDir, theirs: &Theirs) -> Ledger {
    let ledger = ledger_at(directory, 0);
    let taken = take(&ledger, 1, &theirs.json(1)).unwrap().unwrap();
    assert_eq!((taken.fork, taken.tip), (ForkPoint::Nothing, theirs.chain.tip()));
    taken.stage.adopt(taken.fork, taken.tip, taken.state).unwrap().unwrap();
    assert_eq!(ledger.tip(), theirs.chain.tip());
    ledger
}

#[test]
fn chain_is_taken_from_where_it_parts() {
    let (directory, common) = (tempfile::tempdir().unwrap(), Theirs::new().mine("bob", 3));
    let ledger = ledger(&directory, &common);
    let fork = ForkPoint::from(common.chain.tip());
    // The peer sends what was requested, or ignores the height and sends the whole chain.
    let longer = common.up_to(4).mine("amy", 2);
    for (from, sent) in [(1, 1), (3, 3), (4, 4), (3, 1)] {
        let taken = take(&ledger, from, &longer.json(sent)).unwrap().unwrap();
        assert_eq!((taken.fork, taken.tip), (fork, longer.chain.tip()), "{from}, {sent}");
    }
    let parted = common.up_to(2).mine("amy", 3);
    let taken = take(&ledger, 2, &parted.json(2)).unwrap().unwrap();
    assert_eq!(taken.fork, ForkPoint::from(common.up_to(2).chain.tip()));
    for (from, sent) in [(3, 3), (4, 4)] {
        let refused = take(&ledger, from, &parted.json(sent));
        assert!(matches!(refused, Err(IntakeError::Parted(at)) if at == height(from)));
    }
}

#[test]
fn chain_that_is_not_longer_is_no_candidate() {
    let (directory, common) = (tempfile::tempdir().unwrap(), Theirs::new().mine("bob", 3));
    let ledger = ledger(&directory, &common);
    for theirs in [common.up_to(4), common.up_to(2), common.up_to(2).mine("amy", 2)] {
        assert!(take(&ledger, 1, &theirs.json(1)).unwrap().is_none());
    }
    assert!(take(&ledger, 4, "{\"chain\": []}").unwrap().is_none(), "it is shorter");
    assert!(matches!(take(&ledger, 1, "{\"chain\": []}"), Err(IntakeError::NoBlocks)));
    assert!(matches!(take(&ledger, 1, " "), Err(IntakeError::Empty)));
}

#[test]
fn intake_reports_its_progress() {
    let (directory, theirs) = (tempfile::tempdir().unwrap(), Theirs::new().mine("bob", 3));
    let ledger = ledger_at(&directory, 0);
    let mut intake = Intake::new(&ledger, Height::GENESIS);
    assert_eq!((intake.tip(), intake.block_bytes()), (None, 0));
    intake.feed(theirs.json(1).as_bytes()).unwrap();
    let bytes: usize = theirs.texts.iter().map(String::len).sum();
    assert_eq!((intake.tip(), intake.block_bytes()), (Some(theirs.chain.tip()), bytes as u64));
}

#[test]
fn large_blocks_are_taken() {
    let (directory, common) = (tempfile::tempdir().unwrap(), Theirs::new().mine("bob", 1));
    let ledger = ledger(&directory, &common);
    let large = common.up_to(2).mine(&"x".repeat(partial::LARGE_BLOCK_BYTES), 2);
    let taken = take(&ledger, 1, &large.json(1)).unwrap().unwrap();
    taken.stage.adopt(taken.fork, taken.tip, taken.state).unwrap().unwrap();
    assert_eq!(ledger.tip(), large.chain.tip());
    // The block in common at the requested height is large.
    let longer = large.up_to(4).mine("amy", 1);
    let taken = take(&ledger, 4, &longer.json(4)).unwrap().unwrap();
    assert_eq!(taken.fork, ForkPoint::from(large.chain.tip()));
    let broken = longer.json(1).replacen("\"proof\": 0", "\"proof\": -1", 4);
    assert!(matches!(take(&ledger, 1, &broken), Err(IntakeError::Block(_))));
}

#[test]
fn our_own_damaged_block_is_no_fork() {
    let (directory, common) = (tempfile::tempdir().unwrap(), Theirs::new().mine("bob", 3));
    let ledger = ledger(&directory, &common);
    let database = Connection::open(directory.path().join("ledger.db")).unwrap();
    let damage = "UPDATE blocks SET hash = replace(replace(hash, '0', '1'), '2', '3') WHERE height = 3";
    database.execute_batch(damage).unwrap();
    let longer = common.up_to(4).mine("amy", 2);
    let refused = take(&ledger, 1, &longer.json(1)).unwrap_err();
    assert!(matches!(refused, IntakeError::Refused(_)), "{refused}");
}
