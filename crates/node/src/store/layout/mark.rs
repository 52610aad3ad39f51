//! The mark in a database's header: whether its node stopped cleanly, and which write-ahead log belongs to it.
//!
//! It shares the header's `user_version` with the layout. `header` and `inspect` read it before SQLite opens the file,
//! since SQLite checkpoints whatever log lies beside it.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::store::errors::StoreError;

/// Bits of the layout.
const LAYOUT: u32 = 0x7f;

/// Offset of the state's bits.
const STATE: u32 = 7;

/// Offset of the log's bits.
const LOG: u32 = 9;

/// Maximum number of restarts after which a log still belongs to its mark: a change marks the log that it finds, and its
/// own commit may restart that log.
const MAX_RESTARTS: u32 = 2;

/// The state of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Closed: its node stopped cleanly.
    Closed,
    /// Opening: its node has not acknowledged anything yet.
    Opening,
    /// Open: the last changes are in the log.
    Open,
}

/// Identifies a write-ahead log by bits of its first salt, which is random in a new log and incremented at each
/// restart (<https://sqlite.org/fileformat2.html>, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogId(u32);

/// The mark of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The layout; one before [`MARKED`](super::schema::MARKED) has no mark.
    pub(crate) layout: usize,
    /// The state.
    pub(crate) state: State,
    /// The log that belongs to the database, or did.
    pub(crate) log: LogId,
}

impl LogId {
    const BITS: u32 = 22;
    const MASK: u32 = (1 << Self::BITS) - 1;

    /// The log with this salt.
    pub(crate) fn of_salt(salt: u32) -> Self {
        Self(salt & Self::MASK)
    }

    /// Whether this is the marked log, or the same log after a restart.
    pub(crate) fn follows(self, marked: Self) -> bool {
        self.0.wrapping_sub(marked.0) & Self::MASK <= MAX_RESTARTS
    }
}

impl Mark {
    /// The mark in a `user_version`; none for a negative one.
    pub(crate) fn of(user_version: i32) -> Option<Self> {
        let bits = u32::try_from(user_version).ok()?;
        let state = match (bits >> STATE) & 3 {
            0 => State::Closed,
            1 => State::Opening,
            _ => State::Open,
        };
        Some(Self { layout: (bits & LAYOUT) as usize, state, log: LogId::of_salt(bits >> LOG) })
    }

    /// The mark as a connection sees it, including the log's changes.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotOurs`] for a value that no node writes, or [`StoreError`] of the database.
    pub(crate) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Self::of(version).ok_or(StoreError::NotOurs)
    }

    /// Writes the mark, alone or in the caller's transaction.
    pub(crate) fn write(self, connection: &Connection) -> Result<(), StoreError> {
        connection.pragma_update(None, "user_version", self.bits())?;
        Ok(())
    }

    fn bits(self) -> u32 {
        let state = match self.state {
            State::Closed => 0,
            State::Opening => 1,
            State::Open => 2,
        };
        u32::try_from(self.layout).map_or(LAYOUT, |layout| layout & LAYOUT)
            | (state << STATE)
            | (self.log.0 << LOG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mark_reads_back() {
        for state in [State::Closed, State::Opening, State::Open] {
            for log in [0, 1, LogId::MASK] {
                let mark = Mark { layout: 99, state, log: LogId(log) };
                let version = i32::try_from(mark.bits()).expect("the highest bit is free");
                assert_eq!(Mark::of(version), Some(mark));
            }
        }
        assert_eq!(Mark::of(-1), None);
    }

    #[test]
    fn layout_alone_is_a_closed_file() {
        assert_eq!(Mark::of(3), Some(Mark { layout: 3, state: State::Closed, log: LogId(0) }));
    }

    #[test]
    fn mark_matches_a_log_through_two_restarts() {
        let marked = LogId::of_salt(u32::MAX - 1);
        let follows: Vec<u32> =
            (0..10).filter(|n| LogId::of_salt((u32::MAX - 3).wrapping_add(*n)).follows(marked)).collect();
        assert_eq!(follows, [2, 3, 4]);
    }
}
