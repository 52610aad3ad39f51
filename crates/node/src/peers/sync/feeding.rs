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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ledger_core::Height;

    use super::*;
    use crate::ledger::Ledger;
    use crate::ledger::testing::ledger;
    use crate::store::blocks;

    /// A ledger's genesis, and a peer's answer with it and white space.
    fn answer(ledger: &Ledger, spaces: usize) -> (String, Vec<u8>) {
        let read = |snapshot: &_| blocks::text_at(snapshot, &**ledger.rules(), 1);
        let block = ledger.readers().snapshot(|snapshot| read(snapshot)).unwrap();
        let answer = format!("{{\"chain\": [{block}], \"length\": 1}}{}", " ".repeat(spaces));
        (block, answer.into_bytes())
    }

    /// Feeds an answer piece by piece. Returns the bytes outside blocks, and the tip's height.
    fn feed(ledger: &Ledger, coding: Coding, answer: &[u8], limit: u64) -> Result<(i64, u64), FetchError> {
        let outside = Arc::<AtomicI64>::default();
        let intake = Intake::new(ledger, Height::GENESIS);
        let mut feeding = Feeding::new(coding, intake, limit, Arc::clone(&outside));
        for piece in answer.chunks(1_000) {
            feeding.feed(&[Bytes::copy_from_slice(piece)])?;
        }
        let fetched = feeding.finish()?;
        assert!(fetched.candidate.is_none(), "it is our own chain");
        Ok((outside.load(Ordering::Relaxed), fetched.tip.unwrap().height.get()))
    }

    fn is_too_long<T>(fed: &Result<T, FetchError>, limit: u64) -> bool {
        matches!(fed, Err(FetchError::TooLong(told)) if *told == limit)
    }

    #[test]
    fn bytes_are_counted_and_limited() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (block, answer) = answer(&ledger, 10_000);
        let length = answer.len() as u64;
        let outside = (answer.len() - block.len()) as i64;
        assert_eq!(feed(&ledger, Coding::Identity, &answer, length).unwrap(), (outside, 1));
        assert!(is_too_long(&feed(&ledger, Coding::Identity, &answer, length - 1), length - 1));
    }

    #[test]
    fn packed_answer_is_limited_by_what_it_holds() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (_, answer) = answer(&ledger, 512 << 10);
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&answer).unwrap();
        let packed = packed.finish().unwrap();
        let length = answer.len() as u64;
        let (_, height) = feed(&ledger, Coding::Gzip, &packed, length).unwrap();
        assert_eq!(height, 1);
        // The last 32 KiB are unpacked at the end, and not counted.
        assert!(is_too_long(&feed(&ledger, Coding::Gzip, &packed, length / 2), length / 2));
    }

    #[test]
    fn answer_that_ends_early_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (_, answer) = answer(&ledger, 0);
        let cut = feed(&ledger, Coding::Identity, &answer[..40], 1 << 20);
        assert!(matches!(cut, Err(FetchError::Intake(_))), "{cut:?}");
    }
}
