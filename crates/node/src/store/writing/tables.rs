//! Changes to the small tables.

use std::collections::BTreeSet;

use ledger_core::seam::RuleSet;
use ledger_core::{NodeAddress, PaymentNumber, SignedPayment};

use super::Store;
use crate::store::errors::StoreError;
use crate::store::tables::{peers, pool, wallet};

impl Store {
    /// The pool's payments that have a signature, with their numbers, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if a row is not a payment.
    pub fn pool(&self, rules: &dyn RuleSet) -> Result<Vec<(PaymentNumber, SignedPayment)>, StoreError> {
        pool::all(&self.connection, rules)
    }

    /// Removes payments without a signature, which older versions kept after a reorg and nobody can verify. Returns how
    /// many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database; nothing changes.
    pub fn drop_unsigned(&mut self) -> Result<usize, StoreError> {
        if !pool::has_unsigned(&self.connection)? {
            return Ok(0);
        }
        self.durably(pool::remove_unsigned)
    }

    /// The peers.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] if a row is not an address.
    pub fn peers(&self) -> Result<BTreeSet<NodeAddress>, StoreError> {
        peers::all(&self.connection)
    }

    /// Records the address of the wallet that the ledger is used with.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of the database.
    pub(crate) fn note_wallet(&mut self, address: &str) -> Result<(), StoreError> {
        if wallet::wallet(&self.connection)?.as_deref() == Some(address) {
            return Ok(());
        }
        self.durably(|connection| wallet::note(connection, address))
    }
}
