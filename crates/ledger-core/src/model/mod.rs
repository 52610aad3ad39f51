//! Blocks, transactions and their parts in serde's data model, so that they can stand in the types of other programs.
//!
//! What is read is collected as JSON text first, whatever the format, and then read as all other JSON is: one reader
//! decides what a block is. `serde_json` hands over the text as it stands. Everything else hands over values, and a
//! value that may have been another one is refused: an equal block or an error, never one that hashes differently.

mod collect;
mod doubt;
mod read;
mod shape;
mod texts;
mod values;
mod write;

/// The most levels of lists and objects that are read or written as values; serde_json stops there too.
const MAX_LEVELS: usize = 128;
