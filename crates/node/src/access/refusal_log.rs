//! Refused requests in the log: a line a minute, however many there are.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Refusal;
use super::asked::shown;

/// The time between two lines.
const PAUSE: Duration = Duration::from_secs(60);

/// When the last line was written, and how many refusals had none since.
#[derive(Debug, Default)]
pub(super) struct RefusalLog(Mutex<(Option<Instant>, u64)>);

impl RefusalLog {
    /// Notes a refused request. The route is ours; nothing that the client wrote gets into the log but a host's name.
    pub(super) fn note(&self, route: Option<&str>, client: Option<IpAddr>, refusal: &Refusal) {
        let Some(unsaid) = self.turn(Instant::now()) else { return };
        let (route, client) = (route.unwrap_or("a request"), shown(client));
        match unsaid {
            0 => tracing::warn!("refused {route} from {client}: {refusal}"),
            more => tracing::warn!("refused {route} from {client}, and {more} requests before it: {refusal}"),
        }
    }

    /// Whether it is time for a line: how many refusals it stands for beside its own.
    fn turn(&self, now: Instant) -> Option<u64> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0.is_some_and(|last| now.duration_since(last) < PAUSE) {
            last.1 += 1;
            return None;
        }
        let unsaid = last.1;
        *last = (Some(now), 0);
        Some(unsaid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_one_line_that_counts_the_others() {
        let (log, start) = (RefusalLog::default(), Instant::now());
        assert_eq!(log.turn(start), Some(0));
        for second in 0..60 {
            assert_eq!(log.turn(start + Duration::from_secs(second)), None);
        }
        assert_eq!(log.turn(start + PAUSE), Some(60));
        assert_eq!(log.turn(start + PAUSE * 2), Some(0));
    }
}
