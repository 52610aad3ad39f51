//! What our own database gives back.

use crate::position::Height;

/// A block as a store keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The height under which it is stored.
    pub height: Height,
    /// The hash under which it is stored, as a text.
    pub hash: &'a str,
    /// The text.
    pub text: &'a [u8],
    /// The state after it, if it was saved.
    pub saved: Option<&'a str>,
}
