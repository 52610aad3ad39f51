//! Tests of the program at the command line, one module per theme.

#[cfg(unix)]
mod conversions;
mod doubts;
mod key_sources;
mod new_keys;
mod program;
mod refusals;
mod signing;
