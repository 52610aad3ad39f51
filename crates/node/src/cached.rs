//! Answers that are kept until what they show has changed, so that asking again costs nothing.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use ledger_core::BlockHash;

use crate::store::Tallies;

/// The answers that are asked for most.
#[derive(Debug, Default)]
pub struct Answers {
    /// The payments that wait, by the version of what is in memory.
    pub(crate) pool: Kept<u64>,
    /// Who writes that answer; others wait for it, since a full pool written many times over would fill the memory.
    pub(crate) pool_turn: Arc<tokio::sync::Mutex<()>>,
    /// The last block, by its hash, unless it is too long for one piece.
    latest: Kept<BlockHash>,
    /// What the payments of busy addresses add up to.
    pub(crate) tallies: Tallies,
}

impl Answers {
    pub(crate) fn latest(&self, hash: &BlockHash) -> Option<Bytes> {
        self.latest.get(hash)
    }

    pub(crate) fn keep_latest(&self, hash: BlockHash, text: &Bytes) {
        self.latest.keep(hash, text.clone());
    }
}

/// One answer, and what it belongs to.
#[derive(Debug)]
pub(crate) struct Kept<Key>(Mutex<Option<(Key, Bytes)>>);

impl<Key: PartialEq> Kept<Key> {
    /// The answer, if it belongs to this.
    pub(crate) fn get(&self, key: &Key) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| of == key).map(|(_, answer)| answer.clone())
    }

    /// Keeps an answer in the place of the one before.
    pub(crate) fn keep(&self, key: Key, answer: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, answer));
    }

    /// Forgets the answer, whatever it belongs to.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl<Key> Default for Kept<Key> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
