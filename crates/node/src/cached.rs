//! Responses that are kept until what they show changes, so that asking again costs nothing.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use ledger_core::BlockHash;

use crate::store::Tallies;

/// The responses that are asked for most.
#[derive(Debug, Default)]
pub struct CachedResponses {
    /// The pool, by the version of what is in memory.
    pub(crate) pool: Cached<u64>,
    /// Held by the request that writes that response; a full pool written many times over would fill the memory.
    pub(crate) pool_lock: Arc<tokio::sync::Mutex<()>>,
    /// The last block, by its hash, unless it is too long for one piece.
    latest: Cached<BlockHash>,
    /// What the payments of busy addresses add up to.
    pub(crate) tallies: Tallies,
}

impl CachedResponses {
    /// The last block, if this is its hash.
    pub(crate) fn latest(&self, hash: &BlockHash) -> Option<Bytes> {
        self.latest.get(hash)
    }

    /// Keeps the last block.
    pub(crate) fn keep_latest(&self, hash: BlockHash, text: &Bytes) {
        self.latest.keep(hash, text.clone());
    }
}

/// One response, and what it belongs to.
#[derive(Debug)]
pub(crate) struct Cached<Key>(Mutex<Option<(Key, Bytes)>>);

impl<Key: PartialEq> Cached<Key> {
    /// The response, if it belongs to this key.
    pub(crate) fn get(&self, key: &Key) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| of == key).map(|(_, answer)| answer.clone())
    }

    /// Keeps a response in place of the one before.
    pub(crate) fn keep(&self, key: Key, answer: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, answer));
    }

    /// Forgets the response, whatever it belongs to.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl<Key> Default for Cached<Key> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
