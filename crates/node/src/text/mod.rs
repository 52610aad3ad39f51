//! Text input: the encodings of JSON that Python reads, and messages about input that is not JSON.
//!
//! - `encoding`: detects the encoding, as Python's `json.loads` does
//! - `decoder`: decodes it to UTF-8, piece by piece
//! - `foreign`: reports bytes that are not UTF-8
//! - `looks`: recognises data that is not JSON

mod decoder;
mod encoding;
mod foreign;
mod looks;

pub use decoder::{Decoder, TextError, to_utf8};
pub use encoding::Encoding;
pub use foreign::{NotUtf8, check_utf8};
pub use looks::Looks;
