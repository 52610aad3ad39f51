//! The mark in a database's header: whether its node stopped cleanly, and which write-ahead log belongs to it.
//!
//! It shares the header's `user_version` with the layout. The header is read before SQLite opens the file, since SQLite
//! brings in whatever log lies beside it: `header`, `look`.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::store::errors::StoreError;

/// The bits of the layout.
const LAYOUT: u32 = 0x7f;

/// Where the bits of the state begin.
const STATE: u32 = 7;

/// Where the bits of the log begin.
const LOG: u32 = 9;

/// How often a log may have begun anew since its mark was written: a change marks the log that it finds, and may itself be
/// the first of the next one.
const BEGINNINGS: u32 = 2;

/// What a node was doing with a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing: it stopped cleanly.
    Closed,
    /// It was starting, and had acknowledged nothing yet.
    Opening,
    /// It was using it, and the last changes are in the log.
    Open,
}

/// Which write-ahead log: bits of its first salt, which is random in a new log and counts its beginnings
/// (<https://sqlite.org/fileformat2.html>, section 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogId(u32);

/// The mark of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// The layout; an older one than [`MARKED`](super::schema::MARKED) has no mark.
    pub(crate) layout: usize,
    /// What its node was doing.
    pub(crate) state: State,
    /// The log that belongs to it, or did.
    pub(crate) log: LogId,
}

impl LogId {
    const BITS: u32 = 22;
    const MASK: u32 = (1 << Self::BITS) - 1;

    /// The log that begins with a salt.
    pub(crate) fn of_salt(salt: u32) -> Self {
        Self(salt & Self::MASK)
    }

    /// Whether this is the log that was marked, or what it became.
    pub(crate) fn follows(self, marked: Self) -> bool {
        self.0.wrapping_sub(marked.0) & Self::MASK <= BEGINNINGS
    }
}

impl Mark {
    /// The mark that a `user_version` holds; none for a negative one.
    pub(crate) fn of(user_version: i32) -> Option<Self> {
        let bits = u32::try_from(user_version).ok()?;
        let state = match (bits >> STATE) & 3 {
            0 => State::Closed,
            1 => State::Opening,
            _ => State::Open,
        };
        Some(Self { layout: (bits & LAYOUT) as usize, state, log: LogId::of_salt(bits >> LOG) })
    }

    /// The mark as a connection sees it, with what is in the log.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotOurs`] for what no node writes, or [`StoreError`] of the database.
    pub(crate) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Self::of(version).ok_or(StoreError::NotOurs)
    }

    /// Writes the mark, in a transaction of the caller's or by itself.
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
    fn mark_reads_back_as_it_was_written() {
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
    fn log_follows_its_mark_through_two_beginnings() {
        let marked = LogId::of_salt(u32::MAX - 1);
        let follows: Vec<u32> =
            (0..10).filter(|n| LogId::of_salt((u32::MAX - 3).wrapping_add(*n)).follows(marked)).collect();
        assert_eq!(follows, [2, 3, 4]);
    }
}
