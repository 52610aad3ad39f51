use std::time::Duration;

use tokio::time::Instant;

use super::{
    backoff::Backoff,
    score::{Offence, Score},
};

/// After this long without a further pause, the next one is as short as the first.
const FORGET: Duration = Duration::from_secs(3600);

/// How slow a peer is. It is no proof of malice: a peer that is too slow is paused for some minutes, and never banned for it.
#[derive(Debug, Clone)]
pub(super) struct Slowness {
    stalls: Score,
    paused_until: Option<Instant>,
    pauses: u32,
}

impl Slowness {
    pub(super) fn new(now: Instant) -> Self {
        Self { stalls: Score::new(now), paused_until: None, pauses: 0 }
    }

    /// The score of its stalls. A pause sets it to 0.
    pub(super) fn value(&self, now: Instant) -> f64 {
        self.stalls.value(now)
    }

    /// Counts a stall. After one too many, pauses the peer and returns for how long.
    pub(super) fn charge(&mut self, backoff: Backoff, now: Instant) -> Option<Duration> {
        (!self.is_paused(now) && self.stalls.charge(Offence::Stall, now)).then(|| self.pause(backoff, now))
    }

    /// Pauses the peer: longer each time. Returns for how long.
    pub(super) fn pause(&mut self, backoff: Backoff, now: Instant) -> Duration {
        if self.paused_until.is_some_and(|until| now.saturating_duration_since(until) > FORGET) {
            self.pauses = 0;
        }
        self.pauses = self.pauses.saturating_add(1);
        let time = backoff.wait(self.pauses);
        self.stalls = Score::new(now);
        self.paused_until = Some(now + time);
        time
    }

    /// Ends the pause of a peer that is connected again.
    pub(super) fn end_pause(&mut self, now: Instant) {
        self.paused_until = self.paused_until.map(|until| until.min(now));
    }

    pub(super) fn is_paused(&self, now: Instant) -> bool {
        self.paused_until.is_some_and(|until| until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff { first: Duration::from_secs(60), longest: Duration::from_secs(300) };

    /// The pause that ten stalls lead to.
    fn pause_after_ten_stalls(slowness: &mut Slowness, now: Instant) -> f64 {
        assert!((0..9).all(|_| slowness.charge(BACKOFF, now).is_none()));
        slowness.charge(BACKOFF, now).unwrap().as_secs_f64()
    }

    #[test]
    fn pauses_grow_to_some_minutes() {
        let (mut now, mut slowness) = (Instant::now(), Slowness::new(Instant::now()));
        for seconds in [60.0, 120.0, 240.0, 300.0, 300.0] {
            let pause = pause_after_ten_stalls(&mut slowness, now);
            assert!((0.5 * seconds..=1.5 * seconds).contains(&pause), "{pause} s");
            assert!(slowness.is_paused(now) && slowness.value(now) == 0.0);
            now += Duration::from_secs_f64(pause);
            assert!(!slowness.is_paused(now));
        }
    }

    #[test]
    fn stalls_during_a_pause_do_not_count() {
        let (now, mut slowness) = (Instant::now(), Slowness::new(Instant::now()));
        slowness.pause(BACKOFF, now);
        assert!((0..100).all(|_| slowness.charge(BACKOFF, now).is_none()));
        assert_eq!(slowness.value(now), 0.0);
    }

    #[test]
    fn pauses_are_forgotten_after_an_hour_without_any() {
        let (now, mut slowness) = (Instant::now(), Slowness::new(Instant::now()));
        let last = (0..5).map(|_| slowness.pause(BACKOFF, now)).last().unwrap();
        let forgotten = now + last + FORGET;
        assert!(slowness.clone().pause(BACKOFF, forgotten) >= Duration::from_secs(150));
        assert!(slowness.pause(BACKOFF, forgotten + Duration::from_nanos(1)) <= Duration::from_secs(90));
    }
}
