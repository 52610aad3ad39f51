//! The warning about a key file that others can read, worded the same in every program.

use std::fmt;
use std::path::{Path, PathBuf};

/// The permissions of group and others on Unix (POSIX, `S_IRWXG | S_IRWXO`).
const OTHERS: u32 = 0o077;

/// A secret file or directory that others can access. Displays the command that fixes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    path: PathBuf,
    /// The permissions it should have.
    private: u32,
}

impl Exposed {
    /// Checks the Unix permissions of a private key file; `None` if only its owner has any.
    ///
    /// # Examples
    ///
    /// ```
    /// use wallet::Exposed;
    ///
    /// let exposed = Exposed::key_file("alice.key".as_ref(), 0o100644).expect("all may read it");
    /// assert_eq!(exposed.to_string(), "alice.key can be read by others; run: chmod 600 alice.key");
    /// assert_eq!(Exposed::key_file("alice.key".as_ref(), 0o100400), None);
    /// ```
    pub fn key_file(path: &Path, mode: u32) -> Option<Self> {
        Self::judge(path, mode, 0o600)
    }

    /// Checks the permissions of a directory with such files.
    pub fn directory(path: &Path, mode: u32) -> Option<Self> {
        Self::judge(path, mode, 0o700)
    }

    fn judge(path: &Path, mode: u32, private: u32) -> Option<Self> {
        (mode & OTHERS != 0).then(|| Self { path: path.to_owned(), private })
    }
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = shell_word(&self.path.to_string_lossy());
        write!(f, "{path} can be read by others; run: chmod {:o} {path}", self.private)
    }
}

/// Quotes a path for a shell, on one line whatever its name contains.
pub(crate) fn shell_word(path: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "/._-+:@%,=".contains(char);
    if path.chars().all(is_plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    if path.chars().any(char::is_control) {
        return format!("$'{}'", path.escape_default());
    }
    let dashed = if path.starts_with('-') { "./" } else { "" };
    format!("'{dashed}{}'", path.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_access_for_others_is_reported() {
        for mode in 0..0o1000 {
            let exposed = Exposed::key_file(Path::new("key"), 0o100_000 | mode);
            assert_eq!(exposed.is_some(), mode & 0o077 != 0, "{mode:o}");
        }
    }

    #[test]
    fn command_is_one_shell_line() {
        let text = |path: &str| Exposed::directory(Path::new(path), 0o755).unwrap().to_string();
        assert_eq!(
            text("data/node-5000"),
            "data/node-5000 can be read by others; run: chmod 700 data/node-5000"
        );
        assert!(text("my keys/it's").ends_with(r"chmod 700 'my keys/it'\''s'"));
        assert!(text("-rf").ends_with("chmod 700 './-rf'"));
        assert_eq!(text("a\nnode: b").lines().count(), 1);
    }
}
