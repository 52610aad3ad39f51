//! Builds answers.
//!
//! - `respond`: plain data as JSON
//! - `object`: parts of blocks, assembled from texts
//! - `blocks`: blocks, in one piece or streamed
//! - `framing`: the text around them; `streaming`: their way to the socket

mod blocks;
mod framing;
pub(super) mod object;
mod respond;
mod streaming;

pub(super) use blocks::{blocks, permit, whole, with_permit};
pub(super) use framing::{After, Framing};
pub(super) use object::Object;
pub(super) use respond::{created, ok};
pub(super) use streaming::{Beginning, Rest, begin_block};
