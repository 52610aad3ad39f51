use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{BoxFuture, ready},
};
use ledger_core::VerifiedPayment;
use p2p::{
    AnnouncedBlock, Application, ArrivedBlock, BlockId, Branch, ForkPoint, Locator, Page, PageRequest,
    Payment, PeerId, Status, Verdict,
};
use tokio::sync::mpsc;

use super::chain::{Chain, Taken, id};
use crate::world::{World, id_of, locked};

/// Answers the network's questions at once and from memory. `crates/node/src/network` answers them from disk.
pub(super) struct Answers {
    pub(super) world: Arc<World>,
    pub(super) chain: Arc<Mutex<Chain>>,
    /// Peers that sent a block above our tip.
    pub(super) ahead: mpsc::Sender<PeerId>,
}

/// Reads a payment as [`write`] writes it, and verifies it.
fn read(world: &World, data: &[u8]) -> Option<VerifiedPayment> {
    let (signature, text) = std::str::from_utf8(data).ok()?.split_once('\n')?;
    let payment = world.rules.stored_payment(text, signature).ok()?;
    payment
        .verify_with(|claim, signature| wallet::verify(&claim.key, claim.message.as_bytes(), signature))
        .ok()
}

/// A payment as gossip carries it.
pub(super) fn write(payment: &VerifiedPayment) -> Bytes {
    format!("{}\n{}", payment.signature(), payment.text()).into()
}

fn status(chain: &Chain) -> Status {
    let tip = chain.tip();
    let work = Bytes::copy_from_slice(&tip.height.get().to_be_bytes());
    Status { height: tip.height.get(), tip: id(&tip), work }
}

fn page(chain: &Chain, asked: PageRequest) -> Page {
    let mut page = Page::default();
    for block in chain.blocks_from(asked.from.max(1)).take(asked.count as usize) {
        if page.bytes() + block.len() > asked.bytes as usize {
            break;
        }
        page.blocks.push(block.clone());
    }
    page
}

impl Application for Answers {
    fn judge_payment(&self, payment: Payment) -> BoxFuture<'static, Verdict> {
        let verdict = read(&self.world, &payment.data).map_or(Verdict::Reject, |verified| {
            locked(&self.chain).add(verified);
            self.world.note(id_of(&payment.data));
            Verdict::Accept
        });
        ready(verdict).boxed()
    }

    fn wants(&self, _: AnnouncedBlock) -> BoxFuture<'static, bool> {
        ready(false).boxed()
    }

    fn judge_block(&self, block: ArrivedBlock) -> BoxFuture<'static, Verdict> {
        let taken = locked(&self.chain).take(&block.data);
        if taken == Taken::Ahead {
            // Full: enough peers wait to be asked.
            let _ = self.ahead.try_send(block.from);
        }
        let verdict = match taken {
            Taken::Appended => Verdict::Accept,
            Taken::Ahead | Taken::Other => Verdict::Ignore,
            Taken::Invalid => Verdict::Reject,
        };
        ready(verdict).boxed()
    }

    fn status(&self) -> BoxFuture<'static, Status> {
        ready(status(&locked(&self.chain))).boxed()
    }

    fn branch(&self, locator: Locator, bytes: u32) -> BoxFuture<'static, Option<Branch>> {
        let chain = locked(&self.chain);
        let point = |id: &BlockId| chain.height_of(id).map(|height| ForkPoint { height, id: *id });
        let fork = locator.ids().iter().find_map(point);
        let from = fork.map_or(1, |fork| fork.height + 1);
        let page = page(&chain, PageRequest { from, count: u32::MAX, bytes });
        ready(Some(Branch { status: status(&chain), fork, page })).boxed()
    }

    fn page(&self, asked: PageRequest) -> BoxFuture<'static, Page> {
        ready(page(&locked(&self.chain), asked)).boxed()
    }

    fn part(&self, _: BlockId, _: u64, _: u32) -> BoxFuture<'static, Option<Bytes>> {
        ready(None).boxed()
    }
}
