//! Finds the last block that our chain shares with a peer's.

use ledger_core::BlockHash;
use p2p::{Locator, Network, PeerId};

use crate::ledger::Ledger;
use crate::network::tips::id_of;
use crate::store::{StoreError, blocks};
use crate::system::threads::blocking;

/// The most hashes in a request: a locator holds 66.
const MAX_HASHES: u64 = 64;

/// The most requests: each leaves a 64th of the blocks in doubt.
const MAX_ROUNDS: usize = 12;

/// The last block that two chains share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fork {
    /// Its height; 0 if they share none.
    pub(super) height: u64,
    /// Its hash.
    pub(super) hash: Option<BlockHash>,
}

/// Where the fork point can be.
#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// The peer has this block of ours; 0 stands for none.
    low: u64,
    /// The peer lacks this one.
    high: u64,
}

impl Doubt {
    /// What is left in doubt after an answer. `found` is the index of the highest of `heights`, which descend, that the
    /// peer has.
    fn after(self, heights: &[u64], found: Option<usize>) -> Self {
        match found {
            Some(at) => {
                let above = at.checked_sub(1).and_then(|above| heights.get(above));
                Self { low: heights[at], high: above.copied().unwrap_or(self.high) }
            }
            None => Self { high: heights.last().copied().unwrap_or(self.high), ..self },
        }
    }

    /// The heights of the next request, descending: all that are in doubt, if they are few. Empty if there is no doubt.
    fn heights(self) -> Vec<u64> {
        let stride = (self.high - self.low).div_ceil(MAX_HASHES);
        let heights = (1..).map(|step| self.low + step * stride).take_while(|&height| height < self.high);
        let mut heights: Vec<u64> = heights.collect();
        heights.reverse();
        heights
    }
}

/// Asks a peer for the last block that both chains share. `None` if it does not answer, or our chain changes meanwhile.
pub(super) async fn locate(network: &Network, ledger: &Ledger, peer: PeerId) -> Option<Fork> {
    let length = ledger.tip().height.get();
    let (mut doubt, mut hash) = (Doubt { low: 0, high: length + 1 }, None);
    let mut heights: Vec<u64> = Locator::heights(length, 1).collect();
    for _ in 0..MAX_ROUNDS {
        let ours = hashes(ledger.clone(), heights.clone()).await?;
        // Ask for no blocks: only the fork point is of use.
        let branch = network.branch(peer, Locator::new(ours.iter().map(id_of)), 0).await.ok()?;
        let found = branch.fork.and_then(|fork| ours.iter().position(|hash| id_of(hash) == fork.id));
        hash = found.map(|at| ours[at]).or(hash);
        doubt = doubt.after(&heights, found);
        heights = doubt.heights();
        if heights.is_empty() {
            break;
        }
    }
    Some(Fork { height: doubt.low, hash })
}

/// Our hashes at some heights. `None` if our chain has become shorter, or cannot be read.
async fn hashes(ledger: Ledger, heights: Vec<u64>) -> Option<Vec<BlockHash>> {
    let read = blocking("making a locator", move || {
        ledger.readers().snapshot(|snapshot| {
            let hashes = heights.iter().map(|&height| blocks::hash_at(snapshot, height));
            hashes.collect::<Result<Vec<_>, StoreError>>()
        })
    });
    read.await.ok()?.ok()?.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fork point that the requests find if the peer shares the blocks up to a height, and the number of requests.
    fn found(length: u64, fork: u64) -> (u64, usize) {
        let (mut doubt, mut rounds) = (Doubt { low: 0, high: length + 1 }, 0);
        let mut heights: Vec<u64> = Locator::heights(length, 1).collect();
        while !heights.is_empty() {
            rounds += 1;
            doubt = doubt.after(&heights, heights.iter().position(|&height| height <= fork));
            heights = doubt.heights();
            assert!(heights.len() as u64 <= MAX_HASHES);
        }
        (doubt.low, rounds)
    }

    #[test]
    fn every_fork_point_is_found() {
        for length in [1, 2, 3, 10, 100, 1_000] {
            for fork in 0..=length {
                assert_eq!(found(length, fork).0, fork, "of {length}");
            }
        }
        for fork in [0, 1, 499_999, 500_001, 999_999, 1_000_000] {
            let (height, rounds) = found(1_000_000, fork);
            assert_eq!(height, fork);
            assert!(rounds <= MAX_ROUNDS, "{rounds} rounds");
        }
    }

    #[tokio::test]
    async fn hashes_are_ours_or_none() {
        use crate::ledger::testing::ledger;
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        assert_eq!(hashes(ledger.clone(), vec![1]).await, Some(vec![ledger.tip().hash]));
        assert_eq!(hashes(ledger.clone(), vec![1, 2]).await, None, "our chain has no second block");
    }
}
