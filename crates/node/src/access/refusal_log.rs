//! Logs refused requests: at most one line a minute.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Refusal;
use super::caller::shown;

/// Time between two lines.
const INTERVAL: Duration = Duration::from_secs(60);

/// Time of the last line, and refusals since.
#[derive(Debug, Default)]
pub(super) struct RefusalLog(Mutex<(Option<Instant>, u64)>);

impl RefusalLog {
    /// Records a refused request. The line holds nothing that the client wrote but a host name.
    pub(super) fn note(&self, route: Option<&str>, client: Option<IpAddr>, refusal: &Refusal) {
        let Some(skipped) = self.due(Instant::now()) else { return };
        let (route, client) = (route.unwrap_or("a request"), shown(client));
        match skipped {
            0 => tracing::warn!("refused {route} from {client}: {refusal}"),
            more => tracing::warn!("refused {route} from {client}: {refusal} ({more} more not logged)"),
        }
    }

    /// Counts a refusal. If a line is due, returns the number of refusals before it that were not logged.
    fn due(&self, now: Instant) -> Option<u64> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.0.is_some_and(|last| now.duration_since(last) < INTERVAL) {
            last.1 += 1;
            return None;
        }
        let skipped = last.1;
        *last = (Some(now), 0);
        Some(skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    #[test]
    fn next_line_counts_refusals_without_a_line() {
        let (log, start) = (RefusalLog::default(), Instant::now());
        assert_eq!(log.due(start), Some(0));
        for second in 0..60 {
            assert_eq!(log.due(start + Duration::from_secs(second)), None);
        }
        assert_eq!(log.due(start + INTERVAL), Some(60));
        assert_eq!(log.due(start + INTERVAL * 2), Some(0));
    }

    #[test]
    fn line_names_route_and_client() {
        let ((logged, _guard), log) = (Log::begin(), RefusalLog::default());
        let note = || log.note(Some("/mine"), "192.0.2.7".parse().ok(), &Refusal::NoHost);
        note();
        let line = logged.take();
        assert!(line.contains("refused /mine from 192.0.2.7: cannot tell which host"), "{line}");
        assert!(!line.contains("not logged"), "{line}");
        note();
        assert_eq!(logged.take(), "", "at most one line a minute");
        log.0.lock().unwrap().0 = None;
        log.note(None, None, &Refusal::ForeignPage);
        let line = logged.take();
        assert!(line.contains("refused a request from an unknown client: a page of another site"), "{line}");
        assert!(line.contains("(1 more not logged)"), "{line}");
    }
}
