//! The owner's token, in a file that only the owner may read.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::OwnerToken;
use crate::system::disk_error::plain;
use crate::system::files::{self, Links};
use crate::system::private_file;

/// Bytes read at most: more than any token and its line end.
const MAX_FILE: u64 = 4 << 10;

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenFileError {
    /// The file cannot be read.
    #[error("cannot read the owner's token {path}: {}", plain(error))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file holds no token.
    #[error("the owner's token {path} is not usable: {error}")]
    Token {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// A new token cannot be generated or written.
    #[error("cannot write a new owner's token {path}: {}", plain(error))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

/// Reads a token from a file that the owner names: one line. The file must exist, and may be a pipe.
///
/// # Errors
///
/// [`TokenFileError::Read`] or [`TokenFileError::Token`].
pub(crate) fn read(path: &Path) -> Result<OwnerToken, TokenFileError> {
    let file = File::open(path).map_err(|error| TokenFileError::Read { path: path.to_owned(), error })?;
    parse(path, file)
}

/// Reads the token in a data directory, if there is one.
///
/// # Errors
///
/// [`TokenFileError::Read`] or [`TokenFileError::Token`].
pub(crate) fn find(path: &Path) -> Result<Option<OwnerToken>, TokenFileError> {
    let failed = |error| TokenFileError::Read { path: path.to_owned(), error };
    if files::check_regular(path, Links::Followed).map_err(failed)?.is_none() {
        return Ok(None);
    }
    let file = files::open_regular(path, OpenOptions::new().read(true), Links::Followed).map_err(failed)?;
    parse(path, file).map(Some)
}

/// Generates a token and writes it to a file of mode 0600. The file appears complete or not at all.
///
/// # Errors
///
/// [`TokenFileError::Write`].
pub(crate) fn create(path: &Path) -> Result<OwnerToken, TokenFileError> {
    let failed = |error| TokenFileError::Write { path: path.to_owned(), error };
    let token = OwnerToken::generate().map_err(failed)?;
    let line = Zeroizing::new(format!("{}\n", token.text()));
    private_file::create(path, line.as_bytes()).map_err(failed)?;
    Ok(token)
}

fn parse(path: &Path, file: File) -> Result<OwnerToken, TokenFileError> {
    private_file::warn_if_exposed("the owner's token", path, &file);
    let mut text = Zeroizing::new(String::new());
    let read = file.take(MAX_FILE).read_to_string(&mut text);
    read.map_err(|error| TokenFileError::Read { path: path.to_owned(), error })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    line.parse().map_err(|error| TokenFileError::Token { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::telemetry::testing::Log;

    const TOKEN: &str = "0123456789abcdef";

    fn says<T: std::fmt::Debug>(read: Result<T, TokenFileError>) -> String {
        read.unwrap_err().to_string()
    }

    #[test]
    fn created_token_is_found_again_and_is_private() {
        let (directory, (log, _guard)) = (tempfile::tempdir().unwrap(), Log::begin());
        let path = directory.path().join("owner-token");
        assert!(find(&path).unwrap().is_none());
        let token = create(&path).unwrap();
        assert_eq!(find(&path).unwrap(), Some(token.clone()));
        assert_eq!(read(&path).unwrap(), token);
        assert_eq!(log.take(), "", "no warning: only the owner may read it");
        assert!(says(create(&path)).starts_with("cannot write a new owner's token"));
    }

    #[test]
    fn file_is_one_line_with_any_line_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for end in ["", "\n", "\r\n", "\r"] {
            fs::write(file.path(), format!("{TOKEN}{end}")).unwrap();
            assert!(read(file.path()).unwrap().is(TOKEN), "{end:?}");
        }
        for wrong in ["", "short", "0123456789abcdef\n\n", "0123456789abcdef\r\r\n", "0123456789abcdef\n#"] {
            fs::write(file.path(), wrong).unwrap();
            for refused in [says(read(file.path())), says(find(file.path()))] {
                assert!(refused.contains(" is not usable: a token has"), "{wrong:?}: {refused}");
            }
        }
    }

    #[test]
    fn file_that_cannot_be_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(says(read(&directory.path().join("none"))).starts_with("cannot read the owner's token"));
        assert!(
            says(find(directory.path())).ends_with("it is a directory, not an ordinary file; move it away")
        );
    }

    #[cfg(unix)]
    #[test]
    fn token_that_others_can_read_is_reported() {
        use std::os::unix::fs::PermissionsExt;
        let (file, (log, _guard)) = (tempfile::NamedTempFile::new().unwrap(), Log::begin());
        fs::write(file.path(), TOKEN).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
        read(file.path()).unwrap();
        assert!(log.take().contains("the owner's token "));
    }
}
