//! Why a block or a payment is refused.
//!
//! 1. `parse`: [`ParseError`], bytes that are not a block.
//! 2. `payment`: [`PaymentError`], a payment that is refused before its signature is verified.
//! 3. `violation`: [`Violation`], a rule that a block breaks; [`Sides`], both sides of it.
//! 4. `block`: [`BlockError`], either one in an arriving block; [`StoredError`], a row that is not what was stored.

mod block;
mod parse;
mod payment;
mod violation;

pub use block::{BlockError, StoredError};
pub use parse::ParseError;
pub use payment::PaymentError;
pub use violation::{AnyViolation, Sides, Violation};
