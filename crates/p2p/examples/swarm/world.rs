use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
};

use bytes::Bytes;
use ledger_core::{
    Difficulty, RULE_SETS, Timestamp,
    seam::{Options, RuleSet},
};
use p2p::BlockId;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

/// What the nodes of the process share: the rules, each block's bytes once, and who heard of what when.
pub(crate) struct World {
    pub(crate) rules: Arc<dyn RuleSet>,
    blocks: Mutex<HashMap<BlockId, Bytes>>,
    heard: Mutex<HashMap<BlockId, Vec<Instant>>>,
}

impl World {
    pub(crate) fn new() -> Arc<Self> {
        let difficulty = Difficulty::new(1).expect("a difficulty");
        let rules =
            (RULE_SETS[0].make)(&Options::new(difficulty, 1_u64.into())).expect("the tutorial's rules");
        Arc::new(Self { rules, blocks: Mutex::default(), heard: Mutex::default() })
    }

    /// The time of every block. The rules do not read it, and all nodes must begin with the same genesis.
    pub(crate) fn now() -> Timestamp {
        Timestamp::from_micros(1_506_057_125_900_785)
    }

    /// The bytes of a block, in the one copy that all nodes share.
    pub(crate) fn share(&self, id: BlockId, block: &[u8]) -> Bytes {
        locked(&self.blocks).entry(id).or_insert_with(|| Bytes::copy_from_slice(block)).clone()
    }

    /// Notes that a node has a block or payment now.
    pub(crate) fn note(&self, id: BlockId) {
        locked(&self.heard).entry(id).or_default().push(Instant::now());
    }

    /// How many nodes have a block or payment.
    pub(crate) fn count(&self, id: BlockId) -> usize {
        locked(&self.heard).get(&id).map_or(0, Vec::len)
    }

    /// Removes a block or payment. Returns when each node got it.
    pub(crate) fn take(&self, id: BlockId) -> Vec<Instant> {
        locked(&self.heard).remove(&id).unwrap_or_default()
    }
}

/// The name of a payment on the network: the hash of its bytes.
pub(crate) fn id_of(bytes: &[u8]) -> BlockId {
    BlockId(Sha256::digest(bytes).into())
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding it")
}
