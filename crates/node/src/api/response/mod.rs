//! Answers.
//!
//! - `respond`: plain data as JSON
//! - `object`: parts of blocks, put together from texts
//! - `stream`: blocks, in one piece or streamed

pub(super) mod object;
mod respond;
mod stream;

pub(super) use object::Object;
pub(super) use respond::{created, ok};
pub(super) use stream::{blocks, place, whole, with};
