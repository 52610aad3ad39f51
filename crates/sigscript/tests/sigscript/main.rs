//! The program as a shell runs it, one module per theme.

mod conversions;
mod doubts;
mod key_sources;
mod new_keys;
mod program;
mod refusals;
mod signing;
