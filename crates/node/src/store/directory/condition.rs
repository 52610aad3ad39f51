//! The state in which a data directory was found.

use crate::store::layout::Mark;

/// What to do with a database that lacks its log, and so its last changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingLog {
    /// Refuse it.
    #[default]
    Refused,
    /// Open it without its last changes.
    Accepted,
}

/// What a data directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// No ledger.
    Nothing,
    /// A database.
    Database(Condition),
}

/// The state of a database before it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// Its mark.
    pub(crate) mark: Mark,
    /// Whether it is in WAL mode.
    pub(crate) is_logged: bool,
    /// Whether its own log exists and has changes.
    pub(crate) has_log: bool,
}
