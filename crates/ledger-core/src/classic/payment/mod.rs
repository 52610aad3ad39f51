//! Payments: as blocks hold them, and on their way there.
//!
//! 1. `transaction`: [`Transaction`], sender, recipient and amount, and the text that is signed.
//! 2. `signed`: [`SignedTransaction`], which nobody has verified yet, and [`VerifiedTransaction`].
//! 3. `texts`: the payments of a block, cut out of its canonical text.

mod signed;
mod texts;
mod transaction;

pub use signed::{PaymentError, SignedTransaction, VerifiedTransaction};
pub use texts::transaction_texts;
pub use transaction::{REWARD_SENDER, Transaction};
