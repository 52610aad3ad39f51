//! Where the key comes from.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use wallet::{Exposed, KeyError, MAX_KEY_FILE, PublicKey, Wallet};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The variable that holds the key when the command line does not say where it is.
pub(crate) const KEY_VARIABLE: &str = "SIGSCRIPT_KEY";

/// The most that is read of a key, in bytes.
const LIMIT: usize = MAX_KEY_FILE;

/// A file name longer than this is more likely the key itself, and is not repeated.
const LONGEST_NAME: usize = 255;

/// The one place the key is taken from.
pub(crate) enum KeySource {
    /// The text itself.
    Text(Zeroizing<String>),
    /// A file.
    File(PathBuf),
    /// Standard input, to its end.
    StandardInput,
    /// The environment.
    Variable(OsString),
}

impl KeySource {
    /// The environment, when the variable is set to anything.
    pub(crate) fn from_environment() -> Option<Self> {
        std::env::var_os(KEY_VARIABLE).filter(|value| !value.is_empty()).map(Self::Variable)
    }
}

/// A key's text as it came, and where from.
pub(crate) struct KeyText {
    bytes: Zeroizing<Vec<u8>>,
    file: Option<PathBuf>,
}

impl KeyText {
    /// Reads the private key in it, to sign with.
    pub(crate) fn wallet(&self) -> Result<Wallet, Failure> {
        Wallet::read(&self.bytes).map_err(|error| self.failure(&error))
    }

    /// Reads the private or public key in it, to know its address.
    pub(crate) fn address(&self) -> Result<PublicKey, Failure> {
        PublicKey::read(&self.bytes).map_err(|error| self.failure(&error))
    }

    /// The sentence for a key that cannot be used; its commands name the file.
    fn failure(&self, error: &KeyError) -> Failure {
        if let Some(path) = self.path_in_place_of_key() {
            return Failure::PathForKey(path);
        }
        Failure::Key(self.file.as_ref().map_or_else(|| error.to_string(), |file| error.for_file(file)))
    }

    /// The name of a file that was given as if it were the key.
    fn path_in_place_of_key(&self) -> Option<String> {
        let text = str::from_utf8(&self.bytes).ok().filter(|text| text.len() <= LONGEST_NAME)?;
        (self.file.is_none() && Path::new(text).is_file()).then(|| text.to_owned())
    }
}

/// Reads the text of the key from where it is.
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

/// Refuses a name that is longer than any, before a message repeats it.
pub(crate) fn check_name(path: &Path) -> Result<(), Failure> {
    let length = path.as_os_str().len();
    if length > LONGEST_NAME { Err(Failure::LongName(length)) } else { Ok(()) }
}

fn read_file(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    check_name(path)?;
    let name = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::Unreadable(name.clone(), error))?;
    if let Some(exposed) = exposed(path, &file) {
        // On standard error, since standard output is the signature's alone.
        let _ = writeln!(io::stderr(), "note: the key file {exposed}");
    }
    read_all(file, &name)
}

/// Whether others can read the key. A pipe, as `<(…)` of a shell is, belongs to whoever made it.
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

/// Reads to the end, into memory that is erased afterwards and, being reserved at once, never copied.
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
