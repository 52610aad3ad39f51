//! Identity and length of a file, without slowing down its writer.
//!
//! Since Linux 6.13, reading a file's modification time makes its next write record a new time, and the next flush
//! write that time as well. For the log this made each commit 50 percent slower, so its time is not read.

use std::io;
use std::path::Path;
use std::time::SystemTime;

/// A file's metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileStat {
    /// Identifies the file whatever its name.
    pub(crate) id: FileId,
    /// Length in bytes.
    pub(crate) length: u64,
    /// Modification time, if it was asked for.
    pub(crate) changed: Option<SystemTime>,
}

/// Device and inode. Windows has neither here, but does not let an open file be removed either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId {
    device: u64,
    inode: u64,
}

/// Whether to read the modification time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    Wanted,
    Unwanted,
}

impl FileStat {
    /// Reads the metadata of the file at a path.
    pub(crate) fn read(path: &Path, times: Times) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if times == Times::Unwanted {
            return without_times(path);
        }
        let metadata = std::fs::metadata(path)?;
        let changed = if times == Times::Wanted { Some(metadata.modified()?) } else { None };
        Ok(Self { id: FileId::of(&metadata), length: metadata.len(), changed })
    }
}

#[cfg(target_os = "linux")]
fn without_times(path: &Path) -> io::Result<FileStat> {
    use rustix::fs::{AtFlags, CWD, StatxFlags, makedev, statx};
    let metadata = statx(CWD, path, AtFlags::empty(), StatxFlags::INO | StatxFlags::SIZE)?;
    let device = makedev(metadata.stx_dev_major, metadata.stx_dev_minor);
    Ok(FileStat { id: FileId { device, inode: metadata.stx_ino }, length: metadata.stx_size, changed: None })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_read_only_if_wanted() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "seven b").unwrap();
        let with = FileStat::read(file.path(), Times::Wanted).unwrap();
        let without = FileStat::read(file.path(), Times::Unwanted).unwrap();
        assert!(with.changed.is_some());
        assert_eq!(without, FileStat { changed: None, ..with });
        assert_eq!(with.length, 7);
        let other = tempfile::NamedTempFile::new().unwrap();
        assert_ne!(FileStat::read(other.path(), Times::Unwanted).unwrap().id, with.id);
    }
}
