//! The data directory: its lock, and its removal if it is temporary.

use std::convert::Infallible;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

use super::condition::MissingLog;
use super::fresh::Fresh;
use crate::store::errors::StoreError;
use crate::store::names::LOCK;
use crate::system::files::{self, Links};

/// Name prefix of temporary data directories.
const TEMPORARY_PREFIX: &str = "ledger-node-";

/// Age from which an unlocked temporary directory counts as abandoned: a younger one's owner may not have locked it
/// yet.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// A data directory, locked for this process until dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    missing_log: MissingLog,
    /// Removes what was created, unless it is kept. Dropped before the lock.
    fresh: Fresh,
    /// Whether the directory was empty.
    is_new: bool,
    /// Released when the file is closed, even if the process is killed.
    _lock: File,
    /// Removes a temporary directory.
    temporary: Option<TempDir>,
    /// Closes the channel of [`DataDir::released`]. The last field, because fields drop in order.
    held: Option<mpsc::Sender<Infallible>>,
}

impl DataDir {
    /// Locks a directory, and creates a missing one with access for its owner alone. Unless `keep` is called,
    /// dropping the result removes what was created.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`], [`StoreError::File`] or [`StoreError::InUse`].
    pub fn take(path: &Path) -> Result<Self, StoreError> {
        let failed = |error| StoreError::Directory { path: path.to_owned(), error };
        let mut fresh = Fresh::before(path);
        files::create_private_directory(path).map_err(failed)?;
        let is_new = files::is_empty(path);
        let lock_path = path.join(LOCK);
        let had_lock = lock_path.exists();
        let lock = open_lock(path)?;
        match lock.try_lock() {
            Ok(()) if files::is_at(&lock, &lock_path) => {}
            // Locked by another process, or removed by one that gave up after we had opened it.
            Ok(()) | Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        fresh.watch(path, (!had_lock).then_some(lock_path));
        let (path, missing_log) = (path.to_owned(), MissingLog::default());
        Ok(Self { path, missing_log, fresh, is_new, _lock: lock, temporary: None, held: None })
    }

    /// Sets whether the database may lack the changes of its log.
    #[must_use]
    pub fn with_missing_log(self, missing_log: MissingLog) -> Self {
        Self { missing_log, ..self }
    }

    /// Whether the database may lack the changes of its log.
    pub(crate) fn missing_log(&self) -> MissingLog {
        self.missing_log
    }

    /// Keeps what was created. Adds a `.gitignore` if the directory was empty: otherwise it may hold somebody's own
    /// files.
    pub(crate) fn keep(&self) {
        self.fresh.keep();
        if self.is_new && !self.is_temporary() {
            files::keep_out_of_git(&self.path);
        }
    }

    /// Whether the directory had a database when it was locked.
    pub fn had_ledger(&self) -> bool {
        self.fresh.had_ledger()
    }

    /// Creates a temporary directory, in memory if the system has `/dev/shm`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Directory`].
    pub fn temporary() -> Result<Self, StoreError> {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let failed = |error| StoreError::Directory { path: parent.clone(), error };
        let mut builder = tempfile::Builder::new();
        if let Some(private) = files::private_permissions() {
            builder.permissions(private);
        }
        let directory = builder.prefix(TEMPORARY_PREFIX).tempdir_in(&parent).map_err(failed)?;
        sweep(&parent, directory.path());
        let mut data_dir = Self::take(directory.path())?;
        data_dir.temporary = Some(directory);
        Ok(data_dir)
    }

    /// Returns a channel that closes when the last owner has dropped the directory.
    pub fn released(&mut self) -> mpsc::Receiver<Infallible> {
        let (held, released) = mpsc::channel();
        self.held = Some(held);
        released
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the directory is temporary.
    pub fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }
}

/// Opens the lock file, creating it if necessary. Keeps its content.
fn open_lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    files::open_regular(&path, &mut options, Links::Refused).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => StoreError::File { path, error },
        _ => StoreError::Directory { path: directory.to_owned(), error },
    })
}

/// Removes temporary directories that killed nodes of the same user left behind. Ignores failures.
fn sweep(parent: &Path, ours: &Path) {
    let (Ok(entries), Ok(ours)) = (fs::read_dir(parent), fs::metadata(ours)) else { return };
    for entry in entries.flatten() {
        let is_temporary = entry.file_name().to_string_lossy().starts_with(TEMPORARY_PREFIX);
        // Skip links and other users' directories.
        let may_go = entry.metadata().is_ok_and(|found| found.is_dir() && same_owner(&found, &ours));
        if is_temporary && may_go && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(unix)]
fn same_owner(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.uid() == other.uid()
}

#[cfg(not(unix))]
fn same_owner(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// Whether a directory is old enough and no process has locked it.
fn is_abandoned(directory: &Path) -> bool {
    let mut options = OpenOptions::new();
    let lock = files::open_regular(&directory.join(LOCK), options.read(true), Links::Refused);
    let Ok(lock) = lock else { return false };
    let age = lock.metadata().and_then(|file| file.modified()).ok().and_then(|made| made.elapsed().ok());
    age.is_some_and(|age| age > ABANDONED_AFTER) && lock.try_lock().is_ok()
}

#[cfg(test)]
mod tests;
