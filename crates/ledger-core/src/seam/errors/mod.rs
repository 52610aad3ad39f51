//! Why a block or a payment is refused.
//!
//! 1. `parse`: [`ParseError`], bytes that are no block.
//! 2. `payment`: [`PaymentError`], a payment that nobody may ask for.
//! 3. `violation`: [`Violation`], a rule that a block breaks.
//! 4. `block`: [`BlockError`], either of a block that arrives; [`StoredError`], of one that is read back.

mod block;
mod parse;
mod payment;
mod violation;

pub use block::{BlockError, StoredError};
pub use parse::ParseError;
pub use payment::PaymentError;
pub use violation::{AnyViolation, Violation};
