//! Large blocks, one at a time, on a thread of their own.
//!
//! To parse, check and write a block takes several times its bytes, and many peers may send a large one at once. The
//! thread is always the same, since each keeps for itself some of the memory that it has freed.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::system::allocator;
use crate::system::threads::{Panicked, caught};

type Work = Box<dyn FnOnce() + Send>;

/// The way to the thread, which is started for the first large block.
#[derive(Debug, Default)]
pub(in crate::ledger) struct LargeBlocks(OnceLock<SyncSender<Work>>);

impl LargeBlocks {
    /// Waits until the thread has done this work, and answers its result.
    ///
    /// # Errors
    ///
    /// [`Panicked`] if the work panicked, or the system has no room for the thread.
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
    // Without the thread nobody receives, and the senders learn that.
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
    fn the_thread_outlives_work_that_panics() {
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
