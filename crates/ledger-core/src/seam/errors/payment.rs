//! A payment that is refused before its signature is verified.

use super::parse::ParseError;
use crate::amount::AmountError;

/// Why a user's payment is refused before its signature is verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PaymentError {
    /// Its text is not a payment.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// The amount cannot be paid.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// Nobody can sign for the sender of mining rewards.
    #[error("sender \"0\" stands for the mining reward and cannot pay; give the address of a wallet")]
    RewardSender,
    /// This member is not a text. Only in a peer's chain may the recipient be another JSON value.
    #[error("{0} must be a text")]
    NoText(&'static str),
    /// A member is a text that JSON does not allow, such as one with half a surrogate pair.
    #[error("{name} is not a well-formed text: {error}")]
    Text {
        /// The member.
        name: &'static str,
        /// What is wrong with it.
        error: String,
    },
}
