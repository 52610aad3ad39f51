use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use libp2p::PeerId;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::{
    Chunk, DownloadError, DownloadSettings, Links, Source,
    plan::{Charge, Plan, Request, What},
};
use crate::{error::AskError, ids::BlockId, peers::Offence, wire::Page};

/// Fetches a stretch of one chain from several peers in parallel.
///
/// It asks only while [`next`](Self::next) runs, and for no more than its window holds: a slow caller pauses it. Drop it to
/// cancel it.
pub struct Download {
    plan: Plan,
    source: Arc<dyn Source>,
    links: Arc<dyn Links>,
    answers: FuturesUnordered<BoxFuture<'static, (u64, Answer)>>,
}

enum Answer {
    Page(Result<Page, AskError>),
    Large(Result<Bytes, AskError>),
}

impl Download {
    /// A download of the blocks from one height up to another, both included, from peers that say that they have them. `parent`
    /// is the hash that the first block must name, if it is known.
    #[must_use]
    pub fn new(
        settings: DownloadSettings,
        heights: (u64, u64),
        parent: Option<BlockId>,
        peers: impl IntoIterator<Item = PeerId>,
        (source, links): (Arc<dyn Source>, Arc<dyn Links>),
    ) -> Self {
        let plan = Plan::new(settings, heights, parent, peers);
        Self { plan, source, links, answers: FuturesUnordered::new() }
    }

    /// Asks one more peer from now on, unless it was given up before.
    pub fn add_peer(&mut self, peer: PeerId) {
        self.plan.add_peer(peer);
    }

    /// The next blocks; none after the last one. Checks only that each chunk follows the one before, not the links inside.
    ///
    /// # Errors
    ///
    /// [`DownloadError`] if no peer is left that could send them.
    pub async fn next(&mut self) -> Result<Option<Chunk>, DownloadError> {
        loop {
            self.ask();
            let taken = self.plan.take(&*self.links);
            for charge in self.plan.take_charges() {
                tracing::debug!("sync: {} given up: {}", charge.peer, charge.why);
                self.source.report(charge.peer, charge.offence, charge.why).await;
            }
            match taken? {
                Some(chunk) => {
                    self.ask();
                    return Ok(Some(chunk));
                }
                None if self.plan.is_done() => return Ok(None),
                None => self.wait().await,
            }
        }
    }

    /// Refuses the blocks of a chunk of [`next`](Self::next) from a height on. Charges their sender and asks it no more. The
    /// blocks come again from others, and the first one must follow `parent`.
    pub fn refuse(&mut self, chunk: &Chunk, from: u64, parent: Option<BlockId>, why: String) {
        let charge = Charge { peer: chunk.peer, offence: Offence::InvalidBlock, why };
        self.plan.refuse(from.max(chunk.from), parent, charge);
    }

    /// Sends all requests that are due, and takes the answers that have arrived.
    fn ask(&mut self) {
        loop {
            while let Some(request) = self.plan.next_request(Instant::now()) {
                self.send(request);
            }
            // This polls new requests, too, and so sends them.
            match self.answers.next().now_or_never() {
                Some(Some(answer)) => self.on_answer(answer),
                _ => return,
            }
        }
    }

    fn send(&mut self, Request { number, peer, what }: Request) {
        self.answers.push(match what {
            What::Page(asked) => {
                self.source.page(peer, asked).map(move |answer| (number, Answer::Page(answer))).boxed()
            }
            What::Large(block) => self
                .source
                .large_block(peer, block)
                .map(move |answer| (number, Answer::Large(answer)))
                .boxed(),
        });
    }

    /// Waits until an answer comes, or another request is due.
    async fn wait(&mut self) {
        let until = self.plan.wake(Instant::now());
        if self.answers.is_empty() {
            sleep_until(until).await;
        } else if let Ok(Some(answer)) = timeout_at(until, self.answers.next()).await {
            self.on_answer(answer);
        }
    }

    fn on_answer(&mut self, (number, answer): (u64, Answer)) {
        let now = Instant::now();
        match answer {
            Answer::Page(answer) => self.plan.on_page(number, now, answer),
            Answer::Large(answer) => self.plan.on_large(number, now, answer, &*self.links),
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Download").field("open", &self.answers.len()).finish_non_exhaustive()
    }
}
