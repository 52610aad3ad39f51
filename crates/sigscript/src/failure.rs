//! Errors, each with one message on standard error and an exit status.

use std::error::Error;
use std::io::{self, Write as _};
use std::iter::successors;
use std::process::ExitCode;

use wallet::{GenerateError, SignError};

/// Why there is no result. No message contains the key.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Invalid command line.
    #[error("{0}")]
    Usage(String),

    /// A file or standard input cannot be read.
    #[error("cannot read the key from {file}: {}", plain(.1), file = .0)]
    Unreadable(String, io::Error),

    /// The key's file name is too long for a file name.
    #[error("the name of the key file has {0} characters; is it the key itself, rather than a file's name?")]
    LongName(usize),

    /// More input than any key needs.
    #[error("{0} is not a key: it has more than {1} bytes")]
    TooLong(String, usize),

    /// The key is not usable.
    #[error("the key cannot be used: {0}")]
    Key(String),

    /// A file name in place of the key.
    #[error("the key cannot be used: {0} is the name of a file; give it as --key-file {0}")]
    PathForKey(String),

    /// A private key where it would be published.
    #[error(
        "{0} is a private key, and would be published: whoever sees it can spend; {1}, \
         and do not use this key again if others have seen it"
    )]
    Secret(&'static str, &'static str),

    /// Signing failed.
    #[error("cannot sign")]
    Sign(#[from] SignError),

    /// The operating system has no random numbers for a new key.
    #[error("cannot make a key")]
    Generate(#[from] GenerateError),

    /// The file for the new key exists.
    #[error(
        "{0} is there already, and a key that is overwritten is lost; \
         name another file, or see whose key it is: sigscript --address --key-file {0}"
    )]
    Exists(String),

    /// The directory for the new key is missing.
    #[error("cannot write the new key {0}: there is no directory {1}; make it first: mkdir -p {1}")]
    NoDirectory(String, String),

    /// The new key could not be written for another reason.
    #[error("cannot write the new key {0}")]
    Unwritable(String, #[source] io::Error),

    /// The result could not be printed.
    #[error("cannot print the result")]
    Output(#[source] io::Error),
}

impl Failure {
    /// Prints the error. Returns the exit status: 2 for wrong use, 1 otherwise.
    pub(crate) fn report(&self) -> ExitCode {
        if !self.is_broken_pipe() {
            // Ignore errors: without standard error there is nowhere to report them.
            let _ = writeln!(io::stderr(), "error: {}", self.sentence());
        }
        ExitCode::from(if matches!(self, Self::Usage(_)) { 2 } else { 1 })
    }

    /// The error with its causes.
    fn sentence(&self) -> String {
        let causes = successors(self.source(), |&cause| cause.source());
        causes.fold(self.to_string(), |sentence, cause| format!("{sentence}: {cause}"))
    }

    /// Whether the reader closed the output, as `| head -c 0` does. That is not an error.
    fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// A file error in plain words.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory, not a file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; `ls -l` shows who may read it".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_shown_once() {
        let system = || io::Error::other("no such luck");
        for (failure, sentence) in [
            (Failure::Unreadable("a.pem".into(), system()), "cannot read the key from a.pem: no such luck"),
            (Failure::Unwritable("a.pem".into(), system()), "cannot write the new key a.pem: no such luck"),
            (Failure::Output(system()), "cannot print the result: no such luck"),
            (
                SignError::Miscalculation.into(),
                "cannot sign: the new signature did not verify and was discarded",
            ),
            (
                GenerateError::Search("no luck".into()).into(),
                "cannot make a key: no RSA key could be made: no luck",
            ),
        ] {
            assert_eq!(failure.sentence(), sentence);
        }
    }
}
