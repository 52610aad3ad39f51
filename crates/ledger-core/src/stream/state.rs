//! The position of a reader in the format.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Start,
    /// After `{`, where the object may end.
    FirstKey,
    Key,
    Colon {
        chain: bool,
    },
    Value,
    AfterMember,
    ChainStart,
    /// After `[`, where the list may end.
    FirstBlock,
    Block,
    AfterBlock,
    End,
    Capture(Target),
}

/// The kind of value that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Block,
    Other(Other),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Key,
    Value,
}

impl State {
    /// What may come next.
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Start => "a JSON object with the members chain and length",
            Self::FirstKey | Self::Key => "the name of a member",
            Self::Colon { .. } => "a colon",
            Self::AfterMember => "a comma or the end of the object",
            Self::ChainStart => "a list of blocks",
            Self::FirstBlock | Self::Block => "a block, which is a JSON object",
            Self::AfterBlock => "a comma or the end of the list",
            Self::End => "the end",
            Self::Value | Self::Capture(_) => "a JSON value",
        }
    }
}
