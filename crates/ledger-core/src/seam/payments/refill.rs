//! What a reorg puts back in the pool.

use std::sync::Arc;

use super::waiting::PoolEntry;
use crate::payment::VerifiedPayment;
use crate::pool::{PaymentNumber, Pool};

/// What comes back to the pool after a reorg.
#[derive(Clone, Debug)]
pub struct Refill {
    /// The payments that come back. Their numbers place them in front of those that wait.
    pub returned: Vec<PoolEntry>,
    /// How many did not fit.
    pub dropped: u64,
}

/// Works out which orphaned payments return to the pool. `confirmed` are the pool's payments that the new chain holds;
/// they leave it.
///
/// Goes through the orphans in order and returns each that still fits. The others are dropped: their senders may send
/// them again.
pub fn refill<P: Into<Arc<VerifiedPayment>>>(
    pool: &Pool,
    confirmed: &[PaymentNumber],
    orphans: impl IntoIterator<Item = P>,
) -> Refill {
    let lost = confirmed.iter().filter_map(|number| pool.get(*number)).map(|payment| payment.text().len());
    let mut room = (pool.limit() + lost.sum::<usize>()).saturating_sub(pool.bytes());
    let (mut returned, mut dropped) = (Vec::new(), 0);
    for payment in orphans.into_iter().map(Into::into) {
        match room.checked_sub(payment.text().len()) {
            Some(left) => {
                room = left;
                returned.push(payment);
            }
            None => dropped += 1,
        }
    }
    let first = pool.front() + 1 - i64::try_from(returned.len()).unwrap_or(0);
    Refill { returned: (first..).zip(returned).collect(), dropped }
}
