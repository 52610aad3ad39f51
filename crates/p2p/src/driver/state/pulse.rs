use std::time::Duration;

use tokio::time::Instant;

/// A loop that runs this much late cannot tell whether a peer was late.
const LATE: Duration = Duration::from_secs(1);

/// Notices when the driver's own loop runs late. On a busy machine it may stand still for seconds, and all peers seem late.
#[derive(Debug)]
pub(crate) struct Pulse {
    last: Instant,
    late_at: Option<Instant>,
}

impl Pulse {
    /// How often the loop should call [`Pulse::beat`].
    pub(crate) const EVERY: Duration = Duration::from_millis(500);

    pub(crate) fn new(now: Instant) -> Self {
        Self { last: now, late_at: None }
    }

    /// Records that the loop runs.
    pub(crate) fn beat(&mut self, now: Instant) {
        if self.is_late(now) {
            self.late_at = Some(now);
        }
        self.last = now;
    }

    /// Whether the loop was late within this time, or is late now.
    pub(crate) fn was_late(&self, within: Duration, now: Instant) -> bool {
        self.is_late(now) || self.late_at.is_some_and(|at| now.saturating_duration_since(at) <= within)
    }

    fn is_late(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) > Self::EVERY + LATE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Duration = Duration::from_secs(20);

    #[test]
    fn regular_loop_is_not_late() {
        let mut now = Instant::now();
        let mut pulse = Pulse::new(now);
        for _ in 0..100 {
            now += Pulse::EVERY + LATE;
            assert!(!pulse.was_late(WITHIN, now));
            pulse.beat(now);
        }
    }

    #[test]
    fn loop_counts_as_late_for_the_whole_time() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start);
        let awake = start + Duration::from_secs(5);
        assert!(pulse.was_late(WITHIN, awake));
        let mut forgiven = 0;
        for number in 0..100 {
            let now = awake + Pulse::EVERY * number;
            pulse.beat(now);
            forgiven += u32::from(pulse.was_late(WITHIN, now));
        }
        assert_eq!(forgiven, 41, "20 s of half seconds, and the first moment");
    }
}
