//! A payment as blocks hold it.

use std::borrow::Cow;

use crate::amount::Amount;
use crate::recipient::Recipient;

/// The sender of a mining reward: it is not paid by anyone, but awarded (tutorial, section 4.3).
pub const REWARD_SENDER: &str = "0";

/// A transfer of an amount from a sender to a recipient: three members, no more (tutorial, section 3.2).
///
/// Its texts are borrowed from where they were read, or its own. Blocks hold transactions without their signatures; a
/// payment on its way into a block is a [`SignedTransaction`](crate::SignedTransaction).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Transaction<'a> {
    /// What is paid.
    pub amount: Amount<'a>,
    /// Who is paid: any text, and in a neighbour's chain anything.
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

    /// The transaction with texts of its own.
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

    /// The text a sender signs: `sender + recipient + str(amount)`, without separators (tutorial, section 5.3).
    ///
    /// What only a neighbour's chain may hold, a recipient that is no text for one, appears by its canonical text: its
    /// signature cannot be checked here.
    ///
    /// That the parts run together is a weakness of the tutorial's format: `bob1` + `00` reads like `bob` + `100`.
    #[must_use]
    pub fn message(&self) -> String {
        [&*self.sender, self.recipient.as_str(), &self.amount.to_string()].concat()
    }
}
