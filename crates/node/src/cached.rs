//! Caches responses until what they show changes.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use ledger_core::BlockHash;

use crate::store::{Tallies, WalletCache};

/// The responses that are requested most.
#[derive(Debug, Default)]
pub struct CachedResponses {
    /// The pool, keyed by the view's version.
    ///
    /// A request compares versions. Listening to events instead would cost something even without requests.
    pub(crate) pool: Cached<u64>,
    /// Held while that response is rebuilt: several full pools written at once would fill the memory.
    pub(crate) pool_lock: Arc<tokio::sync::Mutex<()>>,
    /// The last block, keyed by its hash, unless it is too long for one piece.
    latest: Cached<BlockHash>,
    /// Sums of the payments of busy addresses.
    pub(crate) tallies: Tallies,
    /// The wallets that the chain names.
    pub(crate) wallets: WalletCache,
}

impl CachedResponses {
    /// The last block, if this is its hash.
    pub(crate) fn latest(&self, hash: &BlockHash) -> Option<Bytes> {
        self.latest.get(hash)
    }

    /// Caches the last block.
    pub(crate) fn keep_latest(&self, hash: BlockHash, text: &Bytes) {
        self.latest.keep(hash, text.clone());
    }
}

/// One cached response and its key.
#[derive(Debug)]
pub(crate) struct Cached<Key>(Mutex<Option<(Key, Bytes)>>);

impl<Key: PartialEq> Cached<Key> {
    /// The response, if it belongs to this key.
    pub(crate) fn get(&self, key: &Key) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| of == key).map(|(_, answer)| answer.clone())
    }

    /// Replaces the cached response.
    pub(crate) fn keep(&self, key: Key, answer: Bytes) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, answer));
    }

    /// Drops the cached response.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl<Key> Default for Cached<Key> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn response_belongs_to_its_key() {
        let cached = Cached::default();
        assert_eq!(cached.get(&1), None);
        cached.keep(1, Bytes::from_static(b"one"));
        assert_eq!((cached.get(&1), cached.get(&2)), (Some(Bytes::from_static(b"one")), None));
        cached.forget();
        assert_eq!(cached.get(&1), None);
    }

    #[test]
    fn last_block_is_kept_by_its_hash() {
        let (cached, [one, two]) = (CachedResponses::default(), ["one", "two"].map(BlockHash::of_text));
        cached.keep_latest(one, &Bytes::from_static(b"one"));
        assert_eq!((cached.latest(&one), cached.latest(&two)), (Some(Bytes::from_static(b"one")), None));
    }
}
