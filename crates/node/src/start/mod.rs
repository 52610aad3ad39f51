//! From settings to a server. Read the files in this order:
//!
//! - [`run`]: start and stop
//! - [`ports`]: the ports
//! - [`listening`]: the URL to open
//! - [`owner`]: the owner's token and the access rules
//! - [`wallet_file`]: the wallet's key
//! - [`inventory`]: logs what a start found and created

pub mod inventory;
pub mod listening;
pub mod owner;
pub mod ports;
pub mod run;
pub mod wallet_file;
