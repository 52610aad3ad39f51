//! The difficulty of the proof of work.

use ledger_core::Difficulty;

/// Parses a difficulty.
///
/// # Errors
///
/// A message for anything but a number from 0 to 64.
pub(in crate::settings) fn difficulty(text: &str) -> Result<Difficulty, String> {
    let zeros: u8 = text
        .parse()
        .map_err(|_| format!("difficulty must be a number from 0 to 64, such as 4, not {text:?}"))?;
    Difficulty::new(zeros).map_err(|error| error.to_string())
}
