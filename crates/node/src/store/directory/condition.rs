//! In which condition a database was found.

use crate::store::layout::Mark;

/// Whether a database may be used whose log, with its last changes, is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingLog {
    /// It is refused.
    #[default]
    Refused,
    /// It is used, without its last changes.
    Accepted,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// Nothing of a ledger.
    Nothing,
    /// A database.
    Database(Condition),
}

/// The condition in which a database was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Its mark.
    pub(crate) mark: Mark,
    /// Whether it expects its changes in a log.
    pub(crate) is_logged: bool,
    /// Whether there is a log of its own, with changes.
    pub(crate) has_log: bool,
}
