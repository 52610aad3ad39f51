//! A rule set by name.

use std::sync::Arc;

use super::rule_set::RuleSet;
use crate::amount::Amount;
use crate::pow::Difficulty;

/// A rule set that a program offers: its name, and how it is made.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// The name by which it is asked for.
    pub name: &'static str,
    /// Makes it, or says in a sentence which option it cannot use.
    pub make: fn(&Options) -> Result<Arc<dyn RuleSet>, String>,
}

/// What a rule set is made of. Each takes what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How hard mining is.
    pub difficulty: Difficulty,
    /// What a block of ours pays its miner.
    pub reward: Amount<'static>,
}

impl Options {
    /// These options, and for what comes later its default.
    #[must_use]
    pub fn new(difficulty: Difficulty, reward: Amount<'static>) -> Self {
        Self { difficulty, reward }
    }
}
