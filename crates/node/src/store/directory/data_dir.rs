//! The directory a ledger lives in.

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

/// What the names of directories that are thrown away begin with.
const THROW_AWAY: &str = "ledger-node-";

/// How old such a directory must be before nobody's is taken for abandoned: its maker may not have locked it yet.
const SETTLED: Duration = Duration::from_secs(60);

/// A directory that this process alone uses, until it is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    missing_log: MissingLog,
    /// Removes what was made, unless it is kept; the lock is still held then.
    fresh: Fresh,
    /// Whether nothing was in it.
    is_new: bool,
    /// The lock ends with the file, also when the process is killed.
    _lock: File,
    /// Removes a directory that is thrown away.
    throw_away: Option<TempDir>,
    /// Closed when all of the above is done: the last field is dropped last.
    held: Option<mpsc::Sender<Infallible>>,
}

impl DataDir {
    /// Takes a directory. One that is not there is made, for its owner alone. Unless what is made in it is to be
    /// kept (`keep`), it is removed at the end, as if nobody had been there.
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
            // Another process that gave up removed the file meanwhile.
            Ok(()) | Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        fresh.watch(path, (!had_lock).then_some(lock_path));
        let (path, missing_log) = (path.to_owned(), MissingLog::default());
        Ok(Self { path, missing_log, fresh, is_new, _lock: lock, throw_away: None, held: None })
    }

    /// The same directory, whose database may be one that lacks its last changes.
    #[must_use]
    pub fn with_missing_log(self, missing_log: MissingLog) -> Self {
        Self { missing_log, ..self }
    }

    /// Whether its database may lack its last changes.
    pub(crate) fn missing_log(&self) -> MissingLog {
        self.missing_log
    }

    /// Keeps what was made in the directory, out of git if all of it was: what else is there may be anybody's.
    pub(crate) fn keep(&self) {
        self.fresh.keep();
        if self.is_new && !self.is_thrown_away() {
            files::keep_out_of_git(&self.path);
        }
    }

    /// Whether the directory had a database when it was taken.
    pub fn had_ledger(&self) -> bool {
        self.fresh.had_ledger()
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
        let mut builder = tempfile::Builder::new();
        if let Some(private) = files::private_permissions() {
            builder.permissions(private);
        }
        let directory = builder.prefix(THROW_AWAY).tempdir_in(&parent).map_err(failed)?;
        sweep(&parent, directory.path());
        let mut data_dir = Self::take(directory.path())?;
        data_dir.throw_away = Some(directory);
        Ok(data_dir)
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

/// Opens the file to lock, and makes it if it is not there. What it holds stays as it is.
fn open_lock(directory: &Path) -> Result<File, StoreError> {
    let path = directory.join(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true);
    files::open_regular(&path, &mut options, Links::Refused).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => StoreError::File { path, error },
        _ => StoreError::Directory { path: directory.to_owned(), error },
    })
}

/// Removes what killed nodes of the same user left among the directories that are thrown away. Failing to is no failure.
fn sweep(parent: &Path, ours: &Path) {
    let (Ok(entries), Ok(ours)) = (fs::read_dir(parent), fs::metadata(ours)) else { return };
    for entry in entries.flatten() {
        let is_one = entry.file_name().to_string_lossy().starts_with(THROW_AWAY);
        // Neither a link nor what another user put there.
        let may_go = entry.metadata().is_ok_and(|found| found.is_dir() && same_owner(&found, &ours));
        if is_one && may_go && is_abandoned(&entry.path()) {
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

/// Whether a directory was made a while ago, and no process holds it.
fn is_abandoned(directory: &Path) -> bool {
    let mut options = OpenOptions::new();
    let lock = files::open_regular(&directory.join(LOCK), options.read(true), Links::Refused);
    let Ok(lock) = lock else { return false };
    let age = lock.metadata().and_then(|file| file.modified()).ok().and_then(|made| made.elapsed().ok());
    age.is_some_and(|age| age > SETTLED) && lock.try_lock().is_ok()
}
