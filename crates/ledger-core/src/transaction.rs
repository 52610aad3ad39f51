//! A payment as blocks hold it.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;

/// The sender of a mining reward: it is not paid by anyone, but awarded (tutorial, section 4.3).
pub const REWARD_SENDER: &str = "0";

/// A transfer of an amount from a sender to a recipient: three members, no more (tutorial, section 3.2).
///
/// Blocks hold transactions without their signatures; a payment on its way into a block is a
/// [`SignedTransaction`](crate::SignedTransaction).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// What is paid.
    pub amount: Amount,
    /// Who is paid: any text.
    pub recipient: String,
    /// Who pays: an address, or [`REWARD_SENDER`].
    pub sender: String,
}

impl Transaction {
    /// The reward for mining a block.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::Transaction;
    ///
    /// let reward = Transaction::reward("miner", 1u64);
    /// assert!(reward.is_reward());
    /// ```
    pub fn reward(recipient: impl Into<String>, amount: impl Into<Amount>) -> Self {
        Self { amount: amount.into(), recipient: recipient.into(), sender: REWARD_SENDER.to_owned() }
    }

    /// Whether this is a mining reward.
    pub fn is_reward(&self) -> bool {
        self.sender == REWARD_SENDER
    }

    /// The text a sender signs: `sender + recipient + str(amount)`, without separators (tutorial, section 5.3).
    ///
    /// That the parts run together is a weakness of the tutorial's format: `bob1` + `00` reads like `bob` + `100`.
    pub fn message(&self) -> String {
        format!("{}{}{}", self.sender, self.recipient, self.amount)
    }
}
