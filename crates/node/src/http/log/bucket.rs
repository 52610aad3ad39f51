//! A token bucket that limits log lines during a flood of requests.

use std::time::{Duration, Instant};

/// Lines that may follow each other at once.
const BURST: u32 = 100;

/// Time until one more line is allowed.
const REFILL: Duration = Duration::from_millis(100);

/// Tokens for lines: refilled over time, one per line.
#[derive(Debug)]
pub(super) struct Bucket {
    filled: u32,
    at: Instant,
    /// Requests not logged since the last line.
    skipped: u64,
}

impl Bucket {
    /// A full bucket.
    pub(super) fn full(now: Instant) -> Self {
        Self { filled: BURST, at: now, skipped: 0 }
    }

    /// Takes a token. Returns the number of requests before it that were not logged, or `None` if the bucket is
    /// empty.
    pub(super) fn take(&mut self, now: Instant) -> Option<u64> {
        let refills = now.duration_since(self.at).as_millis() / REFILL.as_millis();
        let more = u32::try_from(refills).unwrap_or(BURST).min(BURST);
        if more > 0 {
            self.filled = BURST.min(self.filled + more);
            self.at = if self.filled == BURST { now } else { self.at + REFILL * more };
        }
        if self.filled == 0 {
            self.skipped += 1;
            return None;
        }
        self.filled -= 1;
        Some(std::mem::take(&mut self.skipped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flood_gets_ten_lines_a_second_that_count_the_rest() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        for _ in 0..BURST {
            assert_eq!(bucket.take(start), Some(0));
        }
        for _ in 0..1000 {
            assert_eq!(bucket.take(start + REFILL / 2), None);
        }
        assert_eq!(bucket.take(start + REFILL), Some(1000));
        assert_eq!(bucket.take(start + REFILL), None);
        let day = start + Duration::from_secs(86_400);
        let lines = (0..1000).filter(|_| bucket.take(day).is_some()).count();
        assert_eq!(lines, BURST as usize);
    }

    #[test]
    fn clock_jumps_do_not_overfill_the_bucket() {
        let start = Instant::now() + Duration::from_secs(1_000_000);
        let mut bucket = Bucket { filled: 0, at: start, skipped: 0 };
        assert_eq!(bucket.take(start - Duration::from_secs(1)), None);
        assert_eq!(bucket.take(start + Duration::from_secs(999_999)), Some(1));
        assert_eq!(bucket.filled, BURST - 1);
    }
}
