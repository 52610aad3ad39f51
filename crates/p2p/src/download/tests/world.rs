//! Peers for tests, each with a manner of its own.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use libp2p::PeerId;
use sha2::{Digest, Sha256};
use tokio::time::sleep;

use super::super::{Chunk, Download, DownloadError, DownloadSettings, Links, Source};
use crate::{
    error::AskError,
    ids::BlockId,
    peers::Offence,
    wire::{LargeBlock, Page, PageRequest},
};

/// How long an orderly peer takes to answer.
pub(super) const LATENCY: Duration = Duration::from_millis(50);

/// How a peer behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Orderly,
    /// Takes this many milliseconds for an answer.
    Slow(u64),
    /// Never answers.
    Stalling,
    /// One block a page.
    Short,
    /// No block, whatever is asked.
    Empty,
    /// More blocks than were asked for.
    Endless,
    /// Bytes that are no block.
    Garbage,
    /// A chain that forks off the others' at this height.
    OtherChain(u64),
    /// Every block is far too large.
    Impossible,
    /// Sends other bytes for a large block.
    FalseLarge,
    /// Too busy for every second request.
    Busy,
    /// Not connected any more.
    Gone,
}

/// Blocks that name each other: the parent's hash, the height, and `size` bytes more.
#[derive(Debug)]
pub(super) struct Blocks;

impl Blocks {
    pub(super) fn id_of(block: &[u8]) -> BlockId {
        BlockId(Sha256::digest(block).into())
    }

    /// A chain whose blocks have these sizes. From height `other_from` on, it is another one.
    pub(super) fn chain(sizes: &[usize], other_from: u64) -> Vec<Bytes> {
        let mut parent = BlockId([0; 32]);
        let block = |(at, size): (usize, &usize)| {
            let (height, mark) = (at as u64 + 1, u8::from(at as u64 + 1 >= other_from));
            let filler = vec![mark; *size];
            let block = [&parent.0[..], &height.to_be_bytes(), &filler].concat();
            parent = Self::id_of(&block);
            Bytes::from(block)
        };
        sizes.iter().enumerate().map(block).collect()
    }
}

impl Links for Blocks {
    fn id(&self, block: &[u8]) -> BlockId {
        Self::id_of(block)
    }

    fn parent(&self, block: &[u8]) -> Option<BlockId> {
        (block.len() > 40).then(|| BlockId(block[..32].try_into().unwrap()))
    }
}

/// All peers, and what was seen of the download.
pub(super) struct World {
    pub(super) chain: Vec<Bytes>,
    sizes: Vec<usize>,
    pub(super) peers: BTreeMap<PeerId, Manner>,
    pub(super) settings: DownloadSettings,
    pub(super) reports: Mutex<Vec<(PeerId, Offence, String)>>,
    /// The blocks that each peer sent.
    pub(super) sent: Mutex<BTreeMap<PeerId, usize>>,
    /// Requests so far, and those that are open.
    pub(super) asked: AtomicU64,
    pub(super) open: Arc<AtomicU64>,
    /// Bytes sent so far.
    pub(super) bytes: AtomicU64,
}

impl World {
    pub(super) fn new(sizes: Vec<usize>, manners: &[Manner]) -> Arc<Self> {
        let chain = Blocks::chain(&sizes, u64::MAX);
        let peers = manners.iter().map(|manner| (PeerId::random(), *manner)).collect();
        let settings = DownloadSettings { page_bytes: 10_000, window_bytes: 60_000, ..Default::default() };
        Arc::new(Self {
            chain,
            sizes,
            peers,
            settings,
            reports: Mutex::default(),
            sent: Mutex::default(),
            asked: AtomicU64::default(),
            open: Arc::default(),
            bytes: AtomicU64::default(),
        })
    }

    /// The peer with this manner.
    pub(super) fn peer(&self, manner: Manner) -> PeerId {
        *self.peers.iter().find(|(_, it)| **it == manner).unwrap().0
    }

    pub(super) fn download(self: &Arc<Self>) -> Download {
        let heights = (1, self.chain.len() as u64);
        let (peers, source) = (self.peers.keys().copied(), Arc::clone(self));
        let parent = Some(BlockId([0; 32]));
        Download::new(self.settings.clone(), heights, parent, peers, (source, Arc::new(Blocks)))
    }

    /// Takes the whole chain and refuses blocks that are not in it, as a check would.
    pub(super) async fn fetch(self: &Arc<Self>) -> Result<Vec<Bytes>, DownloadError> {
        let (mut download, mut taken) = (self.download(), Vec::<Bytes>::new());
        while let Some(chunk) = download.next().await? {
            assert_eq!(chunk.from, taken.len() as u64 + 1, "blocks come in order");
            self.take(&mut download, &chunk, &mut taken);
        }
        Ok(taken)
    }

    fn take(&self, download: &mut Download, chunk: &Chunk, taken: &mut Vec<Bytes>) {
        for block in &chunk.blocks {
            if self.chain.get(taken.len()) != Some(block) {
                let parent = taken.last().map_or(BlockId([0; 32]), |last| Blocks::id_of(last));
                return download.refuse(chunk, taken.len() as u64 + 1, Some(parent), "it is invalid".into());
            }
            taken.push(block.clone());
        }
    }

    /// Why a peer was reported.
    pub(super) fn report_of(&self, peer: PeerId) -> Option<(Offence, String)> {
        let reports = self.reports.lock().unwrap();
        reports.iter().find(|(it, ..)| *it == peer).map(|(_, offence, why)| (*offence, why.clone()))
    }

    /// The page that a peer sends.
    fn page_of(&self, peer: PeerId, asked: PageRequest) -> Result<Page, AskError> {
        let request = self.asked.fetch_add(1, SeqCst);
        match self.peers[&peer] {
            Manner::Stalling => Err(AskError::Timeout(peer)),
            Manner::Gone => Err(AskError::NotConnected(peer)),
            Manner::Busy if request.is_multiple_of(2) => Err(AskError::Busy(peer)),
            Manner::Short => Ok(cut(&self.chain, PageRequest { count: 1, ..asked })),
            Manner::Empty => Ok(Page::default()),
            Manner::Endless => {
                Ok(cut(&self.chain, PageRequest { count: u32::MAX, bytes: u32::MAX, ..asked }))
            }
            Manner::Garbage => Ok(Page { blocks: vec![Bytes::from_static(b"no block")], large: None }),
            Manner::OtherChain(from) => Ok(cut(&Blocks::chain(&self.sizes, from), asked)),
            Manner::Impossible => {
                let large = LargeBlock { id: BlockId([1; 32]), length: u64::MAX };
                Ok(Page { blocks: Vec::new(), large: Some(large) })
            }
            _ => Ok(cut(&self.chain, asked)),
        }
    }

    fn latency(&self, peer: PeerId) -> Duration {
        match self.peers[&peer] {
            Manner::Slow(milliseconds) => Duration::from_millis(milliseconds),
            Manner::Stalling => Duration::from_secs(20),
            _ => LATENCY,
        }
    }

    /// Answers after the peer's latency, and counts the request as open until then.
    fn answer<T: Send + 'static>(&self, peer: PeerId, answer: T) -> BoxFuture<'static, T> {
        let (latency, open) = (self.latency(peer), Counted::new(&self.open));
        async move {
            sleep(latency).await;
            drop(open);
            answer
        }
        .boxed()
    }
}

/// Counts a request as open while it lives.
struct Counted(Arc<AtomicU64>);

impl Counted {
    fn new(open: &Arc<AtomicU64>) -> Self {
        open.fetch_add(1, SeqCst);
        Self(Arc::clone(open))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

/// The blocks that were asked for, within the bounds.
fn cut(chain: &[Bytes], asked: PageRequest) -> Page {
    let mut page = Page::default();
    for block in chain.iter().skip(asked.from as usize - 1).take(asked.count as usize) {
        if page.bytes() + block.len() > asked.bytes as usize {
            let large = LargeBlock { id: Blocks::id_of(block), length: block.len() as u64 };
            page.large = (block.len() > asked.bytes as usize).then_some(large);
            break;
        }
        page.blocks.push(block.clone());
    }
    page
}

impl Source for World {
    fn page(&self, peer: PeerId, asked: PageRequest) -> BoxFuture<'static, Result<Page, AskError>> {
        let page = self.page_of(peer, asked);
        if let Ok(page) = &page {
            *self.sent.lock().unwrap().entry(peer).or_default() += page.blocks.len();
            self.bytes.fetch_add(page.bytes() as u64, SeqCst);
        }
        self.answer(peer, page)
    }

    fn large_block(&self, peer: PeerId, block: LargeBlock) -> BoxFuture<'static, Result<Bytes, AskError>> {
        let chain = match self.peers[&peer] {
            Manner::OtherChain(from) => Blocks::chain(&self.sizes, from),
            _ => self.chain.clone(),
        };
        let found = chain.into_iter().find(|it| Blocks::id_of(it) == block.id).unwrap();
        let is_false = self.peers[&peer] == Manner::FalseLarge;
        self.answer(peer, Ok(if is_false { found.slice(1..) } else { found }))
    }

    fn report(&self, peer: PeerId, offence: Offence, why: String) -> BoxFuture<'static, ()> {
        self.reports.lock().unwrap().push((peer, offence, why));
        std::future::ready(()).boxed()
    }
}
