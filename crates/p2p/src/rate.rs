use std::time::Duration;

use tokio::time::Instant;

/// A rate limit: an amount per second, and an amount at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// What is allowed each second, in the long run.
    pub per_second: f64,
    /// What is allowed at once.
    pub burst: f64,
}

impl Rate {
    /// A rate with its burst.
    #[must_use]
    pub const fn new(per_second: f64, burst: f64) -> Self {
        Self { per_second, burst }
    }
}

/// A token bucket: what is left of a [`Rate`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    pub(crate) fn full(rate: Rate, now: Instant) -> Self {
        Self { left: rate.burst, at: now }
    }

    /// Takes `amount` if that much is left. Otherwise takes nothing.
    pub(crate) fn take(&mut self, rate: Rate, amount: f64, now: Instant) -> bool {
        self.left = self.left_at(rate, now);
        self.at = now;
        let enough = self.left >= amount;
        if enough {
            self.left -= amount;
        }
        enough
    }

    /// What is left now.
    pub(crate) fn left_at(&self, rate: Rate, now: Instant) -> f64 {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + passed * rate.per_second).min(rate.burst)
    }

    /// How long until `amount` is available.
    pub(crate) fn wait(&self, rate: Rate, amount: f64) -> Duration {
        Duration::from_secs_f64(((amount - self.left) / rate.per_second).clamp(0.0, 3600.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate::new(10.0, 20.0);

    #[test]
    fn burst_is_allowed_at_once_and_no_more() {
        let now = Instant::now();
        let mut bucket = Bucket::full(RATE, now);
        assert!((0..20).all(|_| bucket.take(RATE, 1.0, now)));
        assert!(!bucket.take(RATE, 1.0, now));
        assert_eq!(bucket.wait(RATE, 1.0), Duration::from_millis(100));
    }

    #[test]
    fn bucket_refills_at_its_rate_up_to_the_burst() {
        let now = Instant::now();
        let mut bucket = Bucket::full(RATE, now);
        assert!(bucket.take(RATE, 20.0, now));
        assert!(!bucket.take(RATE, 6.0, now + Duration::from_millis(500)));
        assert!(bucket.take(RATE, 5.0, now + Duration::from_millis(500)));
        assert!(!bucket.take(RATE, 21.0, now + Duration::from_secs(60)));
        assert!(bucket.take(RATE, 20.0, now + Duration::from_secs(60)));
    }

    #[test]
    fn stopped_clock_refills_nothing() {
        let now = Instant::now();
        let mut bucket = Bucket::full(RATE, now + Duration::from_secs(1));
        assert!(bucket.take(RATE, 20.0, now));
        assert!(!bucket.take(RATE, 0.1, now));
    }
}
