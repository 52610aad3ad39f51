//! How fast a peer sends blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The fewest bytes of blocks a peer must send in the time it may keep silent.
pub(super) const LEAST: u64 = 16 << 10;

/// How fast a peer sends blocks. Only the time in which we waited for it counts, not that in which it waited for us; and
/// of its bytes only those of blocks, not white space or other members, which could go on for ever.
pub(in crate::peers) struct Pace {
    silence: Duration,
    waited: Duration,
    received: i64,
    /// The bytes outside blocks, as the check counts them. What it has not read yet counts as blocks.
    outside: Arc<AtomicI64>,
    /// How many bytes of blocks there were when the peer was last fast enough.
    before: i64,
}

impl Pace {
    pub(in crate::peers) fn new(silence: Duration, outside: Arc<AtomicI64>) -> Self {
        Self { silence, waited: Duration::ZERO, received: 0, outside, before: 0 }
    }

    /// Notes bytes that were waited for; whether the peer is too slow.
    pub(super) fn is_too_slow(&mut self, waited: Duration, bytes: usize) -> bool {
        self.waited += waited;
        self.received += bytes as i64;
        if self.waited <= self.silence {
            return false;
        }
        let blocks = self.received - self.outside.load(Ordering::Relaxed);
        let new = blocks - self.before;
        (self.waited, self.before) = (Duration::ZERO, blocks);
        new < LEAST.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn pace() -> (Pace, Arc<AtomicI64>) {
        let outside = Arc::default();
        (Pace::new(10 * SECOND, Arc::clone(&outside)), outside)
    }

    #[test]
    fn a_slow_link_that_sends_blocks_is_waited_for() {
        let (mut pace, _) = pace();
        assert!((0..1_000).all(|_| !pace.is_too_slow(SECOND, 2_048)));
    }

    #[test]
    fn a_trickle_is_too_slow_once_the_time_is_over() {
        let (mut pace, _) = pace();
        assert!((0..10).all(|_| !pace.is_too_slow(SECOND, 1_000)));
        assert!(pace.is_too_slow(SECOND, 1_000));
    }

    #[test]
    fn bytes_outside_blocks_are_no_progress() {
        let (mut pace, outside) = pace();
        for second in 1..=10_i64 {
            assert!(!pace.is_too_slow(SECOND, 1 << 20));
            outside.store(second << 20, Ordering::Relaxed);
        }
        outside.store(11 << 20, Ordering::Relaxed);
        assert!(pace.is_too_slow(SECOND, 1 << 20));
    }

    #[test]
    fn few_packed_bytes_that_hold_many_of_blocks_are_progress() {
        let (mut pace, outside) = pace();
        for second in 1..=100 {
            assert!(!pace.is_too_slow(SECOND, 100));
            outside.store(second * (100 - 5_000), Ordering::Relaxed);
        }
    }
}
