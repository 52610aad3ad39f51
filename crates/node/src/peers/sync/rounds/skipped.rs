//! Log lines for the peers that a resolve skipped, at most [`LINES`] and a summary.

use std::collections::BTreeMap;

use ledger_core::NodeAddress;

use crate::peers::sync::error::FetchError;
use crate::system::causes::with_causes;

/// Peers with their own log line in one resolve. The others are summed up.
const LINES: usize = 10;

/// The peers that one resolve skipped.
#[derive(Debug, Default)]
pub(super) struct Skipped {
    lines: usize,
    more: BTreeMap<&'static str, usize>,
}

impl Skipped {
    /// Logs that a peer is skipped, or counts it if enough lines were written.
    pub(super) fn add(&mut self, peer: &NodeAddress, error: &FetchError) {
        if self.lines < LINES {
            self.lines += 1;
            tracing::warn!("skipping peer {peer}: {}", with_causes(error));
        } else {
            *self.more.entry(error.kind()).or_default() += 1;
        }
    }

    /// Logs how many more peers were skipped, by kind, the most frequent kind first.
    pub(super) fn sum_up(self) {
        if let Some(line) = self.summary() {
            tracing::warn!("{line}");
        }
    }

    fn summary(self) -> Option<String> {
        let total: usize = self.more.values().sum();
        let mut kinds: Vec<_> = self.more.into_iter().collect();
        kinds.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
        let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
        let noun = if total == 1 { "peer" } else { "peers" };
        (total > 0).then(|| format!("skipping {total} more {noun}: {}", kinds.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::peers::client::ClientError;
    use crate::system::threads::Panicked;
    use crate::telemetry::testing::Log;

    #[test]
    fn peers_past_the_tenth_are_summed_up_by_kind() {
        let peer = "localhost:5001".parse().unwrap();
        let mut skipped = Skipped::default();
        for _ in 0..LINES {
            skipped.add(&peer, &FetchError::Failed(Panicked::new("checking a chain", "an index")));
        }
        assert_eq!((skipped.lines, skipped.more.len()), (LINES, 0));
        skipped.add(&peer, &FetchError::TooLong(5));
        for _ in 0..2 {
            skipped.add(&peer, &ClientError::Silent(Duration::from_secs(1)).into());
        }
        assert_eq!(skipped.summary().unwrap(), "skipping 3 more peers: 2 too slow, 1 invalid chain");
        assert_eq!(Skipped::default().summary(), None);
    }

    #[test]
    fn summary_is_logged_if_there_are_more() {
        let peer = "localhost:5001".parse().unwrap();
        let (log, _logging) = Log::begin();
        for (peers, expected) in [(LINES, ""), (LINES + 1, "skipping 1 more peer: 1 invalid chain")] {
            let mut skipped = Skipped::default();
            (0..peers).for_each(|_| skipped.add(&peer, &FetchError::TooLong(5)));
            assert_eq!(log.take().lines().count(), LINES);
            skipped.sum_up();
            let logged = log.take();
            assert!(logged.contains(expected) && logged.is_empty() == expected.is_empty(), "{logged}");
        }
    }
}
