use std::{fmt, time::Duration};

use tokio::time::Instant;

const HALF_LIFE: Duration = Duration::from_secs(600);
const BAN_BELOW: f64 = -50.0;

/// What a peer did wrong. Charge it only for what it could have known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Offence {
    /// It passed on a block that breaks the rules. One is enough for a ban.
    InvalidBlock,
    /// It passed on a payment that breaks the rules. Five within minutes lead to a ban.
    InvalidPayment,
    /// Its answer does not fit the request, or holds another block than it named. One is enough for a ban.
    FalseAnswer,
    /// It sent something unreadable. Three lead to a ban.
    Malformed,
    /// It sent more than the limits allow. Three lead to a ban.
    Flood,
    /// It did not answer in time. Ten lead to a pause of a minute, then two, up to five, but never to a ban.
    Stall,
    /// It sent something useless. Fifty lead to a ban.
    Useless,
}

impl Offence {
    /// All kinds, in the order in which they are counted.
    pub const ALL: [Self; 7] = [
        Self::InvalidBlock,
        Self::InvalidPayment,
        Self::FalseAnswer,
        Self::Malformed,
        Self::Flood,
        Self::Stall,
        Self::Useless,
    ];

    fn weight(self) -> f64 {
        match self {
            Self::InvalidBlock | Self::FalseAnswer => 60.0,
            Self::Malformed | Self::Flood => 20.0,
            Self::InvalidPayment => 12.0,
            Self::Stall => 5.5,
            Self::Useless => 1.01,
        }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::InvalidBlock => "invalid block",
            Self::InvalidPayment => "invalid payment",
            Self::FalseAnswer => "false answer",
            Self::Malformed => "malformed message",
            Self::Flood => "flood",
            Self::Stall => "stall",
            Self::Useless => "useless messages",
        })
    }
}

/// How a peer behaved: 0 at best, and lower with each offence. Half of it is forgotten every ten minutes. Stalls have a score
/// of their own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Score {
    value: f64,
    at: Instant,
}

impl Score {
    pub(crate) fn new(now: Instant) -> Self {
        Self { value: 0.0, at: now }
    }

    pub(crate) fn value(&self, now: Instant) -> f64 {
        let half_lives = now.saturating_duration_since(self.at).as_secs_f64() / HALF_LIFE.as_secs_f64();
        self.value * 0.5f64.powf(half_lives)
    }

    /// Counts an offence. Returns whether it is one too many.
    pub(crate) fn charge(&mut self, offence: Offence, now: Instant) -> bool {
        *self = Self { value: (self.value(now) - offence.weight()).max(-100.0), at: now };
        self.value <= BAN_BELOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_listed_in_their_order() {
        assert!(Offence::ALL.iter().enumerate().all(|(at, kind)| *kind as usize == at));
    }

    fn offences_before_limit(offence: Offence, every: Duration) -> Option<usize> {
        let start = Instant::now();
        let mut score = Score::new(start);
        (1..1_000).find(|&count| score.charge(offence, start + every * count as u32))
    }

    #[test]
    fn each_offence_reaches_its_limit_when_its_documentation_says() {
        let limits = [
            (Offence::InvalidBlock, 1),
            (Offence::FalseAnswer, 1),
            (Offence::Malformed, 3),
            (Offence::Flood, 3),
            (Offence::InvalidPayment, 5),
            (Offence::Stall, 10),
            (Offence::Useless, 50),
        ];
        for (offence, count) in limits {
            assert_eq!(offences_before_limit(offence, Duration::from_millis(100)), Some(count), "{offence}");
        }
    }

    #[test]
    fn rare_stalls_are_forgotten() {
        assert_eq!(offences_before_limit(Offence::Stall, Duration::from_secs(120)), None);
    }

    #[test]
    fn half_is_forgotten_in_ten_minutes() {
        let now = Instant::now();
        let mut score = Score::new(now);
        score.charge(Offence::Malformed, now);
        assert!((score.value(now + HALF_LIFE) + 10.0).abs() < 1e-9);
    }
}
