//! A rule set by name.

use std::sync::Arc;

use super::rule_set::RuleSet;
use crate::amount::Amount;
use crate::pow::Difficulty;

/// A rule set that a program offers.
#[derive(Clone, Copy, Debug)]
pub struct Registration {
    /// The name that selects it.
    pub name: &'static str,
    /// Builds it, or says in a sentence which option it cannot use.
    pub make: fn(&Options) -> Result<Arc<dyn RuleSet>, String>,
}

/// What a rule set is built from. Each uses the options it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The difficulty of the proof of work.
    pub difficulty: Difficulty,
    /// What a block of ours pays its miner.
    pub reward: Amount<'static>,
}

impl Options {
    /// These options; any that are added later get their defaults.
    #[must_use]
    pub fn new(difficulty: Difficulty, reward: Amount<'static>) -> Self {
        Self { difficulty, reward }
    }
}
