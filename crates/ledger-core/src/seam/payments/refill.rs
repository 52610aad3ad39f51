//! What a reorg puts back in the pool.

use crate::payment::VerifiedPayment;
use crate::pool::Pool;

/// What comes back to the pool after a reorg.
#[derive(Debug, Default)]
pub struct Refill {
    /// The payments that come back, with their numbers: in front of those that wait.
    pub returned: Vec<(i64, VerifiedPayment)>,
    /// How many do not fit.
    pub dropped: u64,
}

/// Works out which orphaned payments come back to the pool, which has lost those that the new chain holds.
///
/// They come back in order, each that still fits the pool's limit beside those that wait and those before it. The
/// others are dropped: their senders may send them again.
pub fn refill(pool: &Pool, orphans: impl IntoIterator<Item = VerifiedPayment>) -> Refill {
    let mut room = pool.limit().saturating_sub(pool.bytes());
    let (mut returned, mut dropped) = (Vec::new(), 0);
    for payment in orphans {
        match room.checked_sub(payment.text().len()) {
            Some(left) => {
                room = left;
                returned.push(payment);
            }
            None => dropped += 1,
        }
    }
    let first = pool.front() + 1 - i64::try_from(returned.len()).unwrap_or(i64::MAX);
    Refill { returned: (first..).zip(returned).collect(), dropped }
}
