//! Feeds a chain to the ledger while it is downloaded: unpacks, counts and checks it, on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use bytes::Bytes;

use super::error::FetchError;
use super::outcome::Fetched;
use crate::ledger::Intake;
use crate::peers::client::{Coding, Unpack};

/// A chain on its way from the connection to the ledger.
pub(super) struct Feeding {
    unpack: Unpack,
    intake: Intake,
    /// The most bytes accepted, packed and unpacked.
    limit: u64,
    packed: u64,
    unpacked: u64,
    /// Bytes that belong to no block, for [`Pace`](crate::peers::client::Pace).
    outside: Arc<AtomicI64>,
}

impl Feeding {
    /// Counts the bytes that belong to no block in `outside`. The count falls below zero for packed chains: they contain
    /// more bytes of blocks than were received.
    pub(super) fn new(coding: Coding, intake: Intake, limit: u64, outside: Arc<AtomicI64>) -> Self {
        Self { unpack: Unpack::new(coding), intake, limit, packed: 0, unpacked: 0, outside }
    }

    /// Feeds the next bytes. Blocks the thread.
    ///
    /// # Errors
    ///
    /// The first [`FetchError`]; feed nothing after it.
    pub(super) fn feed(&mut self, load: &[Bytes]) -> Result<(), FetchError> {
        let Self { unpack, intake, limit, packed, unpacked, outside } = self;
        for piece in load {
            *packed += piece.len() as u64;
            unpack.feed(piece, |plain| {
                *unpacked += plain.len() as u64;
                if (*packed).max(*unpacked) > *limit {
                    return Err(FetchError::TooLong(*limit));
                }
                Ok(intake.feed(plain)?)
            })?;
        }
        let blocks = intake.block_bytes().cast_signed();
        outside.store(packed.cast_signed() - blocks, Ordering::Relaxed);
        Ok(())
    }

    /// Ends the chain.
    ///
    /// # Errors
    ///
    /// [`FetchError`] if it ended too early.
    pub(super) fn finish(mut self) -> Result<Fetched, FetchError> {
        let intake = &mut self.intake;
        self.unpack.finish(|plain| intake.feed(plain).map_err(FetchError::from))?;
        let tip = self.intake.tip();
        Ok(Fetched { tip, candidate: self.intake.finish()? })
    }
}
