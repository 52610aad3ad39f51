//! Limits the disk space that peers' chains may take.

use std::path::Path;

use crate::store::errors::StoreError;

/// Bytes kept free for the node itself and for whatever else is on the file system.
const RESERVE: u64 = 1 << 30;

/// Free and total bytes of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    free: u64,
    total: u64,
}

impl Space {
    /// Reads the file system of a directory.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the system call fails.
    #[cfg(unix)]
    pub(crate) fn of(directory: &Path) -> Result<Self, StoreError> {
        let found = rustix::fs::statvfs(directory);
        let found = found.map_err(|error| StoreError::directory(directory, error.into()))?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
        Ok(Self { free: bytes(found.f_bavail), total: bytes(found.f_blocks) })
    }

    /// Assumes enough space: there is no portable call.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &Path) -> Result<Self, StoreError> {
        Ok(Self { free: u64::MAX, total: u64::MAX })
    }

    /// Whether peers' chains, of which `staged` bytes are stored, may take `more`. They get half of what is free
    /// beyond the reserve: each chain is written to the log first, and adopting it takes as much again.
    pub(crate) fn allows(self, staged: u64, more: u64) -> bool {
        let reserve = RESERVE.min(self.total / 20);
        let room = self.free.saturating_add(staged).saturating_sub(reserve) / 2;
        staged.saturating_add(more) <= room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn half_of_the_free_space_beyond_the_reserve_may_be_staged() {
        let large = Space { free: 101 * GIB, total: 1_000 * GIB };
        assert!(large.allows(0, 50 * GIB) && !large.allows(0, 50 * GIB + 1));
        let half_staged = Space { free: 81 * GIB, ..large };
        assert!(half_staged.allows(20 * GIB, 30 * GIB) && !half_staged.allows(20 * GIB, 30 * GIB + 1));
        let small = Space { free: 5_000, total: 20_000 };
        assert!(small.allows(0, 2_000) && !small.allows(0, 2_001));
        assert!(!Space { free: 1_000, total: 20_000 }.allows(0, 1));
    }

    #[test]
    fn file_system_has_a_size() {
        assert!(Space::of(Path::new(".")).unwrap().total > 0);
    }
}
