//! A message that is hashed in parallel with others.

use sha2::block_api::compress256;

use crate::sha256::{INITIAL, digest};

/// A message and the state of its hash.
#[derive(Clone, Debug)]
pub(super) struct Lane<'a> {
    /// The state after the finished blocks.
    pub(super) state: [u32; 8],
    /// The remaining whole blocks.
    pub(super) blocks: &'a [[u8; 64]],
    /// The bytes after the last whole block.
    rest: &'a [u8],
    /// Length of the message in bytes.
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

    /// Hashes the rest with its padding (FIPS 180-4, section 5.1.1), and returns the message's hash.
    pub(super) fn finish(mut self) -> [u8; 32] {
        compress256(&mut self.state, self.blocks);
        let mut last = [[0; 64]; 2];
        let bytes = last.as_flattened_mut();
        bytes[..self.rest.len()].copy_from_slice(self.rest);
        bytes[self.rest.len()] = 0x80;
        // The length takes eight bytes at the end of the first block with space for them.
        let end = if self.rest.len() < 56 { 64 } else { 128 };
        bytes[end - 8..end].copy_from_slice(&(self.length as u64 * 8).to_be_bytes());
        compress256(&mut self.state, &last[..end / 64]);
        digest(self.state)
    }
}
