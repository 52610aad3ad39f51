//! The search with the vector and SHA instructions of x86-64 processors.
//!
//! An attempt hashes two blocks. The message is never put together: nonces are tried in groups of ten thousand, whose
//! members differ in four digits, and what does not depend on these is computed once for the group. That is the state
//! before the first of the digits, most of what the first block adds to its message schedule, and the whole schedule of
//! the second block. Only the first word of each hash is computed; a hash that passes is computed again in full.
//!
//! In which order to read: `group`, `digits` and `scan`; then `kernel` and `batch`, the search in vectors of any size,
//! with `schedule`, `first_words` and `instructions/sse2`; `instructions/avx512`, which does what these do in assembly;
//! and `instructions/sha_ni`, the search with the SHA instructions. What is SHA-256 and not a search is in `sha256`.

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
