//! The search on any processor, one attempt at a time.

use std::ops::Range;

use crate::guess::Guess;
use crate::work::Work;

/// The smallest solution in a range.
pub(crate) fn first_in(work: &Work, nonces: Range<u64>) -> Option<u64> {
    let mut guess = Guess::new(work, nonces.start);
    for nonce in nonces {
        if work.target.is_met_by(&guess.digest()) {
            return Some(nonce);
        }
        if !guess.step() {
            guess = Guess::new(work, nonce + 1);
        }
    }
    None
}
