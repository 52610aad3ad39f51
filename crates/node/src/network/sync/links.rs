//! How blocks name each other, for the download.

use std::sync::Arc;

use ledger_core::BlockHash;
use ledger_core::seam::RuleSet;
use p2p::{BlockId, Links};
use sha2::{Digest, Sha256};

use crate::network::tips::id_of;

/// Bytes of a block's text that say which block it follows.
const BEGINNING: usize = 200;

/// Blocks of this size or more are hashed as they are: reading one takes several times its size in memory.
const LARGE: usize = 256 << 10;

/// What a genesis names as its parent.
const NOTHING: BlockId = BlockId([0; 32]);

/// The links between blocks, as a rule set reads them.
pub(super) struct RuleLinks(pub(super) Arc<dyn RuleSet>);

impl Links for RuleLinks {
    fn id(&self, block: &[u8]) -> BlockId {
        if block.len() < LARGE {
            return self.0.place(block).map_or(NOTHING, |(_, hash)| id_of(&hash));
        }
        id_of(&BlockHash::from_bytes(Sha256::digest(block).into()))
    }

    fn parent(&self, block: &[u8]) -> Option<BlockId> {
        let glance = self.0.glance(&block[..block.len().min(BEGINNING)])?;
        Some(glance.previous.map_or(NOTHING, |hash| id_of(&hash)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{ledger, next};

    #[test]
    fn block_names_its_parent_and_itself() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let links = RuleLinks(Arc::clone(ledger.rules()));
        let block = next(&ledger, Vec::new());
        assert_eq!(links.parent(block.text().as_bytes()), Some(id_of(&ledger.tip().hash)));
        assert_eq!(links.id(block.text().as_bytes()), id_of(&block.hash()));
        assert_eq!(links.id(format!(" {}", block.text()).as_bytes()), id_of(&block.hash()), "in any layout");
        for bad in ["", "{}", "[1]"] {
            assert_eq!((links.parent(bad.as_bytes()), links.id(bad.as_bytes())), (None, NOTHING));
        }
    }
}
