//! A message that is hashed beside others.

use sha2::block_api::compress256;

use crate::sha256::{INITIAL, digest};

/// A message whose whole blocks are hashed one step after the other.
#[derive(Clone, Debug)]
pub(super) struct Lane<'a> {
    /// The state after the blocks that are done.
    pub(super) state: [u32; 8],
    /// The whole blocks that are not done yet.
    pub(super) blocks: &'a [[u8; 64]],
    /// What comes after the last whole block.
    rest: &'a [u8],
    /// How many bytes the message has.
    length: usize,
}

impl<'a> Lane<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        let (blocks, rest) = message.as_chunks();
        Self { state: INITIAL, blocks, rest, length: message.len() }
    }

    /// Whether no whole block is left.
    pub(super) fn is_done(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Hashes all that is left, with the padding (FIPS 180-4, section 5.1.1), and answers the message's hash.
    pub(super) fn finish(mut self) -> [u8; 32] {
        compress256(&mut self.state, self.blocks);
        let mut last = [[0; 64]; 2];
        let bytes = last.as_flattened_mut();
        bytes[..self.rest.len()].copy_from_slice(self.rest);
        bytes[self.rest.len()] = 0x80;
        // The length takes eight bytes at the end of the first block that has room for them.
        let end = if self.rest.len() < 56 { 64 } else { 128 };
        bytes[end - 8..end].copy_from_slice(&(self.length as u64 * 8).to_be_bytes());
        compress256(&mut self.state, &last[..end / 64]);
        digest(self.state)
    }
}
