//! Whether the log has a line for each request.

use crate::telemetry;

/// Whether the log has a line for each request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestLog {
    /// If somebody watches it at a terminal.
    #[default]
    Auto,
    /// In any case.
    On,
    /// In no case.
    Off,
}

impl RequestLog {
    /// Whether it has one in this process.
    pub fn is_on(self) -> bool {
        match self {
            Self::Auto => telemetry::is_watched(),
            Self::On => true,
            Self::Off => false,
        }
    }

    /// Reads the setting from its name.
    ///
    /// # Errors
    ///
    /// A sentence for what is none of `auto`, `on` and `off`.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(format!("the request log must be auto, on or off, not {text:?}")),
        }
    }
}
