//! Blocks that can be stored.

use std::borrow::Cow;

use ledger_core::seam::{CheckedBlock, Movement};
use ledger_core::{Block, BlockHash, Transaction};

/// A block that can be stored: its text, what finds it, and what the index of payments needs to know of it.
pub(crate) trait Storable {
    fn height(&self) -> u64;
    fn hash(&self) -> BlockHash;
    fn text(&self) -> &str;
    fn movements(&self) -> Cow<'_, [Movement<'_>]>;
}

impl Storable for CheckedBlock<'_> {
    fn height(&self) -> u64 {
        self.tip().height.get()
    }

    fn hash(&self) -> BlockHash {
        CheckedBlock::hash(self)
    }

    fn text(&self) -> &str {
        CheckedBlock::text(self)
    }

    fn movements(&self) -> Cow<'_, [Movement<'_>]> {
        Cow::Borrowed(CheckedBlock::movements(self))
    }
}

impl Storable for Block<'_> {
    fn height(&self) -> u64 {
        self.index
    }

    fn hash(&self) -> BlockHash {
        Block::hash(self)
    }

    fn text(&self) -> &str {
        Block::text(self)
    }

    fn movements(&self) -> Cow<'_, [Movement<'_>]> {
        self.transactions.iter().map(movement).collect()
    }
}

fn movement<'a>(payment: &'a Transaction<'_>) -> Movement<'a> {
    Movement {
        payer: Some(Cow::Borrowed(&payment.sender)),
        payee: payment.recipient.as_text().map(Cow::Borrowed),
        amount: payment.amount.clone(),
    }
}
