//! The rules of a small proof-of-work ledger, and nothing else.
//!
//! This crate knows what a block is, how it hashes, which proofs solve its puzzle, which chains are valid and which of
//! two chains wins. It is the tutorial "create a blockchain" as a library: what it accepts, refuses and hashes is what
//! the tutorial's Python nodes accept, refuse and hash, to the byte.
//!
//! It is pure. It opens no file or socket, reads no clock, starts no thread and draws no random number: time and work
//! come in as arguments. It knows no keys either: the caller verifies signatures and passes the result in (see
//! [`SignedTransaction::verify_with`]). No input makes it panic.
//!
//! # A first chain
//!
//! ```
//! use ledger_core::{Members, Blockchain, Difficulty, ClassicRules, Timestamp, Transaction};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let rules = ClassicRules::new(Difficulty::new(2)?);
//! let mut ledger = Blockchain::new(rules, Timestamp::from_micros(1_506_057_125_900_785));
//!
//! let proof = ledger.proof_of_work().expect("difficulty 2 is solved within u64");
//! let reward = Transaction::reward("miner", 1u64);
//! let block = ledger.new_block(proof, Some(reward), Timestamp::from_micros(1_506_057_126_000_000))?;
//! assert_eq!(block.index, 2);
//! assert!(ledger_core::verify_chain(rules, ledger.blocks()).is_ok());
//! # Ok(())
//! # }
//! ```
//!
//! # In types and formats of your own
//!
//! A block borrows its texts from the bytes that it was read from, where it can. [`Block::into_owned`] copies them.
//!
//! Blocks, transactions and their parts implement `serde::Serialize` and `Deserialize`, also in tagged and untagged enums
//! and with flattened members. As JSON they are their canonical text. What is read back has the same hash, or is refused.
//! A [`Block`] is written as its text, which every format can hold, even one that does not describe its values (bincode,
//! postcard).
//!
//! The crate builds for `wasm32-unknown-unknown`. There, portable code searches for proofs on one thread.
//!
//! # Reading order
//!
//! 1. [`Number`], [`Amount`], [`Recipient`], [`Address`], [`Transaction`], [`Members`]: the data, each with a constructor that
//!    checks it; [`JsonText`]: any other value in a peer's chain.
//! 2. [`canonical`]: the text that is hashed, and [`BlockHash`]; [`Block`]: the members with both, read in place
//!    where possible.
//! 3. [`Puzzle`]: proof of work, with its [`Difficulty`]; [`Work`]: the puzzle as the search sees it; [`Engine`]: the
//!    instructions that the search uses.
//! 4. [`ClassicRules`], [`verify_chain`], [`RuleViolation`]: which chains are valid. Validation is a fold over blocks.
//! 5. [`Height`], [`Tip`], [`ForkPoint`]: where in a chain. [`fork`]: what a reorg does to payments.
//! 6. [`Pool`] and [`SignedTransaction`]: payments that wait for a block.
//! 7. [`seam`]: what a program asks of any rule set; [`classic`]: the tutorial's rules; [`RULE_SETS`]: all rule sets.
//! 8. [`ChainReader`]: a peer's chain, read as it arrives.
//! 9. [`Blockchain`]: a whole ledger in memory, for programs that embed one; [`Blockchain::from_json`] loads it.
//! 10. [`Printable`]: foreign text in a message.

#![forbid(unsafe_code)]
#![warn(clippy::must_use_candidate, clippy::unwrap_used)]

use seam::Registration;

mod address;
mod amount;
pub mod classic;
mod data_model;
mod embedded;
pub mod fork;
mod hash;
mod json;
mod node_address;
mod number;
mod payment;
mod pool;
mod position;
mod pow;
mod printable;
mod python;
mod recipient;
pub mod seam;
mod stream;

pub use address::Address;
pub use amount::{Amount, AmountError, MAX_AMOUNT_TEXT};
pub use classic::encode as canonical;
pub use classic::{
    Block, ClassicRules, Members, PreviousHash, Puzzle, REWARD_SENDER, RuleViolation, SignedTransaction,
    Transaction, verify_chain,
};
pub use embedded::{BlockRefused, Blockchain, LoadError};
pub use hash::{BlockHash, HashError};
pub use json::{JsonError, JsonText, MAX_DEPTH};
pub use node_address::{NodeAddress, NodeAddressError};
pub use number::{Number, NumberError};
pub use payment::{Claim, PaymentName, Scheme, SignedPayment, VerifiedPayment, Witness};
pub use pool::{PaymentNumber, Pool, PoolFull};
pub use position::{Blocks, ForkPoint, Height, Timestamp, Tip, Weight};
pub use pow::{Difficulty, DifficultyError, Engine, EngineError, Search, Target, Work};
pub use printable::Printable;
pub use recipient::Recipient;
pub use seam::{ParseError, PaymentError};
pub use stream::{BlockPart, ChainReader, StreamError};

/// All rule sets. The first one is the default.
pub const RULE_SETS: &[Registration] = &[classic::REGISTRATION];
