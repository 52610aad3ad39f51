//! A rule set without its types.
//!
//! 1. `check`: [`Erased`], and the only place where blocks are checked.
//! 2. `fold`: a chain, checked one block at a time.
//! 3. `answers`: all else that a program may ask.

mod answers;
mod check;
mod fold;

pub use check::Erased;
