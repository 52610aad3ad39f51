//! Blocks, payments and their parts in serde's data model.
//!
//! `read`: by their text in JSON. `write`: as values, or as text where a format keeps text.

mod read;
mod write;
