//! The program as a shell runs it, one module per theme.

mod key_sources;
mod program;
mod refusals;
mod signing;
