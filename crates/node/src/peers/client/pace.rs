//! The minimum rate at which a peer must send blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Fewest bytes of blocks that a peer must send in the time that it may be silent.
pub(super) const MIN_BYTES: u64 = 16 << 10;

/// Measures how fast a peer sends blocks. Counts only the time in which we waited for the peer, and only the bytes
/// of blocks: white space and unknown members could go on forever.
pub(in crate::peers) struct Pace {
    silence: Duration,
    waited: Duration,
    received: i64,
    /// Bytes outside blocks, as counted by the check. Bytes that it has not read yet count as blocks.
    outside: Arc<AtomicI64>,
    /// Bytes of blocks when the peer was last fast enough.
    before: i64,
}

impl Pace {
    pub(in crate::peers) fn new(silence: Duration, outside: Arc<AtomicI64>) -> Self {
        Self { silence, waited: Duration::ZERO, received: 0, outside, before: 0 }
    }

    /// Records bytes and the time waited for them. Returns whether the peer is too slow.
    pub(super) fn is_too_slow(&mut self, waited: Duration, bytes: usize) -> bool {
        self.waited += waited;
        self.received += bytes as i64;
        if self.waited <= self.silence {
            return false;
        }
        let blocks = self.received - self.outside.load(Ordering::Relaxed);
        let new = blocks - self.before;
        (self.waited, self.before) = (Duration::ZERO, blocks);
        new < MIN_BYTES.cast_signed()
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
    fn slow_link_that_sends_blocks_is_fast_enough() {
        let (mut pace, _) = pace();
        assert!((0..1_000).all(|_| !pace.is_too_slow(SECOND, 2_048)));
    }

    #[test]
    fn trickle_is_too_slow_once_the_time_is_over() {
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
    fn unpacked_bytes_count_as_progress() {
        let (mut pace, outside) = pace();
        for second in 1..=100 {
            assert!(!pace.is_too_slow(SECOND, 100));
            outside.store(second * (100 - 5_000), Ordering::Relaxed);
        }
    }

    #[test]
    fn minimum_is_due_again_each_time() {
        let (mut pace, _) = pace();
        assert!(!pace.is_too_slow(11 * SECOND, MIN_BYTES as usize));
        assert!(pace.is_too_slow(11 * SECOND, MIN_BYTES as usize - 1));
    }
}
