//! The settings: defaults, then the configuration file, the environment, and the flags. The last one wins.
//!
//! [`Settings`] is the only list: flag, variable, name in the file, default and help follow from its fields. Read
//! the files in this order:
//!
//! - `fields` and `access`: the fields
//! - `values/`: the types of values
//! - `arguments`: clap's list of the fields
//! - `setting`: one setting: its names, and parsing its value
//! - `layer`: what one source sets, and merging two of them
//! - `file` and `sources`: the configuration file, and reading each source
//! - `gather`: merges all sources
//! - `together`: conflicts between settings
//! - `names`: help for misspelt names
//! - `error`: what is wrong, with its source

mod access;
mod arguments;
mod error;
mod fields;
mod file;
mod gather;
mod layer;
mod names;
mod setting;
mod sources;
mod together;
mod values;

pub use access::{AccessSettings, TokenSource};
pub use error::SettingsError;
pub use fields::Settings;
pub use file::DEFAULT_CONFIG;
pub(crate) use names::variables;
pub use values::{NodeName, RequestLog, Reward, Size, Threads};
