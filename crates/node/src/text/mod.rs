//! Text as tools write it: the encodings in which Python reads JSON, and sentences about what is none.
//!
//! - `encoding`: telling an encoding by its first bytes, as Python's `json.loads` does
//! - `decoder`: reading any of them as UTF-8, piece by piece
//! - `foreign`: what bytes that are not UTF-8 would be elsewhere
//! - `looks`: what bytes that are no JSON look like

mod decoder;
mod encoding;
mod foreign;
mod looks;

pub use decoder::{Decoder, TextError, to_utf8};
pub use encoding::Encoding;
pub use foreign::{NotUtf8, check_utf8};
pub use looks::Looks;
