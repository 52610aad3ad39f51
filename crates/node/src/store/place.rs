//! The directory a ledger lives in.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::StoreError;

/// A directory that this process alone uses, until it is dropped.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    /// The lock ends with the file, also when the process is killed.
    _lock: File,
    /// Removes a directory that is thrown away.
    throw_away: Option<TempDir>,
}

impl Place {
    /// Takes a directory, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`] or [`StoreError::InUse`].
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let failed = |error| StoreError::Directory { path: path.to_owned(), error };
        fs::create_dir_all(path).map_err(failed)?;
        let lock = File::create(path.join("node.lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock, throw_away: None }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Takes a new directory that is removed at the end, in memory where the system has a file system for that.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub fn throw_away() -> Result<Self, StoreError> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let failed = |error| StoreError::Directory { path: parent.clone(), error };
        let directory =
            tempfile::Builder::new().prefix("ledger-node-").tempdir_in(&parent).map_err(failed)?;
        let mut place = Self::take(directory.path())?;
        place.throw_away = Some(directory);
        Ok(place)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the directory is removed at the end.
    pub fn is_thrown_away(&self) -> bool {
        self.throw_away.is_some()
    }
}
