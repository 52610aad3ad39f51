//! What the wallet promises, one module per theme.

mod addresses;
mod fixtures;
mod keys;
mod properties;
mod vectors;
