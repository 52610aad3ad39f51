//! The rule set by name.

use std::sync::Arc;

use super::classic::Classic;
use crate::classic::rules::ClassicRules;
use crate::seam::{Erased, Registration};

/// The classic rules, by the name "classic".
pub const REGISTRATION: Registration = Registration {
    name: Classic::NAME,
    make: |options| {
        let rules = ClassicRules::new(options.difficulty);
        Ok(Arc::new(Erased(Classic::new(rules, options.reward.clone()))))
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pow::Difficulty;
    use crate::seam::Options;

    #[test]
    fn rules_say_their_name_and_difficulty() {
        let rules = (REGISTRATION.make)(&Options::new(Difficulty::default(), 1u64.into())).unwrap();
        assert_eq!((rules.name(), &*rules.describe()), ("classic", "difficulty 4"));
    }
}
