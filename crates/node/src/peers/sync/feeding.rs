//! Feeding a chain to the ledger while it is downloaded: unpacked, counted and taken in, on a thread of its own.

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
    /// The most bytes that are taken, packed and unpacked.
    limit: u64,
    packed: u64,
    unpacked: u64,
    outside: Arc<AtomicI64>,
}

impl Feeding {
    /// Notes in `outside` how many of the bytes taken so far belong to no block. Packed bytes make it count below zero:
    /// they hold more bytes of blocks than they are themselves.
    pub(super) fn new(coding: Coding, intake: Intake, limit: u64, outside: Arc<AtomicI64>) -> Self {
        Self { unpack: Unpack::new(coding), intake, limit, packed: 0, unpacked: 0, outside }
    }

    /// Takes the next bytes. Blocks the thread.
    ///
    /// # Errors
    ///
    /// The first [`FetchError`]; nothing can be fed afterwards.
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
