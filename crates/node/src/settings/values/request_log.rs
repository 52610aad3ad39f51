//! Whether requests are logged.

use crate::telemetry;

/// Whether requests are logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestLog {
    /// If standard error is a terminal.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

impl RequestLog {
    /// Whether requests are logged in this process.
    pub fn is_on(self) -> bool {
        match self {
            Self::Auto => telemetry::is_watched(),
            Self::On => true,
            Self::Off => false,
        }
    }

    /// Parses `auto`, `on` or `off`.
    ///
    /// # Errors
    ///
    /// A message for anything else.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(format!("the request log must be auto, on or off, not {text:?}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_switch_the_log() {
        let read = ["auto", "on", "off"].map(|text| RequestLog::parse(text).unwrap());
        assert_eq!(read, [RequestLog::Auto, RequestLog::On, RequestLog::Off]);
        assert!(RequestLog::On.is_on() && !RequestLog::Off.is_on());
        assert!(RequestLog::parse("On").unwrap_err().contains("auto, on or off, not \"On\""));
    }
}
