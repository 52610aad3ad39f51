//! Room for lines of the log, so that a flood of requests gets few: a token bucket.

use std::time::{Duration, Instant};

/// How many lines may follow each other at once.
const BURST: u32 = 100;

/// How long it takes until there is room for another one.
const REST: Duration = Duration::from_millis(100);

/// Room for lines: it fills with time, and each line takes some.
#[derive(Debug)]
pub(super) struct Bucket {
    filled: u32,
    at: Instant,
    /// How many requests have had no line since the last one that had.
    unsaid: u64,
}

impl Bucket {
    /// One that is full at this moment.
    pub(super) fn full(now: Instant) -> Self {
        Self { filled: BURST, at: now, unsaid: 0 }
    }

    /// Whether there is room: how many requests had no line before this one.
    pub(super) fn take(&mut self, now: Instant) -> Option<u64> {
        let rests = now.duration_since(self.at).as_millis() / REST.as_millis();
        let more = u32::try_from(rests).unwrap_or(BURST).min(BURST);
        if more > 0 {
            self.filled = BURST.min(self.filled + more);
            self.at = if self.filled == BURST { now } else { self.at + REST * more };
        }
        if self.filled == 0 {
            self.unsaid += 1;
            return None;
        }
        self.filled -= 1;
        Some(std::mem::take(&mut self.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_has_a_line_each_tenth_of_a_second_that_counts_the_others() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start);
        for _ in 0..BURST {
            assert_eq!(bucket.take(start), Some(0));
        }
        for _ in 0..1000 {
            assert_eq!(bucket.take(start + REST / 2), None);
        }
        assert_eq!(bucket.take(start + REST), Some(1000));
        assert_eq!(bucket.take(start + REST), None);
        let day = start + Duration::from_secs(86_400);
        let said = (0..1000).filter(|_| bucket.take(day).is_some()).count();
        assert_eq!(said, BURST as usize);
    }

    #[test]
    fn no_clock_makes_more_room_than_there_is() {
        let start = Instant::now() + Duration::from_secs(1_000_000);
        let mut bucket = Bucket { filled: 0, at: start, unsaid: 0 };
        assert_eq!(bucket.take(start - Duration::from_secs(1)), None);
        assert_eq!(bucket.take(start + Duration::from_secs(999_999)), Some(1));
        assert_eq!(bucket.filled, BURST - 1);
    }
}
