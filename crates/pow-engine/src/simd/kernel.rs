//! What a kernel gets and returns: a batch of attempts, and the first words of their hashes.

use crate::sha256::vectors::{Row, State, Vectors};

/// Vectors, and how to hash a batch with them.
pub(super) trait Kernel<const S: usize>: Vectors {
    /// Finishes a batch: the first word of each hash. `second` is the schedule of the second block.
    fn first_words(self, batch: &mut Batch<Self::Lanes, S>, second: &[u32; 64]) -> Row<Self::Lanes, S>;
}

/// Attempts to be hashed side by side, in `S` vectors.
///
/// All that depends on the digits has been done up to and including round `from - 1`, the first one with digits,
/// and up to word `from + 15` of the schedule.
#[repr(C)]
pub(super) struct Batch<L, const S: usize> {
    /// The next round, from 1 to 8.
    pub(super) from: usize,
    /// The state before that round, each word in its [`place`](crate::sha256::vectors::place).
    pub(super) state: State<L, S>,
    /// The words of the first block from `from` on, with the constants of their rounds.
    pub(super) sums: [Row<L, S>; 16],
    /// What the words of the first block add to words 16 to 31 of its schedule, from word `from + 16` on.
    pub(super) terms: [Row<L, S>; 16],
    /// Zeros, for a kernel that reads before the schedule and needs words that add nothing there.
    pub(super) zeros: [Row<L, S>; 7],
    /// Words 16 to 63 of the schedule. Those up to `from + 15` are there; the kernel writes the others.
    pub(super) schedule: [Row<L, S>; 48],
}
