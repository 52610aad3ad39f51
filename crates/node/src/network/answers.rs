//! Answers to the network's requests: verdicts and blocks, computed on other threads.

use std::sync::{Arc, Weak};

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use p2p::{
    AnnouncedBlock, Application, ArrivedBlock, BlockId, Branch, Locator, Page, PageRequest, Payment, PeerId,
    Status, Verdict,
};
use tokio::sync::mpsc;

use super::judge::{BlockJudge, judge_payment};
use super::serve;
use super::tips::status_of;
use crate::ledger::{Ledger, WeakLedger};
use crate::payments::Payments;
use crate::store::StoreError;
use crate::system::causes::with_causes;
use crate::system::threads::blocking;

/// The ledger as the network sees it. It keeps neither the ledger nor its threads running.
pub(super) struct Answers {
    ledger: WeakLedger,
    payments: Weak<Payments>,
    blocks: BlockJudge,
}

impl Answers {
    /// Peers whose blocks are ahead of our tip are sent to `ahead`.
    pub(super) fn new(ledger: &Ledger, payments: &Arc<Payments>, ahead: mpsc::Sender<PeerId>) -> Self {
        let weak = ledger.downgrade();
        let blocks = BlockJudge::new(weak.clone(), ahead);
        Self { ledger: weak, payments: Arc::downgrade(payments), blocks }
    }

    /// Reads the chain on a thread that may block. `None` if that fails, or the node stops.
    fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Ledger) -> Result<T, StoreError> + Send + 'static,
    ) -> BoxFuture<'static, Option<T>> {
        let ledger = self.ledger.clone();
        let reading =
            blocking("reading blocks for a peer", move || ledger.upgrade().map(|ledger| read(&ledger)));
        let read = async move {
            match reading.await {
                Ok(Some(Ok(answer))) => return Some(answer),
                Ok(Some(Err(error))) => tracing::debug!("no blocks for a peer: {}", with_causes(&error)),
                Ok(None) => {}
                Err(panicked) => tracing::error!("{panicked}"),
            }
            None
        };
        read.boxed()
    }
}

impl Application for Answers {
    fn judge_payment(&self, payment: Payment) -> BoxFuture<'static, Verdict> {
        judge_payment(self.ledger.clone(), self.payments.clone(), payment.data).boxed()
    }

    fn wants(&self, block: AnnouncedBlock) -> BoxFuture<'static, bool> {
        let (id, judge) = (block.id, self.blocks.clone());
        let has = self.read(move |ledger| serve::has(ledger, &id));
        async move { has.await == Some(false) && judge.wants(block).await }.boxed()
    }

    fn judge_block(&self, block: ArrivedBlock) -> BoxFuture<'static, Verdict> {
        self.blocks.clone().judge(block).boxed()
    }

    fn status(&self) -> BoxFuture<'static, Status> {
        let tip = self.ledger.upgrade().map(|ledger| ledger.tip());
        let nothing = || Status { height: 0, tip: BlockId([0; 32]), work: Bytes::new() };
        std::future::ready(tip.map_or_else(nothing, |tip| status_of(&tip))).boxed()
    }

    fn branch(&self, locator: Locator, bytes: u32) -> BoxFuture<'static, Option<Branch>> {
        self.read(move |ledger| serve::branch(ledger, &locator, bytes))
    }

    fn page(&self, asked: PageRequest) -> BoxFuture<'static, Page> {
        self.read(move |ledger| serve::page(ledger, &asked)).map(Option::unwrap_or_default).boxed()
    }

    fn part(&self, block: BlockId, offset: u64, bytes: u32) -> BoxFuture<'static, Option<Bytes>> {
        self.read(move |ledger| serve::part(ledger, &block, offset, bytes)).map(Option::flatten).boxed()
    }
}
