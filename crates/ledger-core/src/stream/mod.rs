//! Reads a peer's chain block by block as it arrives.
//!
//! 1. `chain_reader`: [`ChainReader`] splits the bytes into blocks; `state`: its position in the format
//! 2. `part`: [`BlockPart`], the part of a block in one piece of the stream
//! 3. `error`: [`StreamError`], why bytes are not a chain

mod chain_reader;
mod error;
mod part;
mod state;

pub use chain_reader::ChainReader;
pub use error::StreamError;
pub use part::BlockPart;
