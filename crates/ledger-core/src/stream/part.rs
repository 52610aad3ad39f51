//! A block as it comes in pieces.

/// The bytes of a block that came with one piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPart<'a> {
    /// More bytes of the block will follow.
    More(&'a [u8]),
    /// The block ends with these bytes.
    Last(&'a [u8]),
}
