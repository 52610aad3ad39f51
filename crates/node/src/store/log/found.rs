//! Which file a path leads to, and how long it is, without slowing down who writes to it.
//!
//! Since Linux 6.13, whoever asks when a file was changed makes the next write note a new time, and the next flush write
//! that as well. With the log each commit then took half as long again, so nobody asks for its time.

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

/// The number of a file. Windows tells none, but there a file that is open cannot be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

/// Whether the time of the last change is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    Wanted,
    Unwanted,
}

impl Found {
    /// Looks at the file that a path leads to.
    pub(crate) fn at(path: &Path, times: Times) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if times == Times::Unwanted {
            return without_times(path);
        }
        let found = std::fs::metadata(path)?;
        let changed = if times == Times::Wanted { Some(found.modified()?) } else { None };
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
