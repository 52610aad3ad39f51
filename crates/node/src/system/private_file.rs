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

/// Creates or replaces a file, with mode 0600. After a crash, the path holds the old file or the new one.
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

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn file_is_created_once_and_can_be_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"three");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no other file is left");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        create(&path, b"one").unwrap();
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(mode(), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn secret_that_others_can_read_is_reported() {
        use std::os::unix::fs::PermissionsExt;
        let (log, _guard) = crate::telemetry::testing::Log::begin();
        let file = tempfile::NamedTempFile::new().unwrap();
        warn_if_exposed("the secret", file.path(), file.as_file());
        assert_eq!(log.take(), "");
        file.as_file().set_permissions(fs::Permissions::from_mode(0o640)).unwrap();
        warn_if_exposed("the secret", file.path(), file.as_file());
        assert!(log.take().contains("the secret "));
        // Not a regular file: the mode of a shell's pipe lets everybody read it, but nobody else can open it.
        let other = File::open("/dev/null").unwrap();
        warn_if_exposed("the secret", Path::new("/dev/null"), &other);
        assert_eq!(log.take(), "");
    }
}
