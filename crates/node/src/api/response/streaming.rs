//! Sends blocks: in one piece if they are few, else page by page as the client reads them.

use std::ops::ControlFlow;
use std::time::Duration;

use actix_web::web::Bytes;
use futures_util::{Stream, stream};
use ledger_core::Height;
use rusqlite::Connection;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::framing::{After, Framing};
use crate::ledger::{ChainPages, Ledger, PagesError};
use crate::store::StoreError;
use crate::system::causes::with_causes;
use crate::system::threads::{Panicked, blocking};

/// Pages read ahead of the client.
const AHEAD: usize = 2;

/// How long a snapshot waits for the client to take a page.
const MOMENT: Duration = Duration::from_millis(100);

/// Names of the work, for the message if it panics.
const READING: &str = "reading pages of the chain";
const SENDING: &str = "sending the chain";

/// The start of an answer.
#[derive(Debug)]
pub(in crate::api) enum Beginning {
    /// The whole answer.
    Whole(Bytes),
    /// The first page; the rest must still be read.
    Part(Bytes, Box<Rest>),
}

/// The rest of an answer, still on disk.
#[derive(Debug)]
pub(in crate::api) struct Rest {
    pages: ChainPages,
    after: After,
}

/// Reads the start of an answer: at most `limit` blocks from height `from` on, in their framing. Blocks the thread.
///
/// # Errors
///
/// [`StoreError`] of the database.
pub(super) fn begin(
    ledger: &Ledger,
    from: u64,
    limit: u64,
    framing: Framing,
) -> Result<Beginning, StoreError> {
    beginning(framing, |text| ChainPages::begin(ledger, from, limit, text))
}

/// Reads the start of an answer: one block from a snapshot, in its framing.
///
/// # Errors
///
/// As [`begin`].
pub(in crate::api) fn begin_block(
    snapshot: &Connection,
    ledger: &Ledger,
    height: Height,
    framing: Framing,
) -> Result<Beginning, StoreError> {
    beginning(framing, |text| ChainPages::begin_in(snapshot, ledger, height.get(), 1, text))
}

fn beginning(
    Framing { before, after }: Framing,
    read: impl FnOnce(&mut Vec<u8>) -> Result<ChainPages, StoreError>,
) -> Result<Beginning, StoreError> {
    let mut text = before.as_bytes().to_vec();
    let pages = read(&mut text)?;
    Ok(if pages.is_over() {
        after.write(pages.length(), &mut text);
        Beginning::Whole(text.into())
    } else {
        Beginning::Part(text.into(), Box::new(Rest { pages, after }))
    })
}

/// What the sender passes to the socket.
enum Piece {
    Page(Bytes),
    End,
}

type Pieces = Sender<Result<Piece, PagesError>>;

impl Rest {
    /// Streams an answer whose first page is read.
    ///
    /// Call it in an async runtime.
    pub(in crate::api) fn stream(
        self,
        first: Bytes,
    ) -> impl Stream<Item = Result<Bytes, PagesError>> + 'static {
        let (pieces, queue) = channel(AHEAD);
        let task = actix_web::rt::spawn(async move {
            if let Err(error) = self.send(first, &pieces).await {
                if error.is_ours() {
                    tracing::error!("answer broken off: {}", with_causes(&error));
                }
                let _ = pieces.send(Err(error)).await;
            }
        });
        stream::unfold(Some((queue, task)), next)
    }

    /// Sends page after page until all are sent or the client is gone.
    async fn send(mut self, first: Bytes, pieces: &Pieces) -> Result<(), PagesError> {
        let mut waiting = Some(first);
        loop {
            if let Some(page) = waiting.take()
                && pieces.send(Ok(Piece::Page(page))).await.is_err()
            {
                return Ok(());
            }
            if self.pages.is_over() {
                let _ = pieces.send(Ok(Piece::End)).await;
                return Ok(());
            }
            let permit = self.pages.readers().long().await;
            let (pieces, runtime) = (pieces.clone(), tokio::runtime::Handle::current());
            let read = blocking(READING, move || {
                let _permit = permit;
                let deliver = |page| runtime.block_on(deliver(&pieces, page));
                self.read(deliver).map(|waiting| (self, waiting))
            });
            (self, waiting) = read.await??;
        }
    }

    /// Reads pages while the client takes them at once. Returns the first page that it does not.
    fn read(&mut self, deliver: impl Fn(Bytes) -> Option<Bytes>) -> Result<Option<Bytes>, PagesError> {
        let (length, mut waiting) = (self.pages.length(), None);
        self.pages.read(|mut text, is_last| {
            if is_last {
                self.after.write(length, &mut text);
            }
            waiting = deliver(text.into());
            if waiting.is_none() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(waiting)
    }
}

/// Passes on a page if the client takes it at once. Returns it if not.
async fn deliver(pieces: &Pieces, page: Bytes) -> Option<Bytes> {
    match timeout(MOMENT, pieces.reserve()).await {
        Ok(Ok(permit)) => {
            permit.send(Ok(Piece::Page(page)));
            None
        }
        _ => Some(page),
    }
}

/// The queue of pages, and the task that fills it.
type Sending = (Receiver<Result<Piece, PagesError>>, JoinHandle<()>);

/// The next page of an answer. An incomplete answer must not look complete.
async fn next(sending: Option<Sending>) -> Option<(Result<Bytes, PagesError>, Option<Sending>)> {
    let (mut queue, task) = sending?;
    match queue.recv().await {
        Some(Ok(Piece::Page(page))) => Some((Ok(page), Some((queue, task)))),
        Some(Ok(Piece::End)) => None,
        Some(Err(error)) => Some((Err(error), None)),
        // The task sends the end or an error, unless it panicked.
        None => Some((Err(lost(task).await.into()), None)),
    }
}

async fn lost(task: JoinHandle<()>) -> Panicked {
    match task.await {
        Err(error) => Panicked::of_task(SENDING, error),
        Ok(()) => Panicked::new(SENDING, "it ended too early"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn panic_of_the_sender_ends_the_answer_with_its_message() {
        let (pieces, queue) = channel(AHEAD);
        let task = actix_web::rt::spawn(async move {
            let _pieces: Pieces = pieces;
            panic!("no page");
        });
        let Some((Err(error), None)) = next(Some((queue, task))).await else { panic!("the answer goes on") };
        assert_eq!(error.to_string(), "sending the chain failed: no page");
    }
}
