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
    /// Where they are. Equal payments have equal names.
    positions: HashMap<PaymentName, Vec<Position>>,
    /// The number of positions that were read.
    count: usize,
    /// Bytes of blocks that were read since all was forgotten.
    bytes: usize,
}

impl Unverified {
    /// Reads the blocks that are new. Reads all again after a reorg.
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

    /// Reads the block after each of these heights, the newest first, until they are too many.
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
