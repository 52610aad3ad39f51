//! Proof of work, as far as no rule set has a part in it.
//!
//! `difficulty`: [`Difficulty`], how hard a puzzle is in leading zeros. The search itself is the crate `pow-engine`'s.

mod difficulty;

pub use difficulty::{Difficulty, DifficultyError};
pub use pow_engine::{Engine, EngineError, Search, Target, Work};
