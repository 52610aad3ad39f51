//! How both sides of a stream agree on its protocol: multistream-select.

use libp2p::core::muxing::SubstreamBox;

/// A stream of a [`Bare`](crate::Bare) connection.
pub type Stream = SubstreamBox;

pub(crate) const MULTISTREAM: &str = "/multistream/1.0.0";

/// A line: its length, its text, and an end of line.
pub(crate) fn line(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len() + 1).expect("names of protocols are short");
    [&[length], text.as_bytes(), b"\n"].concat()
}
