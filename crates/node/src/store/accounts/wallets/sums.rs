//! The wallets of a chain, and what each has mined, received and paid.

use std::collections::HashMap;
use std::sync::Arc;

use ledger_core::REWARD_SENDER;
use ledger_core::seam::{RuleSet, payment_texts};
use wallet::PublicKey;

use crate::store::accounts::total::Total;
use crate::store::errors::StoreError;
use crate::store::index::value;

/// Maximum number of wallets: those that the chain named first. An address takes a kilobyte.
const MAX_WALLETS: usize = 10_000;

/// Maximum bytes of an address: the base64 of a key of 8192 bits.
const MAX_ADDRESS: usize = 2_100;

/// A wallet that the chain names.
#[derive(Clone, Debug)]
pub(crate) struct Wallet {
    /// Its address.
    pub(crate) address: Arc<str>,
    /// The first digits of the SHA-256 of its key, as the log writes them.
    pub(crate) fingerprint: String,
    /// The height of the first block that names it.
    pub(crate) first: u64,
    /// The number of blocks that it has mined.
    pub(crate) mined: u64,
    /// Sum received.
    pub(crate) received: Total,
    /// Sum paid.
    pub(crate) sent: Total,
}

impl Wallet {
    /// Received less sent.
    pub(crate) fn balance(&self) -> Total {
        self.received - self.sent
    }
}

/// The wallets of some blocks, by address.
#[derive(Debug, Default)]
pub(super) struct Wallets(HashMap<Arc<str>, Wallet>);

impl Wallets {
    pub(super) fn all(&self) -> impl Iterator<Item = &Wallet> {
        self.0.values()
    }

    /// Adds a block's payments.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] for a payment that the rules cannot read.
    pub(super) fn add(&mut self, rules: &dyn RuleSet, height: u64, text: &str) -> Result<(), StoreError> {
        let mut miner = None;
        for payment in payment_texts(text) {
            let movement = rules.movement(payment).map_err(|error| StoreError::block(height, error))?;
            let amount = value(&movement.amount);
            if let Some(payee) = movement.payee.as_deref().and_then(|payee| self.wallet(payee, height)) {
                amount.into_iter().for_each(|amount| payee.received.add(amount));
            }
            if let Some(payer) = movement.payer.as_deref().and_then(|payer| self.wallet(payer, height)) {
                amount.into_iter().for_each(|amount| payer.sent.add(amount));
            }
            // A block's last payment is its reward, if it has one.
            let is_reward = movement.payer.as_deref().is_none_or(|payer| payer == REWARD_SENDER);
            miner = movement.payee.filter(|_| is_reward);
        }
        if let Some(miner) = miner.as_deref().and_then(|miner| self.wallet(miner, height)) {
            miner.mined += 1;
        }
        Ok(())
    }

    /// The wallet of an address, added if it is new. `None` for any other text, and for a new wallet beyond the maximum.
    fn wallet(&mut self, address: &str, height: u64) -> Option<&mut Wallet> {
        if !self.0.contains_key(address) {
            if self.0.len() >= MAX_WALLETS || address.len() > MAX_ADDRESS {
                return None;
            }
            let fingerprint = PublicKey::parse(address).ok()?.fingerprint();
            let address: Arc<str> = address.into();
            let (received, sent) = (Total::default(), Total::default());
            let wallet = Wallet {
                address: Arc::clone(&address),
                fingerprint,
                first: height,
                mined: 0,
                received,
                sent,
            };
            self.0.insert(address, wallet);
        }
        self.0.get_mut(address)
    }
}

#[cfg(test)]
mod tests {
    use wallet::Wallet as Keys;

    use super::*;

    #[test]
    fn new_wallets_are_left_out_when_there_are_too_many() {
        let (known, new) = (Keys::generate().unwrap(), Keys::generate().unwrap());
        let mut wallets = Wallets::default();
        let known = wallets.wallet(known.address().as_str(), 1).unwrap().clone();
        for number in 1..MAX_WALLETS - 1 {
            wallets.0.insert(number.to_string().into(), known.clone());
        }
        assert!(wallets.wallet(new.address().as_str(), 2).is_some(), "the last that fits");
        assert!(wallets.wallet(Keys::generate().unwrap().address().as_str(), 2).is_none());
        assert!(wallets.wallet(new.address().as_str(), 2).is_some());
    }

    #[test]
    fn text_that_is_too_long_for_an_address_is_no_wallet() {
        let mut wallets = Wallets::default();
        let address = Keys::generate().unwrap().address().to_string();
        assert!(wallets.wallet(&format!("{address}{}", "=".repeat(MAX_ADDRESS)), 1).is_none());
        assert!(wallets.0.is_empty());
    }
}
