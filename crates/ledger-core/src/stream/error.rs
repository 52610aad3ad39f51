//! Why bytes are not a chain.

/// Why the bytes are not a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Unexpected bytes.
    #[error("at byte {offset}: expected {expected}")]
    Syntax {
        /// Offset in the whole stream, from 0.
        offset: u64,
        /// What was expected there.
        expected: &'static str,
    },
    /// A block or another member is too long.
    #[error("at byte {offset}: a block or member has more than {limit} bytes")]
    TooLong {
        /// Offset in the whole stream, from 0.
        offset: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Too many bytes without a block.
    #[error("at byte {offset}: {limit} bytes without a block")]
    NoBlock {
        /// Offset in the whole stream, from 0.
        offset: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The stream ended before the chain.
    #[error("the text ended after {offset} bytes, before the chain did")]
    Truncated {
        /// Bytes received.
        offset: u64,
    },
    /// No member `chain`, or two.
    #[error("the text must have one member \"chain\"")]
    NoChain,
}
