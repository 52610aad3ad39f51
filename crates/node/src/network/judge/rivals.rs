//! Blocks beside our chain: each lost a tie, or came before its parent. If a later block makes their branch win, the node need
//! not ask for them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use bytes::Bytes;
use ledger_core::BlockHash;
use ledger_core::seam::{Glance, RuleSet};
use p2p::{ArrivedBlock, PeerId};

/// The most blocks kept.
const MAX_KEPT: usize = 16;

/// The largest block that is kept.
const MAX_BYTES: usize = 1 << 20;

/// The most blocks kept of one peer.
const MAX_PER_PEER: usize = 4;

/// The last blocks beside our chain. Clones share them. They are unchecked.
#[derive(Clone, Default)]
pub(super) struct Rivals(Arc<Mutex<VecDeque<Rival>>>);

/// A block beside our chain.
#[derive(Clone)]
struct Rival {
    height: u64,
    previous: Option<BlockHash>,
    data: Bytes,
    from: PeerId,
    /// Computed when a block's parent is first looked for; `None` if this is no block.
    hash: Arc<OnceLock<Option<BlockHash>>>,
}

impl Rival {
    fn is(&self, hash: &BlockHash, rules: &dyn RuleSet) -> bool {
        let own = || rules.place(&self.data).ok().map(|(_, hash)| hash);
        self.hash.get_or_init(own).as_ref() == Some(hash)
    }
}

impl Rivals {
    /// Keeps a block of a peer. It replaces the peer's oldest one if the peer has its share.
    pub(super) fn keep(&self, Glance { height, previous }: Glance, block: &ArrivedBlock) {
        let (data, from) = (block.data.clone(), block.from);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if data.len() > MAX_BYTES || kept.iter().any(|rival| rival.data == data) {
            return;
        }
        let mut of_peer = (0..kept.len()).filter(|&at| kept[at].from == from);
        if let Some(oldest) = of_peer.next()
            && of_peer.count() + 1 >= MAX_PER_PEER
        {
            kept.remove(oldest);
        }
        if kept.len() >= MAX_KEPT {
            kept.pop_front();
        }
        kept.push_back(Rival { height, previous, data, from, hash: Arc::default() });
    }

    /// The last block of ours before a block, and the kept blocks between the two, the lowest first; `None` if one is missing.
    /// Reads blocks, so it blocks the thread.
    pub(super) fn before<E>(
        &self,
        rules: &dyn RuleSet,
        block: Glance,
        is_ours: impl Fn(&BlockHash) -> Result<bool, E>,
    ) -> Result<Option<(BlockHash, Vec<Bytes>)>, E> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (mut branch, mut below) = (VecDeque::new(), block);
        loop {
            let Some(parent) = below.previous else { return Ok(None) };
            if is_ours(&parent)? {
                return Ok(Some((parent, branch.into())));
            }
            let is_parent = |rival: &&Rival| {
                rival.height.checked_add(1) == Some(below.height) && rival.is(&parent, rules)
            };
            let Some(rival) = kept.iter().find(is_parent) else { return Ok(None) };
            branch.push_front(rival.data.clone());
            below = Glance { height: rival.height, previous: rival.previous };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::{extend, ledger, next};

    /// Mines a block. Returns its beginning and its text.
    fn mine(ledger: &Ledger) -> (Glance, Bytes) {
        let block = next(ledger, Vec::new());
        let text = Bytes::copy_from_slice(block.text().as_bytes());
        extend(ledger, &block);
        (ledger.rules().glance(&text[..text.len().min(200)]).unwrap(), text)
    }

    fn arrived(data: Bytes, from: PeerId) -> ArrivedBlock {
        ArrivedBlock { data, from }
    }

    #[test]
    fn branch_is_found_if_no_block_is_missing() {
        let directory = tempfile::tempdir().unwrap();
        let theirs = ledger(&directory);
        let fork = theirs.tip().hash;
        let is_ours = |hash: &BlockHash| Ok::<_, Infallible>(*hash == fork);
        let [first, second, third] = [(); 3].map(|()| mine(&theirs));
        let (rivals, peer) = (Rivals::default(), PeerId::random());
        let before = |rivals: &Rivals, block: &(Glance, Bytes)| {
            rivals.before(&**theirs.rules(), block.0, is_ours).unwrap()
        };
        assert_eq!(before(&rivals, &first), Some((fork, vec![])), "it follows our chain");
        let decoy = Glance { height: first.0.height, previous: Some(fork) };
        rivals.keep(decoy, &arrived("no block".into(), peer));
        rivals.keep(second.0, &arrived(second.1.clone(), peer));
        assert_eq!(before(&rivals, &third), None, "the first is missing");
        rivals.keep(first.0, &arrived(first.1.clone(), peer));
        assert_eq!(before(&rivals, &third), Some((fork, vec![first.1, second.1])));
    }

    #[test]
    fn blocks_of_one_peer_displace_only_its_own() {
        let (rivals, [one, other]) = (Rivals::default(), [(); 2].map(|()| PeerId::random()));
        let keep = |peer, height: u64| {
            let block = arrived(height.to_string().into(), peer);
            rivals.keep(Glance { height, previous: None }, &block);
        };
        let heights = || -> Vec<u64> { rivals.0.lock().unwrap().iter().map(|rival| rival.height).collect() };
        keep(one, 1);
        (2..10).for_each(|height| keep(other, height));
        assert_eq!(heights(), [1, 6, 7, 8, 9]);
        (10..30).for_each(|height| keep(PeerId::random(), height));
        assert_eq!(heights(), (14..30).collect::<Vec<_>>());
        keep(one, 29);
        rivals.keep(Glance { height: 30, previous: None }, &arrived(vec![b' '; MAX_BYTES + 1].into(), one));
        assert_eq!(heights(), (14..30).collect::<Vec<_>>(), "kept already, or too large");
        rivals.keep(Glance { height: 30, previous: None }, &arrived(vec![b' '; MAX_BYTES].into(), one));
        assert_eq!(heights(), (15..31).collect::<Vec<_>>());
    }
}
