//! What a node is told: defaults, then the configuration file, then the environment, then flags; the last one wins.
//!
//! [`Settings`] is the only list: flag, variable, name in the file, default and help follow from its field. In which
//! order to read:
//!
//! - `fields` and `access`: the fields
//! - `values/`: what a single setting may be
//! - `arguments`: the list that clap makes of the fields
//! - `setting`: one setting by its names, and how a text is read as its value
//! - `said`: what one source says, and which source is heard
//! - `file` and `sources`: the configuration file, and what it, variables and flags say
//! - `gather`: all of them together
//! - `together`: settings that exclude each other
//! - `names`: what is said of a name that is no setting's
//! - `error`: what is wrong, with its source

mod access;
mod arguments;
mod error;
mod fields;
mod file;
mod gather;
mod names;
mod said;
mod setting;
mod sources;
mod together;
mod values;

pub use access::{AccessSettings, TokenSource};
pub use error::SettingsError;
pub use fields::Settings;
pub use file::DEFAULT_CONFIG;
pub(crate) use names::variables;
pub use values::{RequestLog, Reward, Size, Threads};
