//! A rule set without its types.
//!
//! 1. `check`: [`Erased`], and the only place where a block is checked and becomes a
//!    [`CheckedBlock`](super::CheckedBlock).
//! 2. `fold`: a chain, checked one block at a time.
//! 3. `answers`: all else that a program asks.

mod answers;
mod check;
mod fold;

pub use check::Erased;
