//! Large blocks, one at a time, on one thread.
//!
//! Checking a block takes several times its size in memory, and many peers may send large ones at once. One thread does it
//! all, because the allocator keeps some freed memory per thread.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::system::allocator;
use crate::system::threads::{Panicked, caught};

type Work = Box<dyn FnOnce() + Send>;

/// Handle to the thread, which is started for the first large block.
#[derive(Debug, Default)]
pub(in crate::ledger) struct LargeBlocks(OnceLock<SyncSender<Work>>);

impl LargeBlocks {
    /// Runs work on the thread and returns its result.
    ///
    /// # Errors
    ///
    /// [`Panicked`] if the work panicked, or the thread cannot be started.
    pub(super) fn run<T: Send + 'static>(
        &self,
        work: &'static str,
        run: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Panicked> {
        let (done, result) = channel();
        let run = caught(work, run);
        let no_thread = || Panicked::new(work, "its thread could not be started");
        self.0.get_or_init(start).send(Box::new(move || drop(done.send(run())))).map_err(|_| no_thread())?;
        result.recv().unwrap_or_else(|_| Err(no_thread()))
    }
}

fn start() -> SyncSender<Work> {
    let (queue, works) = sync_channel(0);
    // If the thread cannot start, sends fail because the receiver is gone.
    let _ = std::thread::Builder::new().name("large".into()).spawn(move || run(&works));
    queue
}

fn run(works: &Receiver<Work>) {
    for work in works {
        work();
        allocator::trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thread_survives_a_panic() {
        let large = LargeBlocks::default();
        assert_eq!(large.run("adding", || 2 + 3), Ok(5));
        let failed: Result<(), _> = large.run("adding", || panic!("no number"));
        assert_eq!(failed, Err(Panicked::new("adding", "no number")));
        assert_eq!(
            large.run("naming", || std::thread::current().name().map(str::to_owned)),
            Ok(Some("large".into()))
        );
    }
}
