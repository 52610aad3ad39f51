//! A rule set as small as it can be, to show that the seam holds: proof of work over the block's own text, two payments
//! a block at most, and the heaviest chain wins.
//!
//! Payments are the classic ones. A block chooses how many zeros its hash begins with, 1 to 3, and weighs sixteen times as much
//! for each further zero. So a shorter chain can be the heavier one, and the weight so far must be saved beside a block.
//!
//! 1. `block`: `Block`, with its members and their canonical text.
//! 2. `violation`: `Violation`, the rules that a block may break.
//! 3. `rules`: the rule set, and [`REGISTRATION`], which a program is given.

mod block;
mod rules;
mod violation;

pub(crate) use rules::REGISTRATION;
