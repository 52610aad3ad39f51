//! From settings to a server. In which order to read:
//!
//! - [`run`]: all of a start and of a stop
//! - [`listening`]: the address that people open
//! - [`owner`]: the owner's token and the rules of access
//! - [`wallet_file`]: the owner's key
//! - [`inventory`]: what a start found and what it made, in the log

pub mod inventory;
pub mod listening;
pub mod owner;
pub mod run;
pub mod wallet_file;
