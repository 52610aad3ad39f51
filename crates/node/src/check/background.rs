//! Checks the blocks that the start skipped, while the node serves.

use std::ops::ControlFlow;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use ledger_core::seam::Proofs;
use tokio_util::sync::CancellationToken;

use super::segment::{Outcome, Segments};
use crate::ledger::{Ledger, OpenError};
use crate::store::{Finding, Keys, Scope, StoreError, audit};
use crate::system::causes::with_causes;

/// Time between two progress lines.
const LOG_INTERVAL: Duration = Duration::from_secs(30);

/// Nice value of the thread: the lowest priority.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// A thread that checks the store until it is done, finds damage, or is stopped.
#[derive(Debug)]
pub struct Background {
    stop: CancellationToken,
    thread: Option<JoinHandle<Option<Finding>>>,
}

impl Background {
    /// Checks what the start skipped, until `stop` is cancelled. On damage, closes the ledger to changes and calls
    /// `found`.
    ///
    /// # Errors
    ///
    /// The system's error if it cannot start a thread.
    pub fn start(
        ledger: &Ledger,
        stop: CancellationToken,
        found: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let length = ledger.tip().height.get();
        let (ledger, stopped) = (ledger.clone(), stop.clone());
        let work = move || {
            lower_priority();
            let finding = check(&ledger, length, &stopped)?;
            ledger.close();
            tracing::error!("{}; the node accepts no more changes and stops", with_causes(&finding));
            found();
            Some(finding)
        };
        let thread = std::thread::Builder::new().name("check".into()).spawn(work)?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Stops the check, waits for its end, and returns its result.
    ///
    /// # Errors
    ///
    /// The damage, with the same message as at a start.
    pub fn finish(mut self) -> Result<(), OpenError> {
        self.stop.cancel();
        let finding = self.thread.take().and_then(|thread| thread.join().unwrap_or(None));
        finding.map_or(Ok(()), |finding| Err(finding.into()))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Gives the calling thread the lowest priority.
fn lower_priority() {
    // On Linux this affects only the calling thread. If it fails, the check runs all the same.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// The segments up to `length`, or up to the tip if that is lower: by some rules, a shorter chain may win.
fn segments(ledger: &Ledger, length: u64) -> Segments<'_> {
    let (readers, rules, length) = (ledger.readers(), ledger.rules(), length.min(ledger.tip().height.get()));
    Segments { readers, rules, scope: Scope::All, proofs: Proofs::Checked, length }
}

/// Checks all segments. Returns the first finding.
fn check(ledger: &Ledger, length: u64, stopped: &CancellationToken) -> Option<Finding> {
    let (mut keys, mut progress) = (Keys::default(), Progress::begin(length));
    // Newest first: these blocks are requested most.
    let mut left = segments(ledger, length).count();
    while left > 0 {
        let segments = segments(ledger, length);
        let segment = left.min(segments.count()) - 1;
        let advance = |blocks| {
            progress.advance(blocks);
            if stopped.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match segments.check(segment, &mut keys, advance) {
            Ok(Outcome::Valid) => left = segment,
            Ok(Outcome::Replaced) => {}
            Ok(Outcome::Stopped) => return None,
            // The stop may have closed the store during a read.
            Err(_) if stopped.is_cancelled() => return None,
            // Files were moved or overwritten: no verdict on the chain. Changes are refused, and the log says why.
            Err(Finding::Store(StoreError::Displaced(_))) => return None,
            // The chain became shorter during the check: check what is left of it.
            Err(_) if ledger.tip().height.get() < segments.length => {}
            Err(finding) => return Some(finding),
        }
        if stopped.is_cancelled() {
            return None;
        }
    }
    progress.end();
    None
}

/// Logs the progress, unless the start has checked the whole chain already.
struct Progress {
    is_silent: bool,
    started: Instant,
    logged: Instant,
    checked: u64,
    length: u64,
}

impl Progress {
    fn begin(length: u64) -> Self {
        let is_silent = audit::newest_from(length) <= 1;
        if !is_silent {
            tracing::info!("checking all {length} blocks in the background");
        }
        let now = Instant::now();
        Self { is_silent, started: now, logged: now, checked: 0, length }
    }

    fn advance(&mut self, blocks: u64) {
        self.checked += blocks;
        if !self.is_silent && self.logged.elapsed() > LOG_INTERVAL {
            self.logged = Instant::now();
            tracing::info!("background check: {} of {} blocks", self.checked.min(self.length), self.length);
        }
    }

    fn end(&self) {
        if !self.is_silent {
            let seconds = self.started.elapsed().as_secs_f64();
            tracing::info!("background check: all {} blocks valid, {seconds:.1} s", self.length);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use rusqlite::Connection;

    use super::*;
    use crate::ledger::testing::{ledger, rewards, stage};
    use crate::store::SEGMENT;
    use crate::telemetry::testing::Log;

    #[test]
    fn shorter_chain_is_not_damage() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        stage(&ledger, ledger.tip(), rewards("us", 9)).adopt().unwrap().unwrap();
        for length_at_start in [11, 3 * SEGMENT] {
            let found = check(&ledger, length_at_start, &CancellationToken::new());
            assert!(found.is_none(), "{found:?}");
        }
    }

    #[test]
    fn damage_closes_the_ledger_and_is_reported() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        stage(&ledger, ledger.tip(), rewards("us", 9)).adopt().unwrap().unwrap();
        let change = "UPDATE blocks SET text = replace(text, '\"us\"', '\"me\"') WHERE height = 5";
        Connection::open(directory.path().join("ledger.db")).unwrap().execute_batch(change).unwrap();
        let (found, reported) = channel();
        let check = Background::start(&ledger, CancellationToken::new(), move || found.send(()).unwrap());
        let check = check.unwrap();
        reported.recv().unwrap();
        assert!(ledger.check_takes_changes().is_err());
        let damage = format!("{:#}", anyhow::Error::from(check.finish().unwrap_err()));
        assert!(damage.contains("block 5"), "{damage}");
    }

    #[test]
    fn valid_chain_is_not_reported() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        stage(&ledger, ledger.tip(), rewards("us", 9)).adopt().unwrap().unwrap();
        let check = Background::start(&ledger, CancellationToken::new(), || panic!("nothing is damaged"));
        check.unwrap().finish().unwrap();
        ledger.check_takes_changes().unwrap();
    }

    #[test]
    fn dropped_check_is_stopped() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, stop) = (ledger(&directory), CancellationToken::new());
        drop(Background::start(&ledger, stop.clone(), || ()).unwrap());
        assert!(stop.is_cancelled());
    }

    #[test]
    fn stopped_check_finds_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let (ledger, stopped) = (ledger(&directory), CancellationToken::new());
        let change = "UPDATE blocks SET text = replace(text, '1', '2')";
        Connection::open(directory.path().join("ledger.db")).unwrap().execute_batch(change).unwrap();
        assert!(check(&ledger, 1, &stopped).is_some());
        stopped.cancel();
        assert!(check(&ledger, 1, &stopped).is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn checking_thread_has_the_lowest_priority() {
        let priority = std::thread::spawn(|| {
            lower_priority();
            rustix::process::getpriority_process(None).unwrap()
        });
        assert_eq!(priority.join().unwrap(), NICE);
    }

    #[test]
    fn progress_of_a_long_check_is_logged() {
        let (log, _guard) = Log::begin();
        let mut progress = Progress::begin(1_001);
        assert!(log.take().contains("checking all 1001 blocks in the background"));
        progress.advance(400);
        assert_eq!(log.take(), "", "too soon after the last line");
        progress.logged -= LOG_INTERVAL * 2;
        progress.advance(300);
        assert!(log.take().contains("background check: 700 of 1001 blocks"));
        progress.advance(1);
        assert_eq!(log.take(), "", "too soon after the last line");
        progress.logged -= LOG_INTERVAL * 2;
        progress.advance(500);
        assert!(log.take().contains("background check: 1001 of 1001 blocks"), "the chain may have grown");
        progress.end();
        assert!(log.take().contains("background check: all 1001 blocks valid"));
    }

    #[test]
    fn chain_checked_at_the_start_is_checked_silently() {
        let (log, _guard) = Log::begin();
        let mut progress = Progress::begin(1_000);
        progress.logged -= LOG_INTERVAL * 2;
        progress.advance(1_000);
        progress.end();
        assert_eq!(log.take(), "");
    }
}
