use std::sync::Mutex;

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use p2p::{
    Application, ArrivedBlock, BlockId, ForkPoint, Locator, Page, PageRequest, Payment, Status, Verdict,
};
use tokio::time::Instant;

/// An application that accepts everything, and notes when it came.
#[derive(Default)]
pub(crate) struct Witness {
    heard: Mutex<Vec<Instant>>,
}

impl Witness {
    /// When messages came since this was last asked.
    pub(crate) fn take(&self) -> Vec<Instant> {
        std::mem::take(&mut self.heard.lock().expect("nobody panics while noting"))
    }

    pub(crate) fn count(&self) -> usize {
        self.heard.lock().expect("nobody panics while noting").len()
    }

    fn note(&self) -> BoxFuture<'static, Verdict> {
        self.heard.lock().expect("nobody panics while noting").push(Instant::now());
        std::future::ready(Verdict::Accept).boxed()
    }
}

impl Application for Witness {
    fn judge_payment(&self, _: Payment) -> BoxFuture<'static, Verdict> {
        self.note()
    }

    fn wants(&self, _: BlockId) -> BoxFuture<'static, bool> {
        std::future::ready(false).boxed()
    }

    fn judge_block(&self, _: ArrivedBlock) -> BoxFuture<'static, Verdict> {
        self.note()
    }

    fn status(&self) -> BoxFuture<'static, Status> {
        std::future::ready(Status { height: 0, tip: BlockId([0; 32]), work: Bytes::new() }).boxed()
    }

    fn fork_point(&self, _: Locator) -> BoxFuture<'static, Option<ForkPoint>> {
        std::future::ready(None).boxed()
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'static, Page> {
        std::future::ready(Page::default()).boxed()
    }

    fn part(&self, _: BlockId, _: u64, _: u32) -> BoxFuture<'static, Option<Bytes>> {
        std::future::ready(None).boxed()
    }
}
