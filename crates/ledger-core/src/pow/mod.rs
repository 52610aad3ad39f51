//! Proof of work for all rule sets.
//!
//! `difficulty`: [`Difficulty`], in leading zeros. The search itself is in the crate `pow-engine`.

mod difficulty;

pub use difficulty::{Difficulty, DifficultyError};
pub use pow_engine::{Engine, EngineError, Search, Target, Work};
