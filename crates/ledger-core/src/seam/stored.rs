//! A row of our own database.

use crate::position::Height;

/// A block as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The row's height.
    pub height: Height,
    /// The row's hash, in hex digits.
    pub hash: &'a str,
    /// The block's text.
    pub text: &'a [u8],
    /// The state that was saved with it.
    pub saved: Option<&'a str>,
}
