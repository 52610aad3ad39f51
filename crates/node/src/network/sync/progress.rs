//! How far a sync is.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// A shorter sync has no rate.
const SHORTEST: Duration = Duration::from_millis(100);

/// How often a long sync is logged.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// The running sync, if there is one. Clones share it.
#[derive(Clone, Debug, Default)]
pub(in crate::network) struct Progress(Arc<watch::Sender<Option<Sync>>>);

/// A running sync and its progress.
#[derive(Clone, Copy, Debug)]
pub struct Sync {
    /// What the sync does.
    pub state: SyncState,
    /// The height of the last block to fetch.
    pub target: u64,
    /// The height of the last block that came and is valid.
    pub height: u64,
    /// The height of the fork point; 0 if there is none.
    pub from: u64,
    begun: Instant,
    /// When the last block came.
    reached: Instant,
}

/// What a sync does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncState {
    /// Fetches blocks and checks them.
    Fetching,
    /// Switches to the fetched chain.
    Adopting,
}

impl Progress {
    /// The running sync; `None` if none runs.
    pub(in crate::network) fn now(&self) -> Option<Sync> {
        *self.0.borrow()
    }

    /// Watches the running sync.
    pub(in crate::network) fn watch(&self) -> watch::Receiver<Option<Sync>> {
        self.0.subscribe()
    }

    /// Begins a sync of the blocks after height `from`. It ends when the result is dropped.
    pub(super) fn begin(&self, from: u64, target: u64) -> Running {
        let now = Instant::now();
        let state = SyncState::Fetching;
        self.0.send_replace(Some(Sync { state, target, height: from, from, begun: now, reached: now }));
        Running { progress: self.clone(), last_line: now }
    }

    fn change(&self, change: impl FnOnce(&mut Sync)) {
        self.0.send_modify(|sync| {
            if let Some(sync) = sync {
                change(sync);
            }
        });
    }
}

/// Records the progress of the running sync, until it is dropped.
pub(super) struct Running {
    progress: Progress,
    last_line: Instant,
}

impl Running {
    /// Records that the blocks up to a height came and are valid.
    pub(super) fn reached(&mut self, height: u64) {
        let now = Instant::now();
        self.progress.change(|sync| (sync.height, sync.reached) = (height, now));
        if now >= self.last_line + LINE_EVERY {
            self.last_line = now;
            self.progress.now().iter().for_each(|sync| tracing::info!("sync: {sync}"));
        }
    }

    /// Records that all blocks came.
    pub(super) fn adopting(&self) {
        self.progress.change(|sync| sync.state = SyncState::Adopting);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.progress.0.send_replace(None);
    }
}

#[cfg(test)]
impl Sync {
    /// A sync for tests.
    pub(crate) fn at(from: u64, height: u64, target: u64) -> Self {
        let now = Instant::now();
        Self { state: SyncState::Fetching, target, height, from, begun: now, reached: now }
    }
}

impl Sync {
    /// Blocks a second so far; `None` at the beginning.
    pub fn rate(&self) -> Option<f64> {
        let time = self.reached.saturating_duration_since(self.begun);
        (time >= SHORTEST).then(|| (self.height - self.from) as f64 / time.as_secs_f64())
    }

    /// The time until all blocks have come, at this rate; `None` without a rate.
    pub fn time_left(&self) -> Option<Duration> {
        let rate = self.rate().filter(|rate| *rate > 0.0)?;
        Duration::try_from_secs_f64((self.target.saturating_sub(self.height)) as f64 / rate).ok()
    }
}

/// For example `block 45000 of 100000, 21000 blocks a second, 3 s left`.
impl fmt::Display for Sync {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "block {} of {}", self.height, self.target)?;
        let Some((rate, left)) = self.rate().zip(self.time_left()) else { return Ok(()) };
        write!(to, ", {rate:.0} blocks a second, {} s left", left.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_and_time_left_follow_the_blocks() {
        let progress = Progress::default();
        assert!(progress.now().is_none());
        let mut running = progress.begin(100, 1_100);
        let first = progress.now().unwrap();
        assert_eq!((first.rate(), first.time_left(), first.state), (None, None, SyncState::Fetching));
        running.reached(600);
        let mut later = progress.now().unwrap();
        later.reached = later.begun + Duration::from_secs(5);
        assert_eq!((later.rate(), later.time_left()), (Some(100.0), Some(Duration::from_secs(5))));
        assert_eq!(later.to_string(), "block 600 of 1100, 100 blocks a second, 5 s left");
        later.height = 100;
        assert_eq!(later.time_left(), None, "nothing came yet");
        running.adopting();
        assert_eq!(progress.now().unwrap().state, SyncState::Adopting);
        drop(running);
        assert!(progress.now().is_none());
    }

    #[test]
    fn long_sync_is_logged_at_intervals() {
        let (log, _logging) = crate::telemetry::testing::Log::begin();
        let mut running = Progress::default().begin(100, 1_100);
        running.reached(101);
        assert_eq!(log.take(), "");
        running.last_line -= LINE_EVERY;
        running.reached(102);
        assert!(log.take().contains("sync: block 102 of 1100"));
        running.reached(103);
        assert_eq!(log.take(), "");
    }
}
