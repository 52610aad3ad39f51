use std::time::Duration;

use crate::random;

/// How long to wait before a redial: doubling with each failure, capped, and varied by half, so that nodes that lost each
/// other at the same moment do not redial at the same moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Backoff {
    pub(crate) fn wait(&self, failures: u32) -> Duration {
        self.vary(failures, random::unit())
    }

    fn vary(&self, failures: u32, by: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        self.first.saturating_mul(1 << doublings).min(self.longest).mul_f64(0.5 + by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wait_doubles_up_to_the_cap() {
        let backoff = Backoff { first: Duration::from_secs(1), longest: Duration::from_secs(300) };
        let seconds = |failures| backoff.vary(failures, 0.5).as_secs();
        assert_eq!([0, 1, 2, 3, 9, 10, u32::MAX].map(seconds), [1, 1, 2, 4, 256, 300, 300]);
    }

    #[test]
    fn wait_varies_by_half() {
        let backoff = Backoff { first: Duration::from_secs(2), longest: Duration::from_secs(300) };
        assert_eq!(backoff.vary(1, 0.0), Duration::from_secs(1));
        assert!((1..1_000).all(|_| (1.0..3.0).contains(&backoff.wait(1).as_secs_f64())));
    }
}
