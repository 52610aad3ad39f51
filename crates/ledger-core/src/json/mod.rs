//! JSON as Python's `json` module reads it, which is slightly more than RFC 8259: `NaN`, `Infinity` and `-Infinity`
//! are numbers, integers have any size, a float that is too large is an infinity, and a string may contain half a
//! surrogate pair.
//!
//! Nothing recurses: nesting costs memory, not stack.
//!
//! 1. `reader`: the tokens; `string`: strings and their escapes
//! 2. `value`: any value, written in canonical form while it is read; `members`: sorts the members of objects
//! 3. `text`: [`JsonText`], such a value as a type
//! 4. `scan`: where a value ends, without parsing it

mod error;
mod members;
mod reader;
mod scan;
mod string;
mod text;
mod value;

pub use error::JsonError;
pub(crate) use reader::{Reader, whole};
pub(crate) use scan::Scan;
pub use text::JsonText;
pub use value::MAX_DEPTH;
pub(crate) use value::skip;
