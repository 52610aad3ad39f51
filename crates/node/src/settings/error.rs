//! What is wrong with the settings.

use std::path::PathBuf;

use crate::system::disk_error::plain;

/// An unusable setting, with its source and the reason.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {}", plain(error))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
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
    /// An environment variable has an invalid value.
    #[error("the environment variable {name} is not valid: {error}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        error: String,
    },
    /// An environment variable has our prefix, but is no setting.
    #[error("the environment variable {name} is not a setting; {way_out}")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The likely spelling, or all names.
        way_out: String,
    },
    /// A rule set that the program does not have.
    #[error("unknown rule set {name:?}; known rule sets: {known}")]
    UnknownRules {
        /// The name.
        name: String,
        /// The known names.
        known: String,
    },
    /// A setting that the rule set cannot use.
    #[error("{0}")]
    Rules(String),
    /// Flags that clap refuses together.
    #[error("{0}")]
    Together(String),
    /// Both a data directory and `--in-memory` are set.
    #[error("--in-memory and --data-dir cannot be combined")]
    InMemoryWithDirectory,
    /// Both `--open` and `--owner token` are set.
    #[error("--open and --owner token cannot be combined: the first asks nobody for the token")]
    OpenWithToken,
    /// The token is given twice.
    #[error("LEDGER_OWNER_TOKEN and LEDGER_OWNER_TOKEN_FILE cannot be combined; set one of them")]
    TwoTokens,
}
