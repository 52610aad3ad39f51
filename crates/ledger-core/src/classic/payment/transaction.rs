//! A payment in a block.

use std::borrow::Cow;

use crate::amount::Amount;
use crate::recipient::Recipient;

/// The sender of a mining reward, which nobody pays (tutorial, section 4.3).
pub const REWARD_SENDER: &str = "0";

/// A transfer of an amount from a sender to a recipient: exactly three members (tutorial, section 3.2).
///
/// Texts are borrowed from the bytes that were read, or owned. Blocks hold transactions without their signatures; a payment
/// on its way into a block is a [`SignedTransaction`](crate::SignedTransaction).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction<'a> {
    /// What is paid.
    pub amount: Amount<'a>,
    /// Who is paid: any text, and in a peer's chain any JSON value.
    pub recipient: Recipient<'a>,
    /// Who pays: an address, or [`REWARD_SENDER`].
    pub sender: Cow<'a, str>,
}

impl<'a> Transaction<'a> {
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
    pub fn reward(recipient: impl Into<Recipient<'a>>, amount: impl Into<Amount<'a>>) -> Self {
        Self { amount: amount.into(), recipient: recipient.into(), sender: REWARD_SENDER.into() }
    }

    /// Copies borrowed texts.
    #[must_use]
    pub fn into_owned(self) -> Transaction<'static> {
        let Self { amount, recipient, sender } = self;
        Transaction {
            amount: amount.into_owned(),
            recipient: recipient.into_owned(),
            sender: Cow::Owned(sender.into_owned()),
        }
    }

    /// Whether this is a mining reward.
    #[must_use]
    pub fn is_reward(&self) -> bool {
        self.sender == REWARD_SENDER
    }

    /// The text that the sender signs: `sender + recipient + str(amount)`, without separators (tutorial, section 5.3).
    ///
    /// A value that only a peer's chain may hold, such as a recipient that is not a text, appears as its canonical text.
    /// Its signature cannot be verified here.
    ///
    /// Without separators, `bob1` + `00` reads like `bob` + `100`. This is a weakness of the tutorial's format.
    #[must_use]
    pub fn message(&self) -> String {
        [&*self.sender, self.recipient.as_str(), &self.amount.to_string()].concat()
    }
}
