//! Files that only their owner may read: secrets, and what the node keeps for its next start.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Creates a file of mode 0600. It appears complete and flushed, or not at all.
///
/// # Errors
///
/// The system's error, also if the file exists.
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    write(path, content, |file| Ok(file.persist_noclobber(path)?))
}

/// Replaces a file by one of mode 0600, or creates it. After a crash it is the old one or the new one.
///
/// # Errors
///
/// The system's error.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    write(path, content, |file| Ok(file.persist(path)?))
}

fn write(
    path: &Path,
    content: &[u8],
    persist: impl FnOnce(NamedTempFile) -> io::Result<File>,
) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Temporary files have mode 0600.
    let mut file = NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    persist(file)?;
    File::open(directory)?.sync_all()
}

/// Warns if others may read a secret.
#[cfg(unix)]
pub(crate) fn warn_if_exposed(what: &str, path: &Path, file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let Some(found) = file.metadata().ok().filter(std::fs::Metadata::is_file) else { return };
    if let Some(exposed) = wallet::Exposed::key_file(path, found.permissions().mode()) {
        tracing::warn!("{what} {exposed}");
    }
}

/// Does nothing: there are no such permissions.
#[cfg(not(unix))]
pub(crate) fn warn_if_exposed(_: &str, _: &Path, _: &File) {}
