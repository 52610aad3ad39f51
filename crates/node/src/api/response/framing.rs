//! The text around the blocks of an answer.

use std::borrow::Cow;

/// The text around the blocks of an answer.
#[derive(Clone, Debug)]
pub(in crate::api) struct Framing {
    /// The text before the first block, up to the bracket that opens the list.
    pub(in crate::api) before: Cow<'static, str>,
    /// The text after the last block, from the bracket that closes the list.
    pub(in crate::api) after: After,
}

/// The text after the last block.
#[derive(Clone, Debug)]
pub(in crate::api) enum After {
    /// Always the same.
    Text(Cow<'static, str>),
    /// Depends on the length of the whole chain.
    Length(fn(u64) -> String),
}

impl After {
    /// Appends the text.
    pub(super) fn write(&self, length: u64, text: &mut Vec<u8>) {
        match self {
            Self::Text(after) => text.extend_from_slice(after.as_bytes()),
            Self::Length(after) => text.extend_from_slice(after(length).as_bytes()),
        }
    }
}
