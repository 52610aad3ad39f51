//! Proof of work, as all rule sets use it.
//!
//! `difficulty`: [`Difficulty`], how hard a puzzle is in leading zeros. The search itself is in the crate `pow-engine`.

mod difficulty;

pub use difficulty::{Difficulty, DifficultyError};
pub use pow_engine::{Engine, EngineError, Search, Target, Work};
