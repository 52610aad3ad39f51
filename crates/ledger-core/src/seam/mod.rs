//! The interface between a rule set and the program that uses it.
//!
//! A rule set implements [`Rules`] with its own types. [`Erased`] turns it into a [`RuleSet`], which a program holds as
//! `Arc<dyn RuleSet>`. The program opens a [`Chain`] and pushes blocks; each that keeps the rules comes back as a
//! [`CheckedBlock`], and nothing else makes one. Validation is compiled for each rule set: there is one virtual call per
//! block, none per payment.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//! use ledger_core::seam::{Options, Proofs, RuleSet};
//! use ledger_core::{Difficulty, RULE_SETS, Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let options = Options::new(Difficulty::new(2)?, 1u64.into());
//! let rules: Arc<dyn RuleSet> = (RULE_SETS[0].make)(&options)?;
//! let now = Timestamp::from_micros(1_506_057_125_900_785);
//! let (genesis, _) = rules.genesis(now);
//!
//! let mut chain = Arc::clone(&rules).begin(Proofs::Checked);
//! let checked = chain.push(genesis.text().as_bytes(), now)?;
//! assert_eq!(checked.hash(), genesis.hash());
//! let refused = chain.push(genesis.text().as_bytes(), now).unwrap_err();
//! assert_eq!(refused.to_string(), "block 2: index is 1, expected 2");
//! # Ok(())
//! # }
//! ```
//!
//! # Reading order
//!
//! 1. `rules`: [`Rules`] and [`BlockText`], which a rule set implements, with the small types of `checking` and `limits`.
//! 2. `movement`: [`Movement`]; `checked`: [`CheckedBlock`]; `opaque`: [`AnyState`], [`AnyDraft`], [`Successor`].
//! 3. `rule_set`: [`RuleSet`] and [`Chain`], which a program calls; `stored`: [`Stored`], a row of its database.
//! 4. `erased`: [`Erased`] turns [`Rules`] into a [`RuleSet`]. Blocks are checked only there.
//! 5. `payments`: which payments may wait, and which return after a reorg.
//! 6. `errors`: why a block or a payment is refused.
//! 7. `registration`: [`Registration`], a rule set by name; [`testing`]: blocks for tests.

mod checked;
mod checking;
mod erased;
mod errors;
mod limits;
mod movement;
mod opaque;
mod payments;
mod registration;
mod rule_set;
mod rules;
mod stored;
pub mod testing;

pub use checked::CheckedBlock;
pub use checking::{Checking, Glance, Proofs};
pub use erased::Erased;
pub use errors::{AnyViolation, BlockError, ParseError, PaymentError, Sides, StoredError, Violation};
pub use limits::{Limits, Quantity};
pub use movement::Movement;
pub use opaque::{AnyDraft, AnyState, Successor};
pub use payments::{
    Accepted, Admission, Member, PaymentForm, PoolEntry, PoolError, Refill, Waiting, payment_texts, refill,
};
pub use registration::{Options, Registration};
pub use rule_set::{Chain, RuleSet};
pub use rules::{BlockText, Rules};
pub use stored::Stored;
