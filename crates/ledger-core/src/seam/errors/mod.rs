//! Why a block is refused.
//!
//! `parse`: [`ParseError`], bytes that are no block.

mod parse;

pub use parse::ParseError;
