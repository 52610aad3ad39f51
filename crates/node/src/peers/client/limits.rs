//! Limits on a peer's time and bytes.

use std::time::Duration;

use crate::settings::Settings;

/// Maximum bytes of a peer's chain.
const MAX_CHAIN: u64 = 64 << 30;

/// Limits on a peer's time and bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time to connect, and longest time in which a peer may send nothing or almost nothing.
    pub silence: Duration,
    /// Time from the connection to the first byte of the response.
    pub first_byte: Duration,
    /// Time for the whole chain.
    pub deadline: Duration,
    /// Maximum bytes of the chain.
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
