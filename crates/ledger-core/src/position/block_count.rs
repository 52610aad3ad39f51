//! Numbers of blocks in words.

use std::fmt;

/// Displays a number of blocks with its unit: "1 block", "5 blocks".
///
/// # Examples
///
/// ```
/// use ledger_core::Blocks;
///
/// assert_eq!(Blocks(1).to_string(), "1 block");
/// assert_eq!(Blocks(5).to_string(), "5 blocks");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Blocks(pub u64);

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.0 == 1 { "block" } else { "blocks" };
        write!(f, "{} {unit}", self.0)
    }
}
