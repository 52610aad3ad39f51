//! Chains for tests of the store.

use std::path::Path;
use std::sync::Arc;

use ledger_core::classic::Classic;
use ledger_core::seam::{Chain, CheckedBlock, Erased, Proofs, RuleSet};
use ledger_core::{Block, ClassicRules, Difficulty, Members, PreviousHash, Timestamp, Tip, Transaction};

use super::names::LOCK;
use super::{MissingLog, Store};

/// Classic rules at a difficulty.
pub(crate) fn rules_at(zeros: u8) -> Arc<dyn RuleSet> {
    let rules = ClassicRules::new(Difficulty::new(zeros).unwrap());
    Arc::new(Erased(Classic::new(rules, 1_u64.into())))
}

/// Classic rules by which every number is a proof.
pub(crate) fn rules() -> Arc<dyn RuleSet> {
    rules_at(0)
}

/// Opens a directory's store and takes it into use. A new store has a genesis.
pub(crate) fn store(directory: &Path) -> Store {
    let mut store = Store::open(directory, MissingLog::Refused, || TestChain::new().genesis()).unwrap();
    std::fs::write(directory.join(LOCK), "").unwrap();
    store.accept(directory).unwrap();
    store
}

/// A chain that tests extend block by block.
pub(crate) struct TestChain {
    chain: Box<dyn Chain>,
    blocks: Vec<CheckedBlock<'static>>,
}

impl TestChain {
    /// A chain with only a genesis.
    pub(crate) fn new() -> Self {
        let mut chain = Self { chain: rules().begin(Proofs::Checked), blocks: Vec::new() };
        chain.push(&Block::genesis(Timestamp::from_micros(1)));
        chain
    }

    /// The same chain up to a height.
    pub(crate) fn up_to(&self, height: usize) -> Self {
        let mut chain = Self { chain: rules().begin(Proofs::Checked), blocks: Vec::new() };
        for block in &self.blocks[..height] {
            chain.push(&block.text().parse().unwrap());
        }
        chain
    }

    pub(crate) fn genesis(&self) -> CheckedBlock<'static> {
        self.blocks[0].clone()
    }

    pub(crate) fn tip(&self) -> Tip {
        self.chain.tip().unwrap()
    }

    /// Adds a block with these transactions.
    pub(crate) fn add(&mut self, transactions: Vec<Transaction<'_>>) -> &CheckedBlock<'static> {
        let tip = self.tip();
        self.push(&Block::new(Members {
            index: tip.height.next().get(),
            previous_hash: PreviousHash::Hash(tip.hash),
            proof: 0,
            timestamp: Timestamp::from_micros(tip.height.get()),
            transactions,
        }))
    }

    fn push(&mut self, block: &Block<'_>) -> &CheckedBlock<'static> {
        let checked = self.chain.push(block.text().as_bytes(), Timestamp::from_micros(0));
        self.blocks.push(checked.unwrap().into_owned());
        &self.blocks[self.blocks.len() - 1]
    }
}
