//! The search with the vector and SHA instructions of x86-64 processors.
//!
//! An attempt hashes two blocks. The message is never assembled: nonces are tried in groups of ten thousand that
//! differ in four digits, and everything that does not depend on these is computed once per group. That is the
//! state before the first digit, most of what the first block adds to its message schedule, and the whole schedule
//! of the second block. Only the first word of each hash is computed; a hash that passes is recomputed in full.
//!
//! Read the files in this order: `group`, `digits` and `scan`; then `kernel` and `batch`, the search in vectors of
//! any size, with `schedule`, `first_words` and `instructions/sse2`; `instructions/avx512`, which does the same in
//! assembly; and `instructions/sha_ni`, the search with the SHA instructions. The parts of SHA-256 itself are in
//! `sha256`.

mod batch;
mod digits;
mod first_words;
mod group;
mod instructions;
mod kernel;
mod scan;
mod schedule;
#[cfg(test)]
mod tests;

pub(crate) use instructions::ShaNi;
pub(crate) use scan::first_in;
