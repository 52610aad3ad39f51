//! Tests of the wallet, one module per theme.

mod addresses;
mod fixtures;
mod foreign_forms;
mod forms;
mod keys;
mod properties;
mod secrets;
mod signature_texts;
mod vectors;
