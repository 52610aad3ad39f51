//! Where the key comes from.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};

use wallet::{Exposed, Wallet};
use zeroize::Zeroizing;

use crate::cli::KEY_VARIABLE;
use crate::failure::Failure;

/// The most that is read of a key, in bytes; the largest key the wallet takes needs an eighth of it.
const LIMIT: usize = 64 * 1024;

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

/// Reads the key: the base64 secret, or the PEM text.
pub(crate) fn read(source: KeySource) -> Result<Wallet, Failure> {
    let text = match source {
        KeySource::Text(text) => text,
        KeySource::File(path) => read_file(&path)?,
        KeySource::StandardInput => read_all(io::stdin().lock(), "standard input")?,
        KeySource::Variable(value) => {
            Zeroizing::new(value.into_string().map_err(|_| Failure::NotText(KEY_VARIABLE.to_owned()))?)
        }
    };
    let is_pem = text.trim_start().starts_with("-----BEGIN");
    Ok(if is_pem { Wallet::from_pem(&text) } else { Wallet::from_secret(&text) }?)
}

fn read_file(path: &Path) -> Result<Zeroizing<String>, Failure> {
    if path.as_os_str().len() > LONGEST_NAME {
        return Err(Failure::LongName(path.as_os_str().len()));
    }
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
fn read_all(input: impl Read, name: &str) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(LIMIT + 1));
    input
        .take(LIMIT as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::Unreadable(name.to_owned(), error))?;
    if bytes.len() > LIMIT {
        return Err(Failure::TooLong(name.to_owned(), LIMIT));
    }
    let text = str::from_utf8(&bytes).map_err(|_| Failure::NotText(name.to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}
