//! Payments that wait for a block, in the order in which they enter it. Often called the mempool.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::payment::VerifiedPayment;

/// The pool: verified payments in order, bounded in size.
///
/// Each payment has a number, which gives its position and never changes; a store can use it as a key. A payment added
/// at the back gets the next higher number, one that returns to the front the next lower one. No number is used twice,
/// even after the pool was empty: a remembered number never names another payment.
///
/// # Examples
///
/// ```
/// use ledger_core::{Pool, SignedTransaction, Transaction};
///
/// let payment = Transaction { amount: 5u64.into(), recipient: "bob".into(), sender: "alice".into() };
/// let signed = SignedTransaction::new(payment.clone(), "c2lnbmF0dXJl".into())?;
/// let mut pool = Pool::new(1_000_000);
/// # let verify = |_: &str, _: &[u8], signature: &str| if signature.is_empty() { Err("none") } else { Ok(()) };
/// let number = pool.add(signed.verify_with(verify)?)?;
/// assert_eq!(pool.entries().next().map(|(_, first)| first.text()), Some(&*payment.to_string()));
/// pool.remove([number]);
/// assert_eq!(pool.len(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pool {
    entries: BTreeMap<PaymentNumber, Arc<VerifiedPayment>>,
    /// The next number at the back. Only grows.
    back: PaymentNumber,
    /// The next number at the front. Only falls.
    front: PaymentNumber,
    bytes: usize,
    limit: usize,
}

/// A payment's number in the pool, which gives its position.
pub type PaymentNumber = i64;

/// The pool has no room for the payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the pool is full: {bytes} of {limit} bytes are taken; mine a block, then send the payment again")]
pub struct PoolFull {
    /// Bytes of canonical text in the pool.
    pub bytes: usize,
    /// The most bytes of canonical text that the pool may hold.
    pub limit: usize,
}

impl Pool {
    /// An empty pool for at most `limit` bytes of canonical text.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { entries: BTreeMap::new(), back: 0, front: -1, bytes: 0, limit }
    }

    /// Adds a payment at the back. Returns its number.
    ///
    /// # Errors
    ///
    /// [`PoolFull`]; the pool is unchanged.
    pub fn add(&mut self, payment: VerifiedPayment) -> Result<PaymentNumber, PoolFull> {
        self.check_room(&payment, 0)?;
        let number = self.next_number();
        self.restore(number, payment);
        Ok(number)
    }

    /// Checks that the pool has room for a payment and for `pending` bytes of others that are about to be added. Returns
    /// the payment's bytes.
    ///
    /// # Errors
    ///
    /// [`PoolFull`].
    pub fn check_room(&self, payment: &VerifiedPayment, pending: usize) -> Result<usize, PoolFull> {
        let (bytes, taken) = (payment.text().len(), self.bytes + pending);
        if taken + bytes <= self.limit {
            Ok(bytes)
        } else {
            Err(PoolFull { bytes: taken, limit: self.limit })
        }
    }

    /// Puts a payment back under its number, and replaces one that is there. A payment that was accepted once is kept even
    /// past the limit.
    pub fn restore(&mut self, number: PaymentNumber, payment: impl Into<Arc<VerifiedPayment>>) {
        self.remove([number]);
        let payment = payment.into();
        self.bytes += payment.text().len();
        // Later numbers must lie outside the range of used ones.
        self.back = self.back.max(number.saturating_add(1));
        self.front = self.front.min(number.saturating_sub(1));
        self.entries.insert(number, payment);
    }

    /// The number of the next payment that is added.
    #[must_use]
    pub fn next_number(&self) -> PaymentNumber {
        self.back
    }

    /// The number of the next payment that returns from a replaced block, in front of all others.
    #[must_use]
    pub fn front(&self) -> PaymentNumber {
        self.front
    }

    /// Bytes of canonical text in the pool.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The most bytes of canonical text that the pool may hold.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Removes the payments with these numbers; unknown ones are ignored.
    pub fn remove(&mut self, numbers: impl IntoIterator<Item = PaymentNumber>) {
        for number in numbers {
            if let Some(payment) = self.entries.remove(&number) {
                self.bytes -= payment.text().len();
            }
        }
    }

    /// Removes all payments.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
    }

    /// The payment with this number.
    #[must_use]
    pub fn get(&self, number: PaymentNumber) -> Option<&Arc<VerifiedPayment>> {
        self.entries.get(&number)
    }

    /// The payments with their numbers, in order.
    pub fn entries(&self) -> impl Iterator<Item = (PaymentNumber, &Arc<VerifiedPayment>)> {
        self.entries.iter().map(|(number, payment)| (*number, payment))
    }

    /// The payments for a block of limited size: from the front, at most `bytes` of canonical text, but always the first
    /// one.
    ///
    /// # Examples
    ///
    /// ```
    /// use ledger_core::{Pool, SignedTransaction, Transaction};
    ///
    /// let mut pool = Pool::new(1_000_000);
    /// # let verify = |_: &str, _: &[u8], signature: &str| if signature.is_empty() { Err("none") } else { Ok(()) };
    /// for amount in [5u64, 6, 7] {
    ///     let payment = Transaction { amount: amount.into(), recipient: "bob".into(), sender: "alice".into() };
    ///     pool.add(SignedTransaction::new(payment, "c2lnbmF0dXJl".into())?.verify_with(verify)?)?;
    /// }
    /// assert_eq!(pool.up_to(110).count(), 2); // 51 bytes each
    /// assert_eq!(pool.up_to(0).count(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn up_to(&self, bytes: usize) -> impl Iterator<Item = (PaymentNumber, &Arc<VerifiedPayment>)> {
        let mut taken = 0;
        self.entries().map_while(move |(number, payment)| {
            let is_first = taken == 0;
            taken += payment.text().len();
            (is_first || taken <= bytes).then_some((number, payment))
        })
    }

    /// How many payments wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no payment waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
