//! Reading blocks and payments from JSON.
//!
//! 1. `in_place`: canonical texts, read without copying.
//! 2. `members`, `transaction`: any layout, as Python's `json` reads it; `member`: one member, whose last value counts if
//!    it occurs twice.
//! 3. `block`: blocks with their text and hash.

mod block;
mod in_place;
mod member;
mod members;
mod transaction;

pub(super) use members::{hash, seconds};
