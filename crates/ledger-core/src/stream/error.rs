//! Why bytes are not a chain.

/// Why the bytes are not a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Something other than what the format has at this place.
    #[error("at byte {offset}: expected {expected}")]
    Syntax {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// What should stand there.
        expected: &'static str,
    },
    /// A block or another member is too long.
    #[error("at byte {offset}: a block or member has more than {limit} bytes")]
    TooLong {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// The most bytes it may have.
        limit: usize,
    },
    /// There is much, but no block.
    #[error("at byte {offset}: {limit} bytes without a block")]
    NoBlock {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// The most bytes there may be.
        limit: u64,
    },
    /// The stream ended before the chain did.
    #[error("the text ended after {offset} bytes, before the chain did")]
    Truncated {
        /// How many bytes came.
        offset: u64,
    },
    /// There is no member `chain`, or there are two.
    #[error("the text must have one member \"chain\"")]
    NoChain,
}
