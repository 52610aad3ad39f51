//! How much of a peer's time and bytes are taken.

use std::time::Duration;

/// How much of a peer's time and bytes are taken.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long connecting may take, and how long the peer may keep silent or only trickle.
    pub silence: Duration,
    /// How long its answer may take to begin, once it is connected.
    pub first_byte: Duration,
    /// How long the whole chain may take.
    pub deadline: Duration,
    /// The most bytes it may have.
    pub bytes: u64,
}
