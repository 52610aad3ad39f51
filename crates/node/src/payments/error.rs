//! Why a payment is not in the pool.

use wallet::VerifyError;

use crate::ledger::ChangeError;

/// The message when payments arrive faster than signatures can be verified.
pub const OVERLOADED: &str = "overloaded: too many payments waiting for verification; retry later";

/// Why a payment is not in the pool.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The payment's sender is not an address, or the signature is not the sender's.
    #[error(transparent)]
    Unverified(#[from] VerifyError),
    /// Payments arrive faster than signatures can be verified.
    #[error("{OVERLOADED}")]
    Busy,
    /// The ledger refuses it.
    #[error(transparent)]
    Change(#[from] ChangeError),
}
