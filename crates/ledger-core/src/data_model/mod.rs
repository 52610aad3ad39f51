//! JSON values in serde's data model, so that other programs can embed blocks, payments and their parts in their
//! types.
//!
//! Any format is first collected as JSON text, and then parsed like all other JSON: one parser decides what a block
//! is. `serde_json` passes on the text unchanged. Other formats pass on values, and a value that may have been
//! another one is refused: the result is an equal block or an error, never one that hashes differently.
//!
//! 1. `collect`: collects any format as JSON text; `shape`: the types that we announce to formats; `doubt`:
//!    floats that may have been integers
//! 2. `values`: writes a [`JsonText`](crate::JsonText)
//! 3. `from_text`: types that are a text in every format

mod collect;
mod doubt;
mod from_text;
mod shape;
mod values;

pub(crate) use collect::text;
pub(crate) use from_text::FromText;
pub(crate) use shape::Shape;
pub(crate) use values::{check_json, write_json_text, writes_json_text};
