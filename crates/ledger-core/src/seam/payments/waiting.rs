//! Whether a payment may wait for a block.

use std::sync::Arc;

use crate::payment::{PaymentName, VerifiedPayment};
use crate::pool::{PaymentNumber, Pool, PoolFull};

/// A payment of the pool and its number there.
pub type PoolEntry = (PaymentNumber, Arc<VerifiedPayment>);

/// The payments that a new one shares the pool's limit with.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'a> {
    /// The payments that wait.
    pub pool: &'a Pool,
    /// Those that the same commit has already accepted, and will add to the pool.
    pub accepted: &'a Accepted,
}

/// Payments that are about to be added to the pool together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    names: Vec<PaymentName>,
    bytes: usize,
}

impl Accepted {
    /// Adds a payment.
    pub fn add(&mut self, name: PaymentName, admission: Admission) {
        self.names.push(name);
        self.bytes += admission.bytes;
    }

    /// The payments' names, in order.
    #[must_use]
    pub fn names(&self) -> &[PaymentName] {
        &self.names
    }

    /// The bytes of the payments' texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// The permission for a payment to wait in the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Admission {
    /// The bytes of its text.
    pub bytes: usize,
}

/// Why a payment may not wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// The pool has no room for it.
    #[error(transparent)]
    Full(#[from] PoolFull),
}

impl Waiting<'_> {
    /// Admits a payment if the pool has room for it beside all others.
    ///
    /// # Errors
    ///
    /// [`PoolError::Full`].
    pub fn admit(&self, payment: &VerifiedPayment) -> Result<Admission, PoolError> {
        Ok(Admission { bytes: self.pool.check_room(payment, self.accepted.bytes)? })
    }
}
