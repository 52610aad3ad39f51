//! What all rule sets share, and a program need not know of any.
//!
//! 1. `errors`: why bytes are no block.
//! 2. `payments`: the payments of a block, cut out of its text.

mod errors;
mod payments;

pub use errors::ParseError;
pub use payments::payment_texts;
