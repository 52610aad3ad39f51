//! Files with secrets, which only their owner may read.

use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Makes a file of mode 0600 that is complete and on disk, or not there at all.
///
/// # Errors
///
/// What the system says; also when there is a file of this name.
pub(crate) fn create(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // A temporary file is made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    File::open(directory)?.sync_all()
}

/// Warns of a secret that others may read.
#[cfg(unix)]
pub(crate) fn warn_if_exposed(what: &str, path: &Path, file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let Some(found) = file.metadata().ok().filter(std::fs::Metadata::is_file) else { return };
    if let Some(exposed) = wallet::Exposed::key_file(path, found.permissions().mode()) {
        tracing::warn!("{what} {exposed}");
    }
}

/// Warns of a secret that others may read.
#[cfg(not(unix))]
pub(crate) fn warn_if_exposed(_: &str, _: &Path, _: &File) {}
