//! The tutorial's rules: what a block and a payment are, how a block hashes, and which chains are valid.
//!
//! Read it in this order:
//!
//! 1. `payment`: [`Transaction`], and payments on their way into a block.
//! 2. `members`: [`Members`], the five members of a block; `previous_hash`: how it names the block before.
//! 3. `encode`: the text that is hashed.
//! 4. `block`: [`Block`], the members with their text and its hash.
//! 5. `read`: blocks and payments from JSON, in place where their text is canonical.
//! 6. `serde`: all of it in the types and formats of other programs.
//! 7. `puzzle`: the proof of work that a block asks for.
//! 8. `rules`: which rules are in force; `checks`: one check a rule; `tip`, `verifier`: validation as a fold over blocks.
//! 9. `rule_set`: all of it behind the [seam](crate::seam).

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
mod tip;
mod verifier;

pub use block::Block;
pub use checks::Fault;
pub use members::Members;
pub use payment::{REWARD_SENDER, SignedTransaction, Transaction};
pub use previous_hash::PreviousHash;
pub use puzzle::Puzzle;
pub use rule_set::{Classic, Draft, REGISTRATION, State, assemble};
pub use rules::ClassicRules;
pub use verifier::{Verifier, verify_chain};
