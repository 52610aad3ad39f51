//! Answers.
//!
//! - `respond`: plain data as JSON
//! - `object`: parts of blocks, put together from texts
//! - `stream`: blocks, in one piece or streamed
//! - `framing`, `pages`: what stands around them, and pages on their way to the socket

mod framing;
pub(super) mod object;
mod pages;
mod respond;
mod stream;

pub(super) use framing::{After, Framing};
pub(super) use object::Object;
pub(super) use pages::{Beginning, Rest, begin_block};
pub(super) use respond::{created, ok};
pub(super) use stream::{blocks, place, whole, with};
