//! A block that arrives in parts.

/// The bytes of a block in one piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockPart<'a> {
    /// More bytes of the block follow.
    More(&'a [u8]),
    /// The block ends with these bytes.
    Last(&'a [u8]),
}
