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
