//! A peer's chain, read block by block as its bytes arrive.
//!
//! 1. `chain_reader`: [`ChainReader`] cuts the bytes into blocks; `state`: where in the format it is.
//! 2. `part`: [`BlockPart`], what one piece of the stream brings of a block.
//! 3. `error`: [`StreamError`], why bytes are not a chain.

mod chain_reader;
mod error;
mod part;
mod state;

pub use chain_reader::ChainReader;
pub use error::StreamError;
pub use part::BlockPart;
