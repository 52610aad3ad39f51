//! Comparing an index of payments with what its blocks ask for, in any order and by several threads.

use std::hash::{self, BuildHasher};
use std::sync::LazyLock;

use foldhash::SharedSeed;
use foldhash::quality::SeedableRandomState;

use crate::store::index::Entry;

/// Hashes entries with a seed that each process draws anew, so that nobody can make an index that only looks right.
///
/// An entry takes 34 instructions, and 178 with the standard hasher (valgrind, x86-64).
static HASHER: LazyLock<SeedableRandomState> = LazyLock::new(|| {
    // The standard seed comes from the system's random numbers, foldhash's own from addresses and the time.
    let seed = hash::RandomState::new().hash_one(0);
    SeedableRandomState::with_seed(seed, SharedSeed::global_random())
});

/// A digest of index entries in any order, to compare an index with what its blocks ask for. Only of this process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    /// How many entries there are.
    pub(crate) entries: u64,
    sum: u64,
}

impl Digest {
    /// Adds an entry.
    pub(crate) fn add(&mut self, address: i64, entry: &Entry) {
        let Entry(height, position, role, worth) = entry;
        self.entries += 1;
        self.sum = self.sum.wrapping_add(HASHER.hash_one((address, height, position, role, worth)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_matter_and_every_member_does() {
        let digest = |entries: &[(i64, Entry)]| {
            entries.iter().fold(Digest::default(), |mut digest, (address, entry)| {
                digest.add(*address, entry);
                digest
            })
        };
        let (one, two) = ((7, Entry(3, 0, 1, Some(5_u64.into()))), (8, Entry(3, 0, 2, None)));
        let both = digest(&[one.clone(), two.clone()]);
        assert_eq!(digest(&[two.clone(), one.clone()]), both);
        for changed in [
            (9, Entry(3, 0, 1, Some(5_u64.into()))),
            (7, Entry(4, 0, 1, Some(5_u64.into()))),
            (7, Entry(3, 1, 1, Some(5_u64.into()))),
            (7, Entry(3, 0, 3, Some(5_u64.into()))),
            (7, Entry(3, 0, 1, Some(6_u64.into()))),
            (7, Entry(3, 0, 1, None)),
        ] {
            assert_ne!(digest(&[changed, two.clone()]), both);
        }
    }
}
