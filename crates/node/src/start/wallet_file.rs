//! The wallet's private key, in a file that only its owner may read.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use wallet::{GenerateError, KeyError, MAX_KEY_FILE, Wallet};
use zeroize::Zeroizing;

use crate::system::disk_error::plain;
use crate::system::files::{self, Links};
use crate::system::private_file;

/// Why there is no wallet.
#[derive(Debug, thiserror::Error)]
pub enum WalletFileError {
    /// The file cannot be read.
    #[error("cannot read the wallet {path}: {}", plain(error))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file holds no usable key.
    #[error("the wallet {path} is not usable: {}", .error.for_file(.path))]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyError,
    },
    /// No key could be generated.
    #[error("cannot make a wallet")]
    Generate(#[from] GenerateError),
    /// The new key cannot be written.
    #[error("cannot write the new wallet {path}: {}", plain(error))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
}

/// Reads a wallet from a file that the owner names. The file must exist, and may be a pipe such as the shell's
/// `<(…)`.
///
/// # Errors
///
/// [`WalletFileError::Read`] or [`WalletFileError::Key`].
pub fn read(path: &Path) -> Result<Wallet, WalletFileError> {
    let file = File::open(path).map_err(|error| WalletFileError::Read { path: path.to_owned(), error })?;
    parse(path, file)
}

/// Reads the wallet in a data directory, if there is one.
///
/// # Errors
///
/// [`WalletFileError::Read`] or [`WalletFileError::Key`].
pub fn find(path: &Path) -> Result<Option<Wallet>, WalletFileError> {
    let failed = |error| WalletFileError::Read { path: path.to_owned(), error };
    if files::check_regular(path, Links::Followed).map_err(failed)?.is_none() {
        return Ok(None);
    }
    let file = files::open_regular(path, OpenOptions::new().read(true), Links::Followed).map_err(failed)?;
    parse(path, file).map(Some)
}

/// Creates a wallet in a file of mode 0600. The file appears complete or not at all.
///
/// # Errors
///
/// [`WalletFileError::Generate`] or [`WalletFileError::Write`].
pub fn create(path: &Path) -> Result<Wallet, WalletFileError> {
    let wallet = Wallet::generate()?;
    private_file::create(path, wallet.to_pem().as_bytes())
        .map_err(|error| WalletFileError::Write { path: path.to_owned(), error })?;
    Ok(wallet)
}

fn parse(path: &Path, file: File) -> Result<Wallet, WalletFileError> {
    private_file::warn_if_exposed("the wallet", path, &file);
    // Reserve the maximum: growing would leave copies of the key in freed memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_KEY_FILE + 1));
    let read = file.take(MAX_KEY_FILE as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| WalletFileError::Read { path: path.to_owned(), error })?;
    Wallet::read(&bytes).map_err(|error| WalletFileError::Key { path: path.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::testing::Log;

    #[test]
    fn systems_message_is_shown_once() {
        let system = getrandom::Error::UNSUPPORTED;
        let shown =
            format!("{:#}", anyhow::Error::from(WalletFileError::from(GenerateError::Randomness(system))));
        assert_eq!(
            shown,
            format!(
                "cannot make a wallet: the operating system gave no random numbers to make a key from: {system}"
            )
        );
    }

    #[test]
    fn created_wallet_is_found_again_and_is_private() {
        let (directory, (log, _guard)) = (tempfile::tempdir().unwrap(), Log::begin());
        let path = directory.path().join("wallet.pem");
        assert!(find(&path).unwrap().is_none());
        let wallet = create(&path).unwrap();
        assert_eq!(find(&path).unwrap().unwrap().address(), wallet.address());
        assert_eq!(read(&path).unwrap().address(), wallet.address());
        assert_eq!(log.take(), "", "no warning: only the owner may read it");
        let refused = create(&path).unwrap_err().to_string();
        assert!(refused.starts_with("cannot write the new wallet"), "{refused}");
    }

    #[test]
    fn file_that_is_no_key_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("wallet.pem");
        assert!(read(&path).unwrap_err().to_string().starts_with("cannot read the wallet"));
        for content in ["no key".to_owned(), "x".repeat(MAX_KEY_FILE + 2)] {
            std::fs::write(&path, content).unwrap();
            for refused in [read(&path).unwrap_err(), find(&path).unwrap_err()] {
                assert!(matches!(refused, WalletFileError::Key { .. }), "{refused}");
            }
        }
        let refused = find(directory.path()).unwrap_err().to_string();
        assert!(refused.ends_with("it is a directory, not an ordinary file; move it away"), "{refused}");
    }
}
