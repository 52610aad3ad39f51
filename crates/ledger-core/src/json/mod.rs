//! JSON as Python's `json` module reads it, which is a little more than RFC 8259: `NaN`, `Infinity` and `-Infinity` are
//! numbers, integers have any size, a float too large is an infinity, and a text may hold half a surrogate pair.
//!
//! Nothing here recurses: how deep a value is nested costs memory, not stack.
//!
//! 1. `reader`: the tokens, with `string` for texts and their escapes.
//! 2. `value`: any value, written in canonical form while it is read; `members` puts those of objects in order.
//! 3. `text`: [`JsonText`], such a value as a type.
//! 4. `scan`: where a value ends, without reading it.

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
