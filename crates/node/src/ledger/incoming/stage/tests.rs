//! When a batch is written, and how much disk a stage claims.

use ledger_core::Transaction;

use super::*;
use crate::ledger::testing::{ledger_at, rewards, stage};
use crate::store::blocks;
use crate::store::testing::TestChain;

#[test]
fn batch_that_fills_its_share_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 0);
    // The share of many stages is a kibibyte.
    while ledger.0.staging.share() > 1024 {
        ledger.0.staging.begin();
    }
    let block = |length: usize| {
        let mut chain = TestChain::new();
        let short = chain.add(vec![Transaction::reward("", 1_u64)]).text().len();
        TestChain::new().add(vec![Transaction::reward("x".repeat(length - short), 1_u64)]).clone()
    };
    for (length, is_written) in [(1023, false), (1024, true), (1025, true)] {
        let mut stage = StageWriter::new(&ledger).unwrap();
        ledger.0.staging.end(0);
        let block = block(length);
        assert_eq!(block.text().len(), length);
        stage.append(&block);
        stage.write_if_full().unwrap();
        assert_eq!(stage.staged, if is_written { length as u64 } else { 0 });
        ledger.0.staging.begin();
    }
}

#[test]
fn copied_blocks_claim_room_for_their_index_too() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 0);
    let genesis = ledger.tip();
    let mut staged = stage(&ledger, genesis, rewards("them", 3));
    let mut stage = staged.complete();
    let before = staged.stage.staged;
    staged.stage.copy_common(&mut stage).unwrap();
    assert!(stage.has_common, "more blocks are new than in common");
    let text = ledger.readers().snapshot(|snapshot| blocks::text_at(snapshot, &**ledger.rules(), 1)).unwrap();
    assert_eq!(staged.stage.staged - before, COPY_FACTOR * text.len() as u64);
}

#[test]
fn dropped_stage_frees_its_share_and_its_tables() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 0);
    let whole = ledger.0.staging.share();
    let mut staged = stage(&ledger, ledger.tip(), rewards("them", 3));
    let other = StageWriter::new(&ledger).unwrap();
    assert_eq!(ledger.0.staging.share(), whole / 2);
    staged.complete();
    drop((staged, other));
    assert_eq!(ledger.0.staging.share(), whole);
    let count =
        |snapshot: &rusqlite::Transaction<'_>| Ok::<_, StoreError>(staging::tables(snapshot, None)?.len());
    let left = ledger
        .wait_for(|writer: &mut Writer, ()| writer.store.discard_rest(), ())
        .and_then(|()| Ok(ledger.readers().snapshot(count)?));
    assert_eq!(left.unwrap(), 0);
}

#[test]
fn large_block_in_common_is_indexed() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 0);
    let large = stage(&ledger, ledger.tip(), rewards(&"x".repeat(2 * LARGE_BLOCK_BYTES), 1));
    large.adopt().unwrap().unwrap();
    let longer = || stage(&ledger, ledger.tip(), rewards(&"y".repeat(LARGE_BLOCK_BYTES), 3));
    let mut copied = longer();
    let mut complete = copied.complete();
    copied.stage.copy_common(&mut complete).unwrap();
    assert!(complete.has_common);
    drop(copied);
    let staged = longer();
    let tip = staged.tip;
    staged.adopt().unwrap().unwrap();
    drop(ledger);
    // Opening a ledger compares the index of a short chain with its blocks.
    assert_eq!(ledger_at(&directory, 0).tip(), tip);
}

#[test]
fn large_block_that_begins_a_segment_is_indexed() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger_at(&directory, 0);
    let begin = (1..).find(|height| common::whole_segments(*height) > 0).unwrap();
    let before = rewards("us", usize::try_from(begin).unwrap() - 2);
    let blocks = [before, rewards(&"x".repeat(2 * LARGE_BLOCK_BYTES), 1)].concat();
    stage(&ledger, ledger.tip(), blocks).adopt().unwrap().unwrap();
    assert_eq!(ledger.tip().height.get(), begin);
    let longer = rewards("them", usize::try_from(begin).unwrap() + 1);
    let mut staged = stage(&ledger, ledger.tip(), longer);
    let mut complete = staged.complete();
    staged.stage.copy_common(&mut complete).unwrap();
    assert!(complete.has_common);
}
