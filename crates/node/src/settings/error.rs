//! What is wrong with the settings.

use std::path::PathBuf;

use crate::system::disk_error::plain;

/// A setting that cannot be used, its source and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {}", plain(error))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file is not valid.
    #[error("the configuration {path} is not valid: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// An environment variable's value is not valid.
    #[error("the environment variable {name} is not valid: {error}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        error: String,
    },
    /// An environment variable that looks like a setting and is none.
    #[error("the environment variable {name} is no setting; {way_out}")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// Which one may be meant.
        way_out: String,
    },
    /// Settings that cannot stand beside each other.
    #[error("{0}")]
    Together(String),
    /// Both a data directory and none are asked for.
    #[error("--in-memory and --data-dir cannot be combined")]
    InMemoryWithDirectory,
    /// The owner is both everybody and whoever has the token.
    #[error("--open and --owner token cannot be combined: the first asks nobody for the token")]
    OpenWithToken,
    /// The token is given twice.
    #[error("LEDGER_OWNER_TOKEN and LEDGER_OWNER_TOKEN_FILE cannot be combined; set one of them")]
    TwoTokens,
}
