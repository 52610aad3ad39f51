//! The chain on its way out: from disk to the socket in pages, never as a whole.
//!
//! The whole answer shows one chain. While the client takes the pages as they come, they are read in one snapshot of the
//! database. A client that pauses holds none, since that would keep the write-ahead log from beginning anew; the next
//! snapshot must still have the last block of the first, and then has all before it, too.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{Stream, stream};
use ledger_core::BlockHash;
use rusqlite::Connection;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::Ledger;
use crate::store::{StoreError, blocks, pages};

/// How many bytes of blocks are read together.
pub const PAGE: usize = 256 << 10;

/// How many pages are read ahead of the client.
const AHEAD: usize = 2;

/// How long a snapshot waits for the client to take a page.
const MOMENT: Duration = Duration::from_millis(100);

/// How long a snapshot is used at the most.
const SNAPSHOT: Duration = Duration::from_millis(500);

/// Why an answer breaks off.
#[derive(Debug, thiserror::Error)]
pub enum BrokenOff {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The blocks that are to come are not there any more.
    #[error("another chain has replaced the one that was being sent")]
    Replaced,
    /// A thread of ours failed.
    #[error("a thread of the node failed")]
    Failed,
}

impl BrokenOff {
    /// Whether it is our own fault, and not what clients and neighbours can bring about as often as they like.
    fn is_ours(&self) -> bool {
        !matches!(self, Self::Replaced | Self::Store(StoreError::Busy))
    }
}

/// What stands around the blocks in an answer.
#[derive(Clone, Debug)]
pub struct Framing {
    /// The text before the first block, up to the bracket that opens the list.
    pub before: Cow<'static, str>,
    /// The text after the last block, from the bracket that closes the list.
    pub after: After,
}

/// The text after the last block.
#[derive(Clone, Debug)]
pub enum After {
    /// Always the same.
    Text(Cow<'static, str>),
    /// Given the length of the whole chain.
    Length(fn(u64) -> String),
}

/// The beginning of an answer.
#[derive(Debug)]
pub enum Beginning {
    /// It is complete.
    Whole(Bytes),
    /// It is the first page; the rest is still to be read.
    Part(Bytes, Box<Rest>),
}

/// The rest of an answer, which is still on disk.
#[derive(Debug)]
pub struct Rest {
    ledger: Ledger,
    /// The last block of the chain that the answer shows.
    length: u64,
    tip: BlockHash,
    /// The last block of the answer.
    last: u64,
    next: pages::Position,
    framing: Framing,
}

/// Reads the beginning of an answer with the blocks from height `from` on, `limit` at the most, in a frame. Blocks the
/// thread.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub fn begin(ledger: &Ledger, from: u64, limit: u64, framing: Framing) -> Result<Beginning, StoreError> {
    ledger.readers().snapshot_for_client(|snapshot| begin_in(snapshot, ledger, from, limit, framing))
}

/// Reads the beginning of an answer like [`begin`], in a snapshot of the ledger's.
///
/// # Errors
///
/// As [`begin`].
pub fn begin_in(
    snapshot: &Connection,
    ledger: &Ledger,
    from: u64,
    limit: u64,
    framing: Framing,
) -> Result<Beginning, StoreError> {
    let length = blocks::length(snapshot)?;
    let tip = blocks::hash_at(snapshot, length)?.ok_or_else(|| missing(length))?;
    let last = length.min(from.saturating_add(limit - 1));
    let mut rest =
        Rest { ledger: ledger.clone(), length, tip, last, next: pages::Position::before(from), framing };
    let mut text = rest.framing.before.as_bytes().to_vec();
    pages::read(snapshot, rest.next, last, PAGE, |page| {
        text.extend_from_slice(&page.texts);
        rest.next = page.next;
        ControlFlow::Break(())
    })?;
    rest.end(&mut text);
    Ok(if rest.is_over() {
        Beginning::Whole(text.into())
    } else {
        Beginning::Part(text.into(), Box::new(rest))
    })
}

fn missing(height: u64) -> StoreError {
    StoreError::Damaged(format!("block {height} is missing"))
}

/// What is on its way from the disk to the socket.
enum Piece {
    Page(Bytes),
    End,
}

type Pieces = Sender<Result<Piece, BrokenOff>>;

impl Rest {
    /// Streams an answer whose first page was read already.
    ///
    /// Must be called in an async runtime.
    pub fn stream(self, first: Bytes) -> impl Stream<Item = Result<Bytes, BrokenOff>> + 'static {
        let (pieces, queue) = channel(AHEAD);
        actix_web::rt::spawn(async move {
            if let Err(error) = self.send(first, &pieces).await {
                if error.is_ours() {
                    tracing::error!("an answer breaks off: {error}");
                }
                let _ = pieces.send(Err(error)).await;
            }
        });
        stream::unfold(Some(queue), next)
    }

    /// Sends page after page. It ends when all is sent, or the client has gone.
    async fn send(mut self, first: Bytes, pieces: &Pieces) -> Result<(), BrokenOff> {
        let mut waiting = Some(first);
        loop {
            if let Some(page) = waiting.take()
                && pieces.send(Ok(Piece::Page(page))).await.is_err()
            {
                return Ok(());
            }
            if self.is_over() {
                let _ = pieces.send(Ok(Piece::End)).await;
                return Ok(());
            }
            let place = self.ledger.readers().long().await;
            let (pieces, runtime) = (pieces.clone(), tokio::runtime::Handle::current());
            let read = spawn_blocking(move || {
                let _place = place;
                let deliver = |page| runtime.block_on(deliver(&pieces, page));
                self.read(deliver).map(|waiting| (self, waiting))
            });
            (self, waiting) = read.await.map_err(|_| BrokenOff::Failed)??;
        }
    }

    /// Reads pages in one snapshot as long as they are delivered at once; answers the one that was not.
    fn read(&mut self, deliver: impl Fn(Bytes) -> Option<Bytes>) -> Result<Option<Bytes>, BrokenOff> {
        let (ledger, began, before) = (self.ledger.clone(), Instant::now(), self.next);
        let mut waiting = None;
        ledger.readers().snapshot_for_client(|snapshot| {
            if blocks::hash_at(snapshot, self.length)? != Some(self.tip) {
                return Err(BrokenOff::Replaced);
            }
            pages::read(snapshot, self.next, self.last, PAGE, |page| {
                self.next = page.next;
                let mut text = page.texts;
                self.end(&mut text);
                waiting = deliver(text.into());
                let goes_on = waiting.is_none() && began.elapsed() < SNAPSHOT;
                if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })?;
            Ok(())
        })?;
        if self.next == before { Err(missing(before.height()).into()) } else { Ok(waiting) }
    }

    fn is_over(&self) -> bool {
        self.next.height() > self.last
    }

    /// Adds what comes behind the last block.
    fn end(&self, text: &mut Vec<u8>) {
        if self.is_over() {
            match &self.framing.after {
                After::Text(after) => text.extend_from_slice(after.as_bytes()),
                After::Length(after) => text.extend_from_slice(after(self.length).as_bytes()),
            }
        }
    }
}

/// Delivers a page if the client takes it at once; answers it if not.
async fn deliver(pieces: &Pieces, page: Bytes) -> Option<Bytes> {
    match timeout(MOMENT, pieces.reserve()).await {
        Ok(Ok(place)) => {
            place.send(Ok(Piece::Page(page)));
            None
        }
        _ => Some(page),
    }
}

/// The next page of an answer. An answer that is not whole must not look as if it were.
async fn next(
    queue: Option<Receiver<Result<Piece, BrokenOff>>>,
) -> Option<(Result<Bytes, BrokenOff>, Option<Receiver<Result<Piece, BrokenOff>>>)> {
    let mut queue = queue?;
    match queue.recv().await {
        Some(Ok(Piece::Page(page))) => Some((Ok(page), Some(queue))),
        Some(Ok(Piece::End)) => None,
        Some(Err(error)) => Some((Err(error), None)),
        None => Some((Err(BrokenOff::Failed), None)),
    }
}
