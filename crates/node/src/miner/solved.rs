//! A mined block and the work in it.

use std::fmt;
use std::time::Duration;

use ledger_core::seam::CheckedBlock;
use ledger_core::{BlockHash, Height, Work};

/// Bytes of a guess that are kept. A proof may cover a whole block.
const SHOWN: usize = 1024;

/// A block of ours, and the search for its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Height of the block.
    pub height: Height,
    /// Its hash.
    pub hash: BlockHash,
    /// Number of its transactions.
    pub transactions: usize,
    /// Its proof.
    pub proof: u64,
    /// Text that was hashed, or its first 1,024 bytes. By the classic rules it is the last proof, the proof and the last
    /// hash, joined.
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
        block: &CheckedBlock<'_>,
        (work, proof): (&Work, u64),
        (tries, elapsed): (u64, Duration),
    ) -> Self {
        let text = work.text(proof);
        Self {
            height: block.tip().height,
            hash: block.hash(),
            transactions: block.movements().len(),
            proof,
            guess: String::from_utf8_lossy(&text[..text.len().min(SHOWN)]).into_owned(),
            guess_hash: BlockHash::from_bytes(work.hash(proof)),
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
            self.height, self.hash, self.transactions, self.proof, self.guess_hash, self.tries, self.elapsed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    use ledger_core::{Engine, Pool, Search, Timestamp};

    use crate::store::testing::rules_at;

    #[test]
    fn guess_hashes_to_the_shown_hash() {
        let (rules, now) = (rules_at(3), Timestamp::from_micros(2));
        let (genesis, state) = rules.genesis(now);
        let draft = rules.draft(&state, &Vec::new, &"miner".into(), now);
        let found = draft.work().search(Engine::best(), 0..u64::MAX, |_| ControlFlow::Continue(()));
        let Search::Found(proof) = found else { panic!("no proof") };
        let (next, _) = rules.complete(&state, &draft, proof, &Pool::new(0), now).unwrap();
        let block = next.block();
        let solved = Solved::new(block, (draft.work(), proof), (proof + 1, Duration::from_micros(1200)));
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
