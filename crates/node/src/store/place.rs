//! The directory a ledger lives in.

use std::convert::Infallible;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use tempfile::TempDir;

use super::StoreError;

/// What the names of directories that are thrown away begin with.
const THROW_AWAY: &str = "ledger-node-";

/// How old such a directory must be before nobody's is taken for abandoned: its maker may not have locked it yet.
const SETTLED: Duration = Duration::from_secs(60);

/// A directory that this process alone uses, until it is dropped.
#[derive(Debug)]
pub struct Place {
    path: PathBuf,
    /// The lock ends with the file, also when the process is killed.
    _lock: File,
    /// Removes a directory that is thrown away.
    throw_away: Option<TempDir>,
    /// Closed when all of the above is done: the last field is dropped last.
    held: Option<mpsc::Sender<Infallible>>,
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
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock, throw_away: None, held: None }),
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
        sweep(&parent);
        let directory = tempfile::Builder::new().prefix(THROW_AWAY).tempdir_in(&parent).map_err(failed)?;
        let mut place = Self::take(directory.path())?;
        place.throw_away = Some(directory);
        Ok(place)
    }

    /// Tells when the directory has been given up, by whichever thread has its last handle: the channel is closed then.
    pub fn given_up(&mut self) -> mpsc::Receiver<Infallible> {
        let (held, given_up) = mpsc::channel();
        self.held = Some(held);
        given_up
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

/// Removes what nodes that were killed have left among the directories that are thrown away. Failing to is no failure.
fn sweep(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(THROW_AWAY);
        if ours && entry.file_type().is_ok_and(|kind| kind.is_dir()) && is_abandoned(&entry.path()) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether a directory was made a while ago, and no process holds it.
fn is_abandoned(directory: &Path) -> bool {
    let Ok(lock) = File::open(directory.join("node.lock")) else { return false };
    let age = lock.metadata().and_then(|file| file.modified()).ok().and_then(|made| made.elapsed().ok());
    age.is_some_and(|age| age > SETTLED) && lock.try_lock().is_ok()
}
