//! Limits that all stages of a ledger share: memory for batches, and room on disk.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use ledger_core::Height;
use tokio::sync::watch;

use crate::store::{Space, StoreError};

/// Bytes of blocks in the batches of all stages together.
const BATCH_BYTES: usize = 12 << 20;

/// All stages of a ledger.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Staging {
    /// The number of the last stage.
    last: AtomicU64,
    /// The number of stages.
    stages: watch::Sender<usize>,
    /// The height of the highest block in them.
    height: AtomicU64,
    /// Bytes on disk claimed by all stages.
    bytes: AtomicU64,
}

impl Staging {
    /// Begins a stage. Returns its number, and the number of stages including it.
    pub(super) fn begin(&self) -> (u64, usize) {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.stages.send_modify(|stages| *stages += 1);
        (number, *self.stages.borrow())
    }

    /// Ends a stage that has claimed `bytes`.
    pub(super) fn end(&self, bytes: u64) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.stages.send_modify(|stages| {
            *stages -= 1;
            if *stages == 0 {
                self.height.store(0, Ordering::Relaxed);
            }
        });
    }

    /// Notes that a stage holds the block of this height.
    pub(super) fn holds(&self, height: Height) {
        self.height.fetch_max(height.get(), Ordering::Relaxed);
    }

    /// The height of the highest block in a stage; 0 if there is none.
    pub(in crate::ledger) fn height(&self) -> u64 {
        self.height.load(Ordering::Relaxed)
    }

    /// The number of stages, for those who wait for the first.
    pub(in crate::ledger) fn stages(&self) -> watch::Receiver<usize> {
        self.stages.subscribe()
    }

    /// Bytes of blocks in a batch of one stage.
    pub(super) fn share(&self) -> usize {
        BATCH_BYTES / (*self.stages.borrow()).max(1)
    }

    /// Claims room on a directory's disk, within the limit for peers' chains.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoRoom`].
    pub(super) fn claim(&self, directory: &Path, bytes: u64) -> Result<(), StoreError> {
        if !Space::of(directory)?.allows(self.bytes.load(Ordering::Relaxed), bytes) {
            return Err(StoreError::NoRoom);
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_numbered_and_share_the_memory() {
        let staging = Staging::default();
        assert_eq!(staging.share(), BATCH_BYTES, "before the first one");
        assert_eq!((staging.begin(), staging.share()), ((1, 1), BATCH_BYTES));
        assert_eq!((staging.begin(), staging.share()), ((2, 2), BATCH_BYTES / 2));
        staging.end(0);
        assert_eq!((staging.begin(), staging.share()), ((3, 2), BATCH_BYTES / 2));
    }

    #[test]
    fn height_is_the_highest_until_the_last_stage_ends() {
        let (staging, height) = (Staging::default(), |height| Height::new(height).unwrap());
        staging.begin();
        staging.begin();
        [5, 7, 6].into_iter().for_each(|number| staging.holds(height(number)));
        staging.end(0);
        assert_eq!((staging.height(), *staging.stages().borrow()), (7, 1));
        staging.end(0);
        assert_eq!((staging.height(), *staging.stages().borrow()), (0, 0));
    }

    #[test]
    fn claimed_room_is_limited_until_the_stage_ends() {
        let (staging, directory) = (Staging::default(), tempfile::tempdir().unwrap());
        staging.begin();
        staging.claim(directory.path(), 7).unwrap();
        staging.claim(directory.path(), 5).unwrap();
        assert!(matches!(staging.claim(directory.path(), u64::MAX >> 1), Err(StoreError::NoRoom)));
        assert_eq!(staging.bytes.load(Ordering::Relaxed), 12);
        staging.end(12);
        assert_eq!(staging.bytes.load(Ordering::Relaxed), 0);
    }
}
