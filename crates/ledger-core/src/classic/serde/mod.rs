//! Blocks, payments and their parts in serde's data model.
//!
//! `read`: from their JSON text. `write`: as values, or as text where the format is JSON text.

mod read;
mod write;
