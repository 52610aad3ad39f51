//! A block that has not arrived in full: a small one in memory, a large one in an unnamed file.
//!
//! Many peers may take minutes to send large blocks at the same time. The blocks must not fill the memory meanwhile.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::store::{Space, StoreError};

/// A block of this many bytes or more is large.
pub(super) const LARGE_BLOCK_BYTES: usize = 256 << 10;

/// The bytes of one block so far.
#[derive(Debug)]
pub(super) struct Partial {
    directory: PathBuf,
    /// All bytes of a small block, or the last ones of a large block.
    memory: Vec<u8>,
    /// The first bytes of a large block, and their number.
    file: Option<(File, usize)>,
}

impl Partial {
    /// No bytes yet. Large blocks are written to files in this directory.
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, memory: Vec::new(), file: None }
    }

    /// Whether there are no bytes.
    pub(super) fn is_empty(&self) -> bool {
        self.memory.is_empty() && self.file.is_none()
    }

    /// Whether the block is large.
    pub(super) fn is_large(&self) -> bool {
        self.file.is_some()
    }

    /// Adds the next bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the disk fails.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.memory.extend_from_slice(bytes);
        if self.memory.len() < LARGE_BLOCK_BYTES {
            return Ok(());
        }
        if !Space::of(&self.directory)?.allows(0, self.memory.len() as u64) {
            return Err(StoreError::Full);
        }
        self.spill().map_err(|error| StoreError::directory(&self.directory, error))
    }

    fn spill(&mut self) -> io::Result<()> {
        let (mut file, length) = match self.file.take() {
            Some(file) => file,
            None => (tempfile::tempfile_in(&self.directory)?, 0),
        };
        file.write_all(&self.memory)?;
        self.file = Some((file, length + self.memory.len()));
        self.memory.clear();
        Ok(())
    }

    /// Moves the block out, for another thread.
    pub(super) fn split_off(&mut self) -> Self {
        let next = Self::new(self.directory.clone());
        std::mem::replace(self, next)
    }

    /// Takes all bytes. Reads a large block into memory and removes its file.
    ///
    /// # Errors
    ///
    /// [`StoreError`] if the disk fails.
    pub(super) fn take(&mut self) -> Result<Vec<u8>, StoreError> {
        let Some((mut file, length)) = self.file.take() else { return Ok(std::mem::take(&mut self.memory)) };
        let mut all = Vec::with_capacity(length + self.memory.len());
        let read = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut all));
        read.map_err(|error| StoreError::directory(&self.directory, error))?;
        all.append(&mut self.memory);
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_blocks_are_read_back_unchanged() {
        let directory = tempfile::tempdir().unwrap();
        let mut partial = Partial::new(directory.path().to_owned());
        for length in
            [0, 1, LARGE_BLOCK_BYTES - 1, LARGE_BLOCK_BYTES, LARGE_BLOCK_BYTES + 1, 5 * LARGE_BLOCK_BYTES + 7]
        {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            for piece in bytes.chunks(1_000) {
                partial.add(piece).unwrap();
                assert!(partial.memory.len() < LARGE_BLOCK_BYTES, "memory is bounded");
            }
            assert_eq!(partial.is_large(), length >= LARGE_BLOCK_BYTES);
            assert!(partial.take().unwrap() == bytes && partial.is_empty());
            assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        }
    }
}
