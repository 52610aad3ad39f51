//! Why a payment is not in the pool.

use wallet::VerifyError;

use crate::ledger::ChangeError;

/// What is said when more payments arrive than signatures can be checked.
pub const OVERLOADED: &str = "overloaded: too many payments waiting for verification; retry later";

/// Why a payment is not in the pool.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubmitError {
    /// The payment's sender is no address, or the signature is not the sender's.
    #[error(transparent)]
    Unverified(#[from] VerifyError),
    /// More payments arrive than signatures can be checked.
    #[error("{OVERLOADED}")]
    Busy,
    /// The ledger does not take it.
    #[error(transparent)]
    Change(#[from] ChangeError),
}
