//! Builds answers.
//!
//! - `respond`: plain data as JSON
//! - `object`: parts of blocks, assembled from texts
//! - `stream`: blocks, in one piece or streamed
//! - `framing`, `pages`: the text around them, and their way to the socket

mod framing;
pub(super) mod object;
mod pages;
mod respond;
mod stream;

pub(super) use framing::{After, Framing};
pub(super) use object::Object;
pub(super) use pages::{Beginning, Rest, begin_block};
pub(super) use respond::{created, ok};
pub(super) use stream::{blocks, permit, whole, with_permit};
