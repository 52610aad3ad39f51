//! The operating system: files, time, memory, threads and signals. Read the files in this order:
//!
//! - [`clock`]: the current time
//! - [`signals`]: when to stop
//! - [`allocator`]: returning freed memory
//! - [`files`], `private_file`: opening regular files only; creating private ones
//! - `disk_error`: the system's file errors in plain words
//! - [`threads`]: work on other threads, and their panics
//! - `causes`: an error with its causes, on one line

pub mod allocator;
pub(crate) mod causes;
pub mod clock;
pub(crate) mod disk_error;
pub mod files;
pub(crate) mod private_file;
pub mod signals;
pub mod threads;
