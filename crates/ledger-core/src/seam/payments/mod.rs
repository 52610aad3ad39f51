//! Payments on both sides of the seam.
//!
//! 1. `form`: [`PaymentForm`], the members that a user sends.
//! 2. `waiting`: [`Waiting`], the payments that a new one shares the pool with; [`Admission`], the permission to wait.
//! 3. `texts`: [`payment_texts`], the payments of a block, cut out of its text.
//! 4. `refill`: [`refill`], what a reorg puts back in the pool.

mod form;
mod refill;
mod texts;
mod waiting;

pub use form::{Member, PaymentForm};
pub use refill::{Refill, refill};
pub use texts::payment_texts;
pub use waiting::{Accepted, Admission, PoolEntry, PoolError, Waiting};
