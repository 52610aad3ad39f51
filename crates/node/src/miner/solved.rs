//! A mined block and the work in it.

use std::fmt;
use std::time::Duration;

use ledger_core::{Block, BlockHash, ClassicRules, Tip};

/// A block of ours, and the search for its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Index of the block.
    pub index: u64,
    /// Its hash.
    pub hash: BlockHash,
    /// Number of its transactions.
    pub transactions: usize,
    /// Its proof.
    pub proof: u64,
    /// The hashed text: the last proof, the proof, and the last block's hash, without separators.
    pub guess: String,
    /// The SHA-256 of that text, which has the leading zeros.
    pub guess_hash: BlockHash,
    /// Proofs tried. On several threads, some are greater than the proof found.
    pub tries: u64,
    /// Time taken.
    pub elapsed: Duration,
}

impl Solved {
    pub(super) fn new(
        block: &Block,
        rules: ClassicRules,
        after: Tip,
        (tries, elapsed): (u64, Duration),
    ) -> Self {
        Self {
            index: block.index,
            hash: block.hash(),
            transactions: block.transactions.len(),
            proof: block.proof,
            guess: format!("{}{}{}", after.proof, block.proof, after.hash),
            guess_hash: after.puzzle(rules).guess_hash(block.proof),
            tries,
            elapsed,
        }
    }
}

impl fmt::Display for Solved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.transactions == 1 { "" } else { "s" };
        write!(
            f,
            "block {}: hash {:.16}…, {} transaction{plural}; proof {} gives {:.16}… ({} tried in {:.1?})",
            self.index, self.hash, self.transactions, self.proof, self.guess_hash, self.tries, self.elapsed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger_core::{Difficulty, Members, PreviousHash, Search, Timestamp, Transaction};
    use std::ops::ControlFlow;

    #[test]
    fn guess_hashes_to_the_shown_hash() {
        let rules = ClassicRules::new(Difficulty::new(3).unwrap());
        let genesis = Block::new(Members::genesis(Timestamp::from_micros(1)));
        let after = Tip::of(&genesis).unwrap();
        let Search::Found(proof) = after.puzzle(rules).search(0..u64::MAX, |_| ControlFlow::Continue(()))
        else {
            panic!("no proof")
        };
        let block = Block::new(Members {
            index: 2,
            previous_hash: PreviousHash::Hash(genesis.hash()),
            proof,
            timestamp: Timestamp::from_micros(2),
            transactions: vec![Transaction::reward("miner", 1_u64)],
        });
        let solved = Solved::new(&block, rules, after, (proof + 1, Duration::from_micros(1200)));
        assert_eq!(BlockHash::of_text(&solved.guess), solved.guess_hash);
        assert_eq!(solved.guess, format!("1{proof}{}", genesis.hash()));
        let (says, hash) = (solved.to_string(), block.hash());
        assert!(
            says.starts_with(&format!("block 2: hash {hash:.16}…, 1 transaction; proof {proof} gives 000")),
            "{says}"
        );
        assert!(says.ends_with(&format!("({} tried in 1.2ms)", proof + 1)), "{says}");
    }
}
