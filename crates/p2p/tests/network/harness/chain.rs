use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use p2p::{
    AnnouncedBlock, Application, ArrivedBlock, BlockId, Branch, ForkPoint, LargeBlock, Locator, Page,
    PageRequest, Payment, Status, Verdict,
};
use sha2::{Digest, Sha256};

/// The hash of a block.
pub(crate) fn id_of(block: &[u8]) -> BlockId {
    BlockId(Sha256::digest(block).into())
}

/// A chain of texts from height 1 on. A text that begins with `bad` is invalid, one with `old` is ignored, `hang` is
/// never judged, and `late` holds up the network's own thread for two seconds.
#[derive(Default)]
pub(crate) struct Chain {
    pub(crate) payments: Mutex<Vec<Payment>>,
    pub(crate) arrived: Mutex<Vec<Bytes>>,
    pub(crate) blocks: Mutex<Vec<Bytes>>,
    pub(crate) judged: AtomicUsize,
    /// Requests so far.
    pub(crate) asked: AtomicUsize,
    /// Whether requests are never answered.
    pub(crate) hangs: bool,
}

impl Chain {
    pub(crate) fn of(blocks: impl IntoIterator<Item = String>) -> Arc<Self> {
        let blocks: Vec<_> = blocks.into_iter().map(Bytes::from).collect();
        Arc::new(Self { blocks: Mutex::new(blocks), ..Self::default() })
    }

    pub(crate) fn payments(&self) -> Vec<Bytes> {
        self.payments.lock().unwrap().iter().map(|payment| payment.data.clone()).collect()
    }

    pub(crate) fn arrived(&self) -> Vec<Bytes> {
        self.arrived.lock().unwrap().clone()
    }

    fn ids(&self) -> Vec<BlockId> {
        self.blocks.lock().unwrap().iter().map(|block| id_of(block)).collect()
    }

    pub(crate) fn locator(&self) -> Locator {
        let ids = self.ids();
        Locator::new(Locator::heights(ids.len() as u64, 1).map(|height| ids[height as usize - 1]))
    }

    fn judge(&self, data: &[u8], keep: impl FnOnce()) -> BoxFuture<'static, Verdict> {
        self.judged.fetch_add(1, SeqCst);
        let verdict = match data {
            [b'b', b'a', b'd', ..] => Verdict::Reject,
            [b'o', b'l', b'd', ..] => Verdict::Ignore,
            [b'h', b'a', b'n', b'g', ..] => return std::future::pending().boxed(),
            [b'l', b'a', b't', b'e', ..] => {
                std::thread::sleep(Duration::from_secs(2));
                Verdict::Ignore
            }
            _ => {
                keep();
                Verdict::Accept
            }
        };
        std::future::ready(verdict).boxed()
    }

    fn answer<T: Send + 'static>(&self, answer: T) -> BoxFuture<'static, T> {
        self.asked.fetch_add(1, SeqCst);
        if self.hangs { std::future::pending().boxed() } else { std::future::ready(answer).boxed() }
    }

    fn standing(&self) -> Status {
        let ids = self.ids();
        let tip = ids.last().copied().unwrap_or(BlockId([0; 32]));
        Status { height: ids.len() as u64, tip, work: Bytes::copy_from_slice(&ids.len().to_be_bytes()) }
    }

    fn page_of(&self, asked: PageRequest) -> Page {
        let blocks = self.blocks.lock().unwrap();
        let mut page = Page::default();
        for block in blocks.iter().skip(asked.from as usize - 1).take(asked.count as usize) {
            if page.bytes() + block.len() > asked.bytes as usize {
                let large = LargeBlock { id: id_of(block), length: block.len() as u64 };
                page.large = (block.len() > asked.bytes as usize).then_some(large);
                break;
            }
            page.blocks.push(block.clone());
        }
        page
    }
}

impl Application for Chain {
    fn judge_payment(&self, payment: Payment) -> BoxFuture<'static, Verdict> {
        let data = payment.data.clone();
        self.judge(&data, || self.payments.lock().unwrap().push(payment))
    }

    fn wants(&self, block: AnnouncedBlock) -> BoxFuture<'static, bool> {
        self.answer(!block.beginning.starts_with(b"unwanted") && !self.ids().contains(&block.id))
    }

    fn judge_block(&self, block: ArrivedBlock) -> BoxFuture<'static, Verdict> {
        self.judge(&block.data, || {
            self.arrived.lock().unwrap().push(block.data.clone());
            self.blocks.lock().unwrap().push(block.data.clone());
        })
    }

    fn status(&self) -> BoxFuture<'static, Status> {
        self.answer(self.standing())
    }

    fn branch(&self, locator: Locator, bytes: u32) -> BoxFuture<'static, Option<Branch>> {
        let ids = self.ids();
        let position = |id: &BlockId| ids.iter().position(|ours| ours == id);
        let fork = locator
            .ids()
            .iter()
            .find_map(|id| position(id).map(|at| ForkPoint { height: at as u64 + 1, id: *id }));
        let from = fork.map_or(1, |fork| fork.height + 1);
        let page = self.page_of(PageRequest { from, count: u32::MAX, bytes });
        self.answer(Some(Branch { status: self.standing(), fork, page }))
    }

    fn page(&self, asked: PageRequest) -> BoxFuture<'static, Page> {
        self.answer(self.page_of(asked))
    }

    fn part(&self, id: BlockId, offset: u64, bytes: u32) -> BoxFuture<'static, Option<Bytes>> {
        let blocks = self.blocks.lock().unwrap();
        let block = blocks.iter().find(|block| id_of(block) == id);
        self.answer(block.map(|block| {
            let end = block.len().min(offset as usize + bytes as usize);
            block.slice((offset as usize).min(end)..end)
        }))
    }
}
