//! Judges blocks: accepts what is valid and new, and rejects only what its sender could have checked.

use std::cmp::Ordering;
use std::sync::Arc;

use ledger_core::Tip;
use ledger_core::seam::{Glance, RuleSet};
use p2p::{AnnouncedBlock, ArrivedBlock, PeerId, Verdict};
use tokio::sync::{Mutex, mpsc};

use super::append::append;
use super::branch::switch;
use super::orphans::Orphans;
use super::rivals::Rivals;
use crate::events::Listener;
use crate::ledger::{Ledger, WeakLedger};
use crate::network::serve;
use crate::network::tips::id_of;
use crate::system::threads::blocking;

/// Bytes of a block's text that say which block it follows.
const BEGINNING: usize = 200;

/// Attempts to append a block while our tip moves.
const ATTEMPTS: u32 = 3;

/// Judges blocks, one at a time and in the order in which they arrive: a block may follow the one before.
#[derive(Clone)]
pub(in crate::network) struct BlockJudge {
    ledger: WeakLedger,
    lock: Arc<Mutex<()>>,
    orphans: Orphans,
    rivals: Rivals,
    /// Receives the peers whose blocks are ahead of our tip.
    ahead: mpsc::Sender<PeerId>,
}

/// Where a block would be in our chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It follows our tip.
    Next,
    /// It is higher, and we lack its parent.
    Ahead,
    /// It is as high as our tip.
    Beside,
    /// It is lower.
    Behind,
}

impl BlockJudge {
    pub(in crate::network) fn new(ledger: WeakLedger, ahead: mpsc::Sender<PeerId>) -> Self {
        Self { ledger, lock: Arc::default(), orphans: Orphans::default(), rivals: Rivals::default(), ahead }
    }

    /// Appends a block that follows our tip, or switches to its branch if the blocks before it are kept. If some are missing, the
    /// block waits until its peer has sent them, and is relayed then. Only a block that breaks the rules is rejected.
    pub(in crate::network) async fn judge(self, block: ArrivedBlock) -> Verdict {
        let Some(changes) = self.changes() else { return Verdict::Ignore };
        match self.try_append(&block).await {
            Ok(verdict) => return verdict,
            Err(Place::Ahead) => {}
            Err(_) => return Verdict::Ignore,
        }
        // Take a place before switching, too: it reads blocks, and a stranger must not cause that without end.
        let Some(mut orphan) = self.orphans.add(block.from, changes) else {
            self.ask(block.from);
            return Verdict::Ignore;
        };
        if let Some(verdict) = self.try_switch(&block).await {
            return verdict;
        }
        self.ask(block.from);
        while orphan.chain_changes().await {
            match self.try_append(&block).await {
                Ok(verdict) => return verdict,
                Err(Place::Ahead) => {}
                Err(_) if self.is_ours(&block).await => return Verdict::Accept,
                Err(_) => return Verdict::Ignore,
            }
        }
        Verdict::Ignore
    }

    /// Whether to fetch the rest of a large block: it follows our tip, or will soon.
    pub(in crate::network) async fn wants(self, block: AnnouncedBlock) -> bool {
        let Some(changes) = self.changes() else { return false };
        let place = || {
            let ledger = self.ledger.upgrade()?;
            Some(place(&glance(&**ledger.rules(), &block.beginning)?, &ledger.tip()))
        };
        match place() {
            Some(Place::Next) => return true,
            Some(Place::Ahead) => {}
            _ => return false,
        }
        self.ask(block.from);
        let Some(mut orphan) = self.orphans.add(block.from, changes) else { return false };
        while orphan.chain_changes().await {
            match place() {
                Some(Place::Ahead) => {}
                place => return place == Some(Place::Next),
            }
        }
        false
    }

    fn changes(&self) -> Option<Listener> {
        self.ledger.upgrade().map(|ledger| ledger.listen_to_chain())
    }

    /// Tells the sync to ask a peer for the blocks before one of its blocks.
    fn ask(&self, peer: PeerId) {
        // Full: the sync has enough peers to ask.
        let _ = self.ahead.try_send(peer);
    }

    /// Appends a block if it follows our tip. Keeps one that is as high as our tip: it may win with a later one.
    ///
    /// # Errors
    ///
    /// Where it is, if it does not follow our tip.
    async fn try_append(&self, block: &ArrivedBlock) -> Result<Verdict, Place> {
        let _lock = self.lock.lock().await;
        for _ in 0..ATTEMPTS {
            let Some(ledger) = self.ledger.upgrade() else { return Ok(Verdict::Ignore) };
            let (tip, Some(glance)) = (ledger.tip(), glance(&**ledger.rules(), &block.data)) else {
                return Ok(Verdict::Reject);
            };
            match place(&glance, &tip) {
                Place::Next => {}
                Place::Beside => {
                    self.rivals.keep(glance, block);
                    return Err(Place::Beside);
                }
                place => return Err(place),
            }
            if let Some(verdict) = append(ledger, tip, block).await {
                return Ok(verdict);
            }
        }
        Ok(Verdict::Ignore)
    }

    /// Switches to a block that is ahead, if those before it are here and its branch wins. If not, keeps it for a later block.
    async fn try_switch(&self, block: &ArrivedBlock) -> Option<Verdict> {
        let _lock = self.lock.lock().await;
        let ledger = self.ledger.upgrade()?;
        let glance = glance(&**ledger.rules(), &block.data)?;
        let verdict = switch(ledger, self.rivals.clone(), block, glance).await;
        if verdict.is_none() {
            self.rivals.keep(glance, block);
        }
        verdict
    }

    /// Whether a block has come into our chain in another way.
    async fn is_ours(&self, block: &ArrivedBlock) -> bool {
        let Some(ledger) = self.ledger.upgrade() else { return false };
        let data = block.data.clone();
        let found = blocking("looking for a pushed block", move || is_ours(&ledger, &data));
        found.await.is_ok_and(|found| found)
    }
}

/// What a block's text begins with. `None` if that is no block.
fn glance(rules: &dyn RuleSet, text: &[u8]) -> Option<Glance> {
    rules.glance(&text[..text.len().min(BEGINNING)])
}

fn place(block: &Glance, tip: &Tip) -> Place {
    match block.height.cmp(&tip.height.get()) {
        _ if block.previous == Some(tip.hash) => Place::Next,
        Ordering::Greater => Place::Ahead,
        Ordering::Equal => Place::Beside,
        Ordering::Less => Place::Behind,
    }
}

fn is_ours(ledger: &Ledger, text: &[u8]) -> bool {
    let rules = ledger.rules();
    let is_canonical = rules.canonical_text(text).is_ok_and(|canonical| canonical.as_bytes() == text);
    let hash = rules.place(text).ok().filter(|_| is_canonical).map(|(_, hash)| hash);
    hash.is_some_and(|hash| serve::has(ledger, &id_of(&hash)).unwrap_or(false))
}
