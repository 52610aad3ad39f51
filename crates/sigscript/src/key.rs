//! The source of the key.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use wallet::{Exposed, KeyError, MAX_KEY_FILE, PublicKey, Wallet};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The variable with the key, used if the command line names no source.
pub(crate) const KEY_VARIABLE: &str = "SIGSCRIPT_KEY";

/// Maximum bytes of a key's text.
const LIMIT: usize = MAX_KEY_FILE;

/// A longer file name is more likely the key itself, and is not shown.
const LONGEST_NAME: usize = 255;

/// Where the key comes from.
pub(crate) enum KeySource {
    /// The argument itself.
    Text(Zeroizing<String>),
    /// A file.
    File(PathBuf),
    /// Standard input.
    StandardInput,
    /// The environment.
    Variable(OsString),
}

impl KeySource {
    /// The environment, if the variable is set.
    pub(crate) fn from_environment() -> Option<Self> {
        std::env::var_os(KEY_VARIABLE).filter(|value| !value.is_empty()).map(Self::Variable)
    }
}

/// A key's text and its source.
pub(crate) struct KeyText {
    bytes: Zeroizing<Vec<u8>>,
    file: Option<PathBuf>,
}

impl KeyText {
    /// Parses the private key, for signing.
    pub(crate) fn wallet(&self) -> Result<Wallet, Failure> {
        Wallet::read(&self.bytes).map_err(|error| self.failure(&error))
    }

    /// Parses a private or public key, for its address.
    pub(crate) fn address(&self) -> Result<PublicKey, Failure> {
        PublicKey::read(&self.bytes).map_err(|error| self.failure(&error))
    }

    /// The error for an unusable key. Its commands name the file.
    fn failure(&self, error: &KeyError) -> Failure {
        if let Some(path) = self.path_in_place_of_key() {
            return Failure::PathForKey(path);
        }
        Failure::Key(self.file.as_ref().map_or_else(|| error.to_string(), |file| error.for_file(file)))
    }

    /// A file name that was given instead of a key.
    fn path_in_place_of_key(&self) -> Option<String> {
        let text = str::from_utf8(&self.bytes).ok().filter(|text| text.len() <= LONGEST_NAME)?;
        (self.file.is_none() && Path::new(text).is_file()).then(|| text.to_owned())
    }
}

/// Reads the key's text from its source.
pub(crate) fn read(source: KeySource) -> Result<KeyText, Failure> {
    Ok(match source {
        KeySource::Text(text) => KeyText { bytes: Zeroizing::new(text.as_bytes().to_vec()), file: None },
        KeySource::File(path) => KeyText { bytes: read_file(&path)?, file: Some(path) },
        KeySource::StandardInput => {
            KeyText { bytes: read_all(io::stdin().lock(), "standard input")?, file: None }
        }
        KeySource::Variable(value) => {
            KeyText { bytes: Zeroizing::new(value.into_encoded_bytes()), file: None }
        }
    })
}

/// Refuses an overlong file name before a message shows it.
pub(crate) fn check_name(path: &Path) -> Result<(), Failure> {
    let length = path.as_os_str().len();
    if length > LONGEST_NAME { Err(Failure::LongName(length)) } else { Ok(()) }
}

fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    check_name(path)?;
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::Unreadable(name.clone(), error))?;
    if let Some(exposed) = exposed(path, &file) {
        // Print to standard error: standard output is for the signature alone.
        let _ = writeln!(io::stderr(), "note: the key file {exposed}");
    }
    read_all(file, &name)
}

/// Whether others can read the file. A pipe such as the shell's `<(…)` belongs to its creator.
#[cfg(unix)]
fn exposed(path: &Path, file: &File) -> Option<Exposed> {
    use std::os::unix::fs::PermissionsExt;
    let found = file.metadata().ok().filter(std::fs::Metadata::is_file)?;
    Exposed::key_file(path, found.permissions().mode())
}

#[cfg(not(unix))]
fn exposed(_: &Path, _: &File) -> Option<Exposed> {
    None
}

/// Reads everything into memory that is erased later. Reserves the maximum, so that growing leaves no copies.
fn read_all(input: impl Read, name: &str) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
    input
        .take(LIMIT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Unreadable(name.to_owned(), error))?;
    if bytes.len() > LIMIT {
        return Err(Failure::TooLong(name.to_owned(), LIMIT));
    }
    Ok(bytes)
}
