//! The chain on its way out: from disk to the socket in pages, never as a whole.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::{Semaphore, mpsc};

use super::Ledger;
use crate::store::{StoreError, readers};

/// How many bytes of blocks are read and sent together.
const PAGE: usize = 512 << 10;

/// How many chains may be on their way out at once; more wait.
const STREAMS: usize = 32;

/// How long a client may leave a page unread before the stream is broken off.
const STALLED: Duration = Duration::from_secs(30);

/// The slowest client that is served, in bytes a second: a stream holds a slot, and keeps the log from being shortened.
const SLOWEST: u64 = 256 << 10;

static SLOTS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(STREAMS)));

/// Why an answer breaks off.
#[derive(Debug, thiserror::Error)]
pub enum BrokenOff {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The client reads too slowly.
    #[error("the client reads too slowly")]
    Slow,
}

/// What is on its way from the disk to the socket.
enum Piece {
    Page(Bytes),
    End,
}

/// What stands around the blocks in an answer.
#[derive(Clone, Debug)]
pub struct Framing {
    /// The text before the first block, up to the bracket that opens the list.
    pub before: &'static str,
    /// The text after the last block, given the length of the whole chain, from the bracket that closes the list.
    pub after: fn(u64) -> String,
}

/// Streams the blocks from height `from` on, `limit` at the most, in a frame. The whole answer shows one chain, also if
/// another replaces it meanwhile.
///
/// Must be called in an async runtime.
pub fn stream_chain(
    ledger: &Ledger,
    from: u64,
    limit: u64,
    framing: Framing,
) -> impl Stream<Item = Result<Bytes, BrokenOff>> + 'static {
    let (pages, queue) = mpsc::channel::<Result<Piece, BrokenOff>>(2);
    let ledger = ledger.clone();
    let runtime = tokio::runtime::Handle::current();
    actix_web::rt::spawn(async move {
        let slot = tokio::select! {
            slot = Arc::clone(&SLOTS).acquire_owned() => slot,
            () = pages.closed() => return,
        };
        let read = tokio::task::spawn_blocking(move || {
            let _slot = slot;
            let (began, sent_bytes) = (Instant::now(), Cell::new(0));
            let send = |piece: Piece| {
                if let Piece::Page(page) = &piece {
                    sent_bytes.set(sent_bytes.get() + page.len() as u64);
                }
                if began.elapsed() > 2 * STALLED + Duration::from_secs(sent_bytes.get() / SLOWEST) {
                    return ControlFlow::Break(());
                }
                let sent = runtime.block_on(tokio::time::timeout(STALLED, pages.send(Ok(piece))));
                if matches!(sent, Ok(Ok(()))) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            if let Err(error) = read(&ledger, from, limit, &framing, send) {
                let _ = pages.try_send(Err(error.into()));
            }
        });
        let _ = read.await;
    });
    stream::unfold(Some(queue), |queue| async {
        let mut queue = queue?;
        match queue.recv().await {
            Some(Ok(Piece::Page(page))) => Some((Ok(page), Some(queue))),
            Some(Ok(Piece::End)) => None,
            // An answer that is not whole must not look as if it were.
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Err(BrokenOff::Slow), None)),
        }
    })
}

fn read(
    ledger: &Ledger,
    from: u64,
    limit: u64,
    framing: &Framing,
    send: impl Fn(Piece) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    ledger.readers().snapshot(|snapshot| {
        let length = readers::length(snapshot)?;
        // A page is sent when the next one is there, so that the last one takes the end along.
        let mut page = framing.before.as_bytes().to_vec();
        let mut full = false;
        let mut flow = ControlFlow::Continue(());
        readers::pages(snapshot, from, limit, PAGE, |next| {
            if std::mem::replace(&mut full, true) {
                flow = send(Piece::Page(std::mem::replace(&mut page, next.texts).into()));
            } else {
                page.extend_from_slice(&next.texts);
            }
            flow
        })?;
        if flow.is_continue() {
            page.extend_from_slice((framing.after)(length).as_bytes());
            let _ = send(Piece::Page(page.into()));
            let _ = send(Piece::End);
        }
        Ok(())
    })
}
