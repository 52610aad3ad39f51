//! Which file a path leads to, and how long it is, without slowing down who writes to it.
//!
//! To ask for the time of a file's last change has a price since Linux 6.13: the next write must give it a new one, which the
//! next flush has to write as well. For the log that made each commit half as slow again, so its time is not asked for.

use std::io;
use std::path::Path;
use std::time::SystemTime;

/// A file, as a look found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Which file it is, whatever its name.
    pub(crate) id: FileId,
    /// Its bytes.
    pub(crate) length: u64,
    /// When it was changed last, if that was asked.
    pub(crate) changed: Option<SystemTime>,
}

/// The number of a file. Files that are open cannot be removed where they have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

/// Whether the time of the last change is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    Asked,
    Left,
}

impl Found {
    /// Looks at the file that a path leads to.
    pub(crate) fn at(path: &Path, times: Times) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if times == Times::Left {
            return without_times(path);
        }
        let found = std::fs::metadata(path)?;
        let changed = if times == Times::Asked { Some(found.modified()?) } else { None };
        Ok(Self { id: FileId::of(&found), length: found.len(), changed })
    }
}

#[cfg(target_os = "linux")]
fn without_times(path: &Path) -> io::Result<Found> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let found = statx(CWD, path, AtFlags::empty(), StatxFlags::INO | StatxFlags::SIZE)?;
    let device = makedev(found.stx_dev_major, found.stx_dev_minor);
    Ok(Found { id: FileId { device, inode: found.stx_ino }, length: found.stx_size, changed: None })
}

impl FileId {
    #[cfg(unix)]
    fn of(file: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: file.dev(), inode: file.ino() }
    }

    #[cfg(not(unix))]
    fn of(_: &std::fs::Metadata) -> Self {
        Self { device: 0, inode: 0 }
    }
}
