//! Large blocks, one at a time, on a thread of their own.
//!
//! To parse, check and write a block takes several times its bytes, and many peers may send a large one at once. The
//! thread is always the same, since each keeps for itself some of the memory that it has freed.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use crate::allocator;

type Work = Box<dyn FnOnce() + Send>;

static QUEUE: LazyLock<SyncSender<Work>> = LazyLock::new(|| {
    let (queue, works) = sync_channel(0);
    // Without the thread nobody receives, and the senders learn that.
    let _ = std::thread::Builder::new().name("large".into()).spawn(move || run(&works));
    queue
});

fn run(works: &Receiver<Work>) {
    for work in works {
        // Who waits for it learns that no result comes.
        let _ = catch_unwind(AssertUnwindSafe(work));
        allocator::trim();
    }
}

/// Waits until the thread has done this work, and answers its result; none if the work panicked.
pub(super) fn on_its_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (done, result) = channel();
    QUEUE.send(Box::new(move || drop(done.send(work())))).ok()?;
    result.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_outlives_work_that_panics() {
        assert_eq!(on_its_thread(|| 5), Some(5));
        assert_eq!(on_its_thread(|| panic!("work that fails")), None::<()>);
        assert_eq!(
            on_its_thread(|| std::thread::current().name().map(str::to_owned)),
            Some(Some("large".into()))
        );
    }
}
