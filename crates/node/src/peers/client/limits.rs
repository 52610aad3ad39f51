//! How much of a peer's time and bytes are taken.

use std::time::Duration;

use crate::settings::Settings;

/// The most bytes of a chain that are taken from a peer.
const MAX_CHAIN: u64 = 64 << 30;

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

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            silence: settings.peer_timeout,
            first_byte: settings.peer_first_byte,
            deadline: settings.peer_deadline,
            bytes: MAX_CHAIN,
        }
    }
}
