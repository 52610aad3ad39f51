//! [`Unverified`]: payments in our newest blocks whose signature this node has not verified. In a network, a block may overtake
//! the payments that it holds.

use std::collections::HashMap;
use std::ops::Range;

use ledger_core::{PaymentName, Tip};
use rusqlite::Connection;

use crate::store::signatures::{Position, unsigned_of_block};
use crate::store::{StoreError, blocks};

/// Our newest blocks that are searched. Gossip forgets a message after about a minute.
const BLOCKS: u64 = 256;

/// Bytes of blocks that are read at once; the newest block is always read.
const BYTES: usize = 4 << 20;

/// The most positions remembered.
const MAX_PAYMENTS: usize = 65_536;

/// A cache of the payments in our newest blocks that have no signature in the store.
#[derive(Default)]
pub(super) struct Unverified {
    /// Our tip when they were read.
    tip: Option<Tip>,
    /// Where each payment is. Equal payments have equal names.
    positions: HashMap<PaymentName, Vec<Position>>,
    /// The number of positions that were read since the cache was last emptied.
    count: usize,
    /// Bytes of blocks that were read since then.
    bytes: usize,
}

impl Unverified {
    /// Reads the new blocks. Reads all again after a reorg, or when too much was read.
    pub(super) fn refresh(&mut self, connection: &Connection, tip: Tip) -> Result<(), StoreError> {
        if self.tip == Some(tip) {
            return Ok(());
        }
        let known = match self.tip {
            Some(known) if blocks::hash_at(connection, known.height.get())? == Some(known.hash) => {
                known.height.get()
            }
            _ => 0,
        };
        let is_full = self.bytes > BYTES || self.count >= MAX_PAYMENTS;
        let known = if is_full { 0 } else { known };
        if known == 0 {
            *self = Self::default();
        }
        let newest = tip.height.get();
        self.read(connection, newest.saturating_sub(BLOCKS).max(known)..newest)?;
        self.positions.retain(|_, positions| {
            positions.retain(|(height, _)| height + BLOCKS > newest);
            !positions.is_empty()
        });
        self.tip = Some(tip);
        Ok(())
    }

    /// Reads the block after each of these heights, the newest first, until they are more than [`BYTES`].
    fn read(&mut self, connection: &Connection, after: Range<u64>) -> Result<(), StoreError> {
        let before = self.bytes;
        for height in after.rev().map(|height| height + 1) {
            self.bytes += unsigned_of_block(connection, height, |position, text| {
                if self.count < MAX_PAYMENTS {
                    self.positions.entry(PaymentName::of_text(text)).or_default().push((height, position));
                    self.count += 1;
                }
            })?;
            if self.bytes - before > BYTES {
                break;
            }
        }
        Ok(())
    }

    /// The position of this payment in a block, if it is in one. Each position is given once.
    pub(super) fn take(&mut self, name: PaymentName) -> Option<Position> {
        self.positions.get_mut(&name)?.pop()
    }
}

#[cfg(test)]
mod tests {
    use ledger_core::Transaction;
    use tempfile::TempDir;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{extend, ledger, next, pay, rewards, stage};

    fn to(recipient: &str) -> Transaction<'static> {
        pay(recipient).text().parse().unwrap()
    }

    fn name(recipient: &str) -> PaymentName {
        pay(recipient).name()
    }

    /// Appends a block that another node has mined.
    fn push(ledger: &Ledger, payments: Vec<Transaction<'static>>) {
        extend(ledger, &next(ledger, payments));
    }

    /// A ledger with these blocks after the genesis.
    fn with_blocks(blocks: &[&[&str]]) -> (TempDir, Ledger) {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        blocks.iter().for_each(|recipients| push(&ledger, recipients.iter().map(|each| to(each)).collect()));
        (directory, ledger)
    }

    impl Unverified {
        fn follow(&mut self, ledger: &Ledger) {
            ledger.readers().snapshot(|snapshot| self.refresh(snapshot, ledger.tip())).unwrap();
        }
    }

    #[test]
    fn each_position_is_given_once() {
        let (_directory, ledger) = with_blocks(&[&["bob", "carl"], &["bob"]]);
        let mut unverified = Unverified::default();
        unverified.follow(&ledger);
        let mut bobs = [0; 3].map(|_| unverified.take(name("bob")));
        bobs.sort();
        assert_eq!(bobs, [None, Some((2, 0)), Some((3, 0))]);
        push(&ledger, vec![to("dora")]);
        unverified.follow(&ledger);
        assert_eq!(unverified.take(name("bob")), None, "only the new block is read");
        assert_eq!(unverified.take(name("carl")), Some((2, 1)));
        assert_eq!(unverified.take(name("dora")), Some((4, 0)));
    }

    #[test]
    fn blocks_are_read_again_after_a_reorg() {
        let (_directory, ledger) = with_blocks(&[]);
        let genesis = ledger.tip();
        push(&ledger, vec![to("bob")]);
        let mut unverified = Unverified::default();
        unverified.follow(&ledger);
        let theirs = vec![vec![to("carl")], vec![Transaction::reward("them", 1_u64)]];
        stage(&ledger, genesis, theirs).adopt().unwrap().unwrap();
        unverified.follow(&ledger);
        assert_eq!(unverified.take(name("bob")), None);
        assert_eq!(unverified.take(name("carl")), Some((2, 0)));
    }

    #[test]
    fn all_is_read_again_when_too_much_was_read() {
        let (_directory, ledger) = with_blocks(&[&["bob"]]);
        let is_read_again = |bytes, count| {
            let mut unverified = Unverified::default();
            unverified.follow(&ledger);
            unverified.take(name("bob")).unwrap();
            (unverified.bytes, unverified.count) = (bytes, count);
            push(&ledger, Vec::new());
            unverified.follow(&ledger);
            unverified.take(name("bob")).is_some()
        };
        assert!(!is_read_again(BYTES, MAX_PAYMENTS - 1));
        assert!(is_read_again(BYTES + 1, 0));
        assert!(is_read_again(0, MAX_PAYMENTS));
    }

    #[test]
    fn bytes_and_positions_are_counted_and_bounded() {
        let (_directory, ledger) = with_blocks(&[&["bob", "carl"]]);
        let mut unverified = Unverified::default();
        unverified.follow(&ledger);
        let genesis_and_block = unverified.bytes;
        assert!(genesis_and_block > 2 * pay("bob").text().len());
        assert_eq!(unverified.count, 2);
        (unverified.bytes, unverified.count) = (BYTES, MAX_PAYMENTS - 1);
        push(&ledger, vec![to("dora"), to("erik")]);
        push(&ledger, Vec::new());
        unverified.follow(&ledger);
        assert!(unverified.bytes > BYTES, "{genesis_and_block}");
        let found = ["dora", "erik"].map(|recipient| unverified.take(name(recipient)));
        assert_eq!(found, [Some((3, 0)), None], "there is room for one more");
    }

    #[test]
    fn blocks_before_a_large_one_are_not_read() {
        let (_directory, ledger) = with_blocks(&[&["bob"]]);
        push(&ledger, rewards(&"x".repeat(BYTES), 1).remove(0));
        push(&ledger, vec![to("carl")]);
        let mut unverified = Unverified::default();
        unverified.follow(&ledger);
        assert_eq!(unverified.take(name("carl")), Some((4, 0)));
        assert_eq!(unverified.take(name("bob")), None);
    }

    #[test]
    fn old_blocks_are_forgotten() {
        let (_directory, ledger) = with_blocks(&[&["bob"], &["carl"]]);
        let mut unverified = Unverified::default();
        unverified.follow(&ledger);
        let most = usize::try_from(BLOCKS).unwrap();
        stage(&ledger, ledger.tip(), rewards("them", most - 1)).adopt().unwrap().unwrap();
        unverified.follow(&ledger);
        assert_eq!(unverified.take(name("bob")), None, "{BLOCKS} blocks are after it");
        assert_eq!(unverified.take(name("carl")), Some((3, 0)));
    }
}
