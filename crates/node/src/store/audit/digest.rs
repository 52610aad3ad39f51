//! Comparing an index of payments with what its blocks ask for, in any order and by several threads.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::LazyLock;

use crate::store::index::Entry;

/// Drawn anew by each process, so that nobody can make an index that only looks right. Odd.
static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0) | 1);

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
        let mut hasher = Folding { state: !*SEED, seed: *SEED };
        (address, height, position, role, worth).hash(&mut hasher);
        self.entries += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

/// A hasher for a few words, each mixed in with one multiplication: the standard one takes longer than
/// reading the entry.
struct Folding {
    state: u64,
    seed: u64,
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u64((*byte).into()));
    }

    fn write_u8(&mut self, value: u8) {
        self.write_u64(value.into());
    }

    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    fn write_u64(&mut self, value: u64) {
        let product = u128::from(self.state ^ value) * u128::from(self.seed);
        self.state = (product >> 64) as u64 ^ (product as u64).rotate_left(23);
    }

    fn finish(&self) -> u64 {
        self.state
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
