//! Blocks and payments as the seam sees them.

use std::borrow::Cow;

use crate::classic::block::Block;
use crate::classic::payment::Transaction;
use crate::classic::previous_hash::PreviousHash;
use crate::hash::BlockHash;
use crate::recipient::Recipient;
use crate::seam::{BlockText, Movement};

// With equal layouts, `collect` reuses the memory of the transactions for the movements.
const _: () = assert!(size_of::<Movement<'_>>() == size_of::<Transaction<'_>>());
const _: () = assert!(align_of::<Movement<'_>>() == align_of::<Transaction<'_>>());

impl<'a> BlockText<'a> for Block<'a> {
    fn text(&self) -> &str {
        Block::text(self)
    }

    fn is_borrowed(&self) -> bool {
        Block::is_borrowed(self)
    }

    fn hash(&self) -> BlockHash {
        Block::hash(self)
    }

    fn height(&self) -> u64 {
        self.index
    }

    fn previous(&self) -> Option<BlockHash> {
        match self.previous_hash {
            PreviousHash::Hash(hash) => Some(hash),
            PreviousHash::GenesisNumber | PreviousHash::GenesisText => None,
        }
    }

    fn into_parts(self) -> (Cow<'a, str>, Vec<Movement<'a>>) {
        let (members, text) = Block::into_parts(self);
        (text, movements(members.transactions))
    }
}

/// One movement per transaction, in the same memory.
pub(super) fn movements(transactions: Vec<Transaction<'_>>) -> Vec<Movement<'_>> {
    transactions.into_iter().map(Movement::from).collect()
}

/// A reward's payer is `0`, as in the tutorial. A recipient that is not a text is not an address.
impl<'a> From<Transaction<'a>> for Movement<'a> {
    fn from(transaction: Transaction<'a>) -> Self {
        let Transaction { amount, recipient, sender } = transaction;
        let payee = match recipient {
            Recipient::Text(text) => Some(text),
            Recipient::Other(_) => None,
        };
        Self { payer: Some(sender), payee, amount }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Timestamp;

    #[test]
    fn only_a_canonical_text_is_borrowed() {
        let text = Block::genesis(Timestamp::from_micros(0)).text().to_owned();
        let is_borrowed = |json: &str| BlockText::is_borrowed(&Block::from_json(json.as_bytes()).unwrap());
        assert!(is_borrowed(&text));
        assert!(!is_borrowed(&text.replace(": ", ":")));
    }

    #[test]
    fn movements_reuse_the_memory_of_transactions() {
        let transactions = vec![Transaction::reward("miner", 1u64); 3];
        let memory = transactions.as_ptr().addr();
        let movements = movements(transactions);
        assert_eq!(movements.as_ptr().addr(), memory);
    }
}
