//! The tutorial's rules: what a block and a payment are, how a block hashes, and which chains are valid.
//!
//! Read it in this order:
//!
//! 1. `payment`: [`Transaction`], and payments on their way into a block.
//! 2. `members`: [`Members`], the five members of a block; `previous_hash`: how a block names the previous one.
//! 3. `encode`: the text that is hashed.
//! 4. `block`: [`Block`], the members with their text and its hash.
//! 5. `read`: blocks and payments from JSON, in place where the text is canonical.
//! 6. `serde`: blocks and payments in other types and formats.
//! 7. `puzzle`: the proof of work.
//! 8. `rules`: the parameters of the rules; `state`: what the next block is checked against; `checks`: one check per rule;
//!    `verify`: [`verify_chain`], a whole chain.
//! 9. `rule_set`: these rules behind the [seam](crate::seam).

mod block;
mod checks;
pub mod encode;
mod members;
mod payment;
mod previous_hash;
mod puzzle;
mod read;
mod rule_set;
mod rules;
mod serde;
mod state;
mod verify;

pub use block::Block;
pub use checks::RuleViolation;
pub(crate) use checks::check;
pub use members::Members;
pub use payment::{REWARD_SENDER, SignedTransaction, Transaction};
pub use previous_hash::PreviousHash;
pub use puzzle::Puzzle;
pub use rule_set::{Classic, Draft, REGISTRATION, assemble};
pub use rules::ClassicRules;
pub use state::State;
pub use verify::verify_chain;
