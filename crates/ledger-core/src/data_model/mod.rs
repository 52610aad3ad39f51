//! JSON values in serde's data model, so that blocks, payments and their parts can stand in the types of other programs.
//!
//! What is read is collected as JSON text first, whatever the format, and then read as all other JSON is: one reader
//! decides what a block is. `serde_json` hands over the text as it stands. Everything else hands over values, and a
//! value that may have been another one is refused: an equal block or an error, never one that hashes differently.
//!
//! 1. `collect`: any value of any format as JSON text; `shape`: what the format is told to expect; `doubt`: floats that
//!    may have been integers.
//! 2. `values`: writing a [`JsonText`](crate::JsonText).
//! 3. `from_text`: what stands in every format as a text.

mod collect;
mod doubt;
mod from_text;
mod shape;
mod values;

pub(crate) use collect::text;
pub(crate) use from_text::FromText;
pub(crate) use shape::Shape;
pub(crate) use values::{check_json, write_json_text, writes_json_text};
