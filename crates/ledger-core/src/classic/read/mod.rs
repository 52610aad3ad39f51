//! Reading blocks and payments from JSON.
//!
//! 1. `in_place`: a canonical text, read where it lies; what it accepts is written again as the very same bytes.
//! 2. `members`, `transaction`: any layout, as Python's `json` reads it; `member`: of members with the same name the last
//!    one counts, and what stood before it need only be JSON.
//! 3. `block`: blocks that are hashed as they are read.

mod block;
mod in_place;
mod member;
mod members;
mod transaction;

pub(super) use members::{hash, seconds};
