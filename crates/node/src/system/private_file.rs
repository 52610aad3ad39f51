//! Files with secrets, readable by their owner only.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Creates a file of mode 0600. It appears complete and flushed, or not at all.
///
/// # Errors
///
/// The system's error, also if the file exists.
pub(crate) fn create(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Temporary files have mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
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
