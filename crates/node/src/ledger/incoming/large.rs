//! Large blocks, one at a time, on a thread of their own.
//!
//! To parse, check and write a block takes several times its bytes, and many peers may send a large one at once. The
//! thread is always the same, since each keeps for itself some of the memory that it has freed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::system::allocator;

type Work = Box<dyn FnOnce() + Send>;

/// The way to the thread, which is started for the first large block.
#[derive(Debug, Default)]
pub(in crate::ledger) struct LargeBlocks(OnceLock<SyncSender<Work>>);

impl LargeBlocks {
    /// Waits until the thread has done this work, and answers its result; none if the work panicked.
    pub(super) fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (done, result) = channel();
        self.0.get_or_init(start).send(Box::new(move || drop(done.send(work())))).ok()?;
        result.recv().ok()
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
        // Who waits for it learns that no result comes.
        let _ = catch_unwind(AssertUnwindSafe(work));
        allocator::trim();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_outlives_work_that_panics() {
        let large = LargeBlocks::default();
        assert_eq!(large.run(|| 5), Some(5));
        assert_eq!(large.run(|| panic!("work that fails")), None::<()>);
        assert_eq!(
            large.run(|| std::thread::current().name().map(str::to_owned)),
            Some(Some("large".into()))
        );
    }
}
