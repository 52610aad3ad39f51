//! The check of the blocks that a start did not check, while the node serves.

use std::ops::ControlFlow;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::segment::{Outcome, Segments};
use crate::ledger::{Ledger, OpenError};
use crate::store::{Finding, Keys, Scope, StoreError, audit};
use crate::system::causes::with_causes;

/// How long nothing is said of the progress.
const QUIET: Duration = Duration::from_secs(30);

/// How much others are preferred by the scheduler: as much as can be.
#[cfg(target_os = "linux")]
const NICE: i32 = 19;

/// A thread that checks what is stored, until it has checked all, finds a fault, or is told to stop.
#[derive(Debug)]
pub struct Background {
    stop: CancellationToken,
    thread: Option<JoinHandle<Option<Finding>>>,
}

impl Background {
    /// Checks all that the start has not, until `stop` is cancelled. When it finds a fault, the ledger takes no more
    /// changes, and `found` is called.
    ///
    /// # Errors
    ///
    /// What the system says when there can be no thread.
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
            tracing::error!("{}; taking no more changes, and stopping", with_causes(&finding));
            found();
            Some(finding)
        };
        let thread = std::thread::Builder::new().name("check".into()).spawn(work)?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Stops the check, waits for its end, and answers what it has found.
    ///
    /// # Errors
    ///
    /// The fault, as a start would say it.
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

/// Leaves the processor to whoever else wants it.
fn lower_priority() {
    // Of this thread alone, on Linux; without it the check is only less polite.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, NICE);
}

/// Checks all segments; answers the first fault.
fn check(ledger: &Ledger, length: u64, stopped: &CancellationToken) -> Option<Finding> {
    let segments = Segments { readers: ledger.readers(), rules: ledger.rules(), scope: Scope::All, length };
    let (mut keys, mut progress) = (Keys::default(), Progress::begin(length));
    // The newest first: they are asked for most.
    let mut left = segments.count();
    while let Some(segment) = left.checked_sub(1) {
        let advance = |blocks| {
            progress.advance(blocks);
            if stopped.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        match segments.check(segment, &mut keys, advance) {
            Ok(Outcome::Right) => left = segment,
            Ok(Outcome::Replaced) => {}
            Ok(Outcome::Stopped) => return None,
            // A stop may have closed what it reads.
            Err(_) if stopped.is_cancelled() => return None,
            // What is stored may be right. Changes are refused, and the log says why.
            Err(Finding::Store(StoreError::Displaced(_))) => return None,
            Err(finding) => return Some(finding),
        }
        if stopped.is_cancelled() {
            return None;
        }
    }
    progress.end();
    None
}

/// How far the check is, in the log. Of a chain that the start checked whole nothing is said.
struct Progress {
    is_quiet: bool,
    begun: Instant,
    said: Instant,
    checked: u64,
    length: u64,
}

impl Progress {
    fn begin(length: u64) -> Self {
        let is_quiet = audit::newest_from(length) <= 1;
        if !is_quiet {
            tracing::info!("checking all {length} blocks in the background");
        }
        let now = Instant::now();
        Self { is_quiet, begun: now, said: now, checked: 0, length }
    }

    fn advance(&mut self, blocks: u64) {
        self.checked += blocks;
        if !self.is_quiet && self.said.elapsed() > QUIET {
            self.said = Instant::now();
            tracing::info!("background check: {} of {} blocks", self.checked.min(self.length), self.length);
        }
    }

    fn end(&self) {
        if !self.is_quiet {
            let seconds = self.begun.elapsed().as_secs_f64();
            tracing::info!("background check: all {} blocks are right, {seconds:.1} s", self.length);
        }
    }
}
