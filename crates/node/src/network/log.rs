//! Log lines about peers, limited per minute: strangers cause them.

use std::time::{Duration, Instant};

use ledger_core::{NodeAddress, Printable};
use p2p::{Direction, Event, PeerId};

use crate::system::disk_error::plain;

/// Lines in a minute.
const LINES: u32 = 60;

const MINUTE: Duration = Duration::from_secs(60);

/// Counts lines, and those left out.
#[derive(Debug)]
pub(super) struct Lines {
    since: Instant,
    written: u32,
    left_out: u64,
}

impl Default for Lines {
    fn default() -> Self {
        Self { since: Instant::now(), written: 0, left_out: 0 }
    }
}

impl Lines {
    /// Logs an event of the network, if it has a line.
    pub(super) fn event(&mut self, ours: &PeerId, event: &Event) {
        match event {
            // Not limited: one line for each address of this machine.
            Event::Listening(address) => tracing::info!("p2p: listening on {address}/p2p/{ours}"),
            Event::Joined { peer, agent, direction } if self.may_write(Instant::now()) => {
                let from = if *direction == Direction::Inbound { "they dialled" } else { "we dialled" };
                tracing::info!("p2p: {peer} joined ({agent}, {from})");
            }
            Event::Left(peer) if self.may_write(Instant::now()) => tracing::info!("p2p: {peer} left"),
            Event::Unreachable { address, why } if self.may_write(Instant::now()) => {
                tracing::warn!("p2p: cannot reach {address}: {}", Printable::foreign(why));
            }
            Event::OtherNetwork { peer, network } if self.may_write(Instant::now()) => {
                tracing::warn!(
                    "p2p: left {peer}: it belongs to another network, {network}; --network, --rules and \
                     --difficulty must be the same"
                );
            }
            Event::Banned { peer, offence, seconds } if self.may_write(Instant::now()) => {
                tracing::info!("p2p: banned {peer} for {seconds} s: {offence}");
            }
            Event::Paused { peer, seconds } if self.may_write(Instant::now()) => {
                tracing::info!("p2p: paused {peer} for {seconds} s: too slow");
            }
            _ => {}
        }
    }

    /// Logs that a sync with a peer failed.
    pub(super) fn failed(&mut self, peer: &PeerId, why: &str, is_ours: bool) {
        let why = Printable::foreign(why);
        if !self.may_write(Instant::now()) {
            return;
        }
        if is_ours {
            tracing::error!("p2p: sync with {peer} failed: {why}");
        } else {
            tracing::warn!("p2p: sync with {peer} failed: {why}");
        }
    }

    /// Logs that a neighbour that may be in the network is not linked.
    pub(super) fn not_linked(&mut self, neighbour: &NodeAddress, why: &str) {
        if self.may_write(Instant::now()) {
            tracing::warn!(
                "p2p: neighbour {neighbour} is not linked, will retry: {}",
                Printable::foreign(why)
            );
        }
    }

    /// Logs that the known peers cannot be written.
    pub(super) fn unsaved(&mut self, error: &std::io::Error) {
        if self.may_write(Instant::now()) {
            tracing::warn!("p2p: cannot save the known peers: {}", plain(error));
        }
    }

    /// Whether one more line may be written. Logs how many were omitted in the minute before.
    fn may_write(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.since) >= MINUTE {
            if self.left_out > 0 {
                tracing::info!("p2p: omitted {} more lines about peers", self.left_out);
            }
            *self = Self { since: now, written: 0, left_out: 0 };
        }
        let may = self.written < LINES;
        self.written += u32::from(may);
        self.left_out += u64::from(!may);
        may
    }
}

#[cfg(test)]
mod tests {
    use p2p::Offence;

    use super::*;
    use crate::telemetry::testing::Log;

    #[test]
    fn events_have_lines() {
        let (log, _logging) = Log::begin();
        let [ours, peer] = [(); 2].map(|()| PeerId::random());
        let joined = |direction| Event::Joined { peer, agent: "a test".into(), direction };
        for (event, line) in [
            (
                Event::Listening("/ip4/10.0.0.7/tcp/1".parse().unwrap()),
                format!("/ip4/10.0.0.7/tcp/1/p2p/{ours}"),
            ),
            (joined(Direction::Inbound), format!("{peer} joined (a test, they dialled)")),
            (joined(Direction::Outbound), format!("{peer} joined (a test, we dialled)")),
            (Event::Left(peer), format!("{peer} left")),
            (Event::OtherNetwork { peer, network: "another".into() }, format!("left {peer}: ")),
            (
                Event::Banned { peer, offence: Offence::Flood, seconds: 60 },
                format!("banned {peer} for 60 s: "),
            ),
            (Event::Paused { peer, seconds: 5 }, format!("paused {peer} for 5 s: too slow")),
        ] {
            Lines::default().event(&ours, &event);
            let logged = log.take();
            assert!(logged.contains("p2p: ") && logged.contains(&line), "{line} in: {logged}");
            let mut full = Lines { written: LINES, ..Lines::default() };
            full.event(&ours, &event);
            assert_eq!(log.take().is_empty(), !matches!(event, Event::Listening(_)));
        }
    }

    #[test]
    fn failures_have_lines() {
        let (log, _logging) = Log::begin();
        let (peer, mut lines) = (PeerId::random(), Lines::default());
        lines.failed(&peer, "a\nb", true);
        let logged = log.take();
        let is_escaped = logged.lines().count() == 1;
        assert!(is_escaped && logged.contains("ERROR") && logged.contains(" failed: a"), "{logged}");
        lines.failed(&peer, "why", false);
        assert!(log.take().contains("WARN"));
        lines.not_linked(&"localhost:5001".parse().unwrap(), "why");
        assert!(log.take().contains("neighbour localhost:5001 is not linked, will retry: why"));
        lines.unsaved(&std::io::ErrorKind::StorageFull.into());
        assert!(log.take().contains("cannot save the known peers: "));
        let mut full = Lines { written: LINES, ..Lines::default() };
        full.failed(&peer, "why", true);
        full.not_linked(&"localhost:5001".parse().unwrap(), "why");
        full.unsaved(&std::io::ErrorKind::StorageFull.into());
        assert_eq!(log.take(), "");
    }

    #[test]
    fn lines_of_a_minute_are_bounded() {
        let (mut lines, now) = (Lines::default(), Instant::now());
        let written = (0..1000).filter(|_| lines.may_write(now)).count();
        assert_eq!((written, lines.left_out), (LINES as usize, 1000 - u64::from(LINES)));
        let (log, _logging) = Log::begin();
        assert!(lines.may_write(now + 2 * MINUTE));
        assert_eq!(lines.left_out, 0);
        assert!(log.take().contains("omitted 940 more lines about peers"));
        assert!(lines.may_write(now + 4 * MINUTE));
        assert_eq!(log.take(), "");
    }
}
