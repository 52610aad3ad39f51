//! What all stages of a ledger share: the memory that one would take, and the room on disk.

use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::store::{Space, StoreError};

/// The bytes of blocks that are written together, by all stages that there are.
const BATCH: usize = 16 << 20;

/// The stages that there are.
#[derive(Debug, Default)]
pub(in crate::ledger) struct Staging {
    /// The number of the last stage.
    last: AtomicU64,
    stages: AtomicUsize,
    /// The bytes of blocks that all stages have on disk.
    bytes: AtomicU64,
}

impl Staging {
    /// Begins a stage. Answers its number, and how many there are with it.
    pub(super) fn begin(&self) -> (u64, usize) {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        (number, self.stages.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Ends a stage that has claimed so many bytes.
    pub(super) fn end(&self, bytes: u64) {
        self.stages.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// The bytes of blocks that one stage writes together.
    pub(super) fn share(&self) -> usize {
        BATCH / self.stages.load(Ordering::Relaxed).max(1)
    }

    /// Takes room on the disk of a directory, as far as neighbours may have it.
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
