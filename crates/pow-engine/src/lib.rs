//! The search for proofs of work, and SHA-256 of many texts at a time.
//!
//! A puzzle is a text with a gap for a number, the nonce, and the largest hash that solves it ([`Work`],
//! [`Target`]). This crate finds the smallest nonce in a range. It knows numbers and bytes, but no blocks: the
//! caller provides the text around the gap and the difficulty.
//!
//! ```
//! use std::ops::ControlFlow;
//! use pow_engine::{Engine, Search, Target, Work};
//!
//! let work = Work::new("a text, ", ", and more of it", Target::with_leading_zero_bits(12));
//! let go_on = |_| ControlFlow::Continue(());
//! let Search::Found(nonce) = work.search(Engine::best(), 0..u64::MAX, go_on) else {
//!     unreachable!("12 bits take about 4096 attempts");
//! };
//! assert!(work.is_solved_by(nonce));
//! assert_eq!(pow_engine::hash_each(&[format!("a text, {nonce}, and more of it").as_bytes()]), [work.hash(nonce)]);
//! ```
//!
//! All engines find the same nonce, at different speeds. The vector and SHA instructions of x86-64 handle messages
//! of two blocks whose nonce ends within the first 35 bytes, like the tutorial's. All others are tried one at a
//! time.
//!
//! # Unsafe code
//!
//! All of the ledger's `unsafe` code for processor instructions is here, in `sha256` and `simd`. Its safe interface
//! cannot be misused: an [`Engine`] that the processor lacks cannot be constructed.
//!
//! # Reading order
//!
//! 1. `target` and `work`: the puzzle
//! 2. `guess`: one attempt; `portable`: one attempt at a time
//! 3. `sha256`: the steps of the hash, the same in vectors, and many texts at a time
//! 4. `simd`: many attempts at a time
//! 5. `engine`: the instructions; `search`: the loop that can be stopped

#![warn(clippy::must_use_candidate, clippy::unwrap_used)]

mod engine;
mod guess;
mod portable;
mod search;
mod sha256;
#[cfg(target_arch = "x86_64")]
mod simd;
mod target;
mod work;

pub use engine::{Engine, EngineError};
pub use search::Search;
pub use sha256::hash_each;
pub use target::Target;
pub use work::Work;
