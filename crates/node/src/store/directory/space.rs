//! The room on the file system, of which neighbours must leave some.

use std::path::Path;

use crate::store::errors::StoreError;

/// The most that is kept free for the node itself: for payments, blocks and whatever else is on the file system.
const RESERVE: u64 = 1 << 30;

/// The room on a file system, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    free: u64,
    total: u64,
}

impl Space {
    /// The room where a directory is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the system does not tell.
    #[cfg(unix)]
    pub(crate) fn of(directory: &Path) -> Result<Self, StoreError> {
        let found = rustix::fs::statvfs(directory);
        let found = found.map_err(|error| StoreError::directory(directory, error.into()))?;
        let bytes = |blocks: u64| blocks.saturating_mul(found.f_frsize);
        Ok(Self { free: bytes(found.f_bavail), total: bytes(found.f_blocks) })
    }

    /// The room where a directory is: enough, where nobody tells.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &Path) -> Result<Self, StoreError> {
        Ok(Self { free: u64::MAX, total: u64::MAX })
    }

    /// Whether chains that neighbours send, of which so many bytes are staged, may take so many more. They may have half
    /// of what is free beyond the reserve: each is written to the log first, and an adoption needs as much again.
    pub(crate) fn has_room_for(self, staged: u64, more: u64) -> bool {
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
    fn half_of_what_is_free_beyond_the_reserve_may_be_staged() {
        let large = Space { free: 101 * GIB, total: 1_000 * GIB };
        assert!(large.has_room_for(0, 50 * GIB) && !large.has_room_for(0, 50 * GIB + 1));
        let half_staged = Space { free: 81 * GIB, ..large };
        assert!(
            half_staged.has_room_for(20 * GIB, 30 * GIB) && !half_staged.has_room_for(20 * GIB, 30 * GIB + 1)
        );
        let small = Space { free: 5_000, total: 20_000 };
        assert!(small.has_room_for(0, 2_000) && !small.has_room_for(0, 2_001));
        assert!(!Space { free: 1_000, total: 20_000 }.has_room_for(0, 1));
    }

    #[test]
    fn the_system_tells() {
        assert!(Space::of(Path::new(".")).unwrap().total > 0);
    }
}
