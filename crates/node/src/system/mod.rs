//! What the machine gives: files, time, memory, threads and signals. In which order to read:
//!
//! - [`clock`]: this moment, whatever the clock says
//! - [`signals`]: when the program is told to stop
//! - [`allocator`]: what becomes of memory that was freed
//! - [`files`], `private_file`: opening only ordinary files; files that nobody else can read
//! - `disk_error`: what the system says of a file, in plain words
//! - [`threads`]: work on other threads, and what it said if it panicked
//! - `causes`: an error with its causes, on one line

pub mod allocator;
pub(crate) mod causes;
pub mod clock;
pub(crate) mod disk_error;
pub mod files;
pub(crate) mod private_file;
pub mod signals;
pub mod threads;
