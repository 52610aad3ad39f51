//! Why bytes are not JSON.

/// Why bytes are not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: expected {expected}")]
pub struct JsonError {
    /// The offset, from 0.
    pub offset: usize,
    /// What was expected there.
    pub expected: &'static str,
}
