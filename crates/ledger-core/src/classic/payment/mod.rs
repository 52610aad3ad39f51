//! Payments, in blocks and on their way there.
//!
//! 1. `transaction`: [`Transaction`], sender, recipient and amount, and the text that is signed.
//! 2. `signed`: [`SignedTransaction`], a payment with its signature; it becomes a
//!    [`SignedPayment`](crate::SignedPayment).

mod signed;
mod transaction;

pub use signed::SignedTransaction;
pub use transaction::{REWARD_SENDER, Transaction};
