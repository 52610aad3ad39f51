//! Judges what other nodes send: accepts what is valid and new, and rejects only what its sender could have checked.

use std::sync::{Arc, Weak};

use ledger_core::Tip;
use ledger_core::seam::{BlockError, Successor};
use p2p::{ArrivedBlock, PeerId, Verdict};
use tokio::sync::{Mutex, mpsc};

use super::relayed;
use crate::events::{Origin, Source};
use crate::ledger::{Extended, Ledger, WeakLedger};
use crate::payments::{Payments, SubmitError};
use crate::system::causes::with_causes;
use crate::system::clock;
use crate::system::threads::{Panicked, blocking};

/// Bytes of a block's text that say which block it follows.
const BEGINNING: usize = 200;

/// Attempts to append a block while our tip moves.
const ATTEMPTS: u32 = 3;

/// Judges blocks, one at a time and in the order in which they arrive: a block may follow the one before.
#[derive(Clone)]
pub(super) struct BlockJudge {
    ledger: WeakLedger,
    lock: Arc<Mutex<()>>,
    /// Receives the peers whose blocks are ahead of our tip.
    ahead: mpsc::Sender<PeerId>,
}

impl BlockJudge {
    pub(super) fn new(ledger: WeakLedger, ahead: mpsc::Sender<PeerId>) -> Self {
        Self { ledger, lock: Arc::default(), ahead }
    }

    /// Appends a block that follows our tip. Only a block that breaks the rules is rejected.
    pub(super) async fn judge(self, block: ArrivedBlock) -> Verdict {
        let _lock = self.lock.lock().await;
        for _ in 0..ATTEMPTS {
            let Some(ledger) = self.ledger.upgrade() else { return Verdict::Ignore };
            let tip = ledger.tip();
            let beginning = &block.data[..block.data.len().min(BEGINNING)];
            let Some(glance) = ledger.rules().glance(beginning) else { return Verdict::Reject };
            if glance.previous != Some(tip.hash) {
                if glance.height > tip.height.get() {
                    // Full: the sync has peers enough to ask.
                    let _ = self.ahead.try_send(block.from);
                }
                return Verdict::Ignore;
            }
            if let Some(verdict) = append(ledger, tip, &block).await {
                return verdict;
            }
        }
        Verdict::Ignore
    }
}

/// Appends a block to our tip. `None` if the tip has moved.
async fn append(ledger: Ledger, tip: Tip, block: &ArrivedBlock) -> Option<Verdict> {
    if ledger.check_takes_changes().is_err() {
        return Some(Verdict::Ignore);
    }
    match check(ledger.clone(), block).await {
        Ok(Ok(Some(next))) => match ledger.extend(next, Origin::Pushed).await {
            Ok(Extended::Connected(_)) => Some(Verdict::Accept),
            Ok(Extended::NotOnOurTip) => None,
            Err(error) => {
                tracing::debug!("block not appended: {}", with_causes(&error));
                Some(Verdict::Ignore)
            }
        },
        // It was checked against another tip than the one that it follows.
        _ if ledger.tip() != tip => None,
        Ok(Err(error)) if error.is_premature() => Some(Verdict::Ignore),
        Ok(refused) => {
            let why = refused.map_or_else(|error| error.to_string(), |_| "its text is not canonical".into());
            tracing::debug!("rejected a block of {}: {why}", block.from);
            Some(Verdict::Reject)
        }
        Err(panicked) => {
            tracing::error!("{panicked}");
            Some(Verdict::Ignore)
        }
    }
}

/// Checks a block against our tip, away from the network's thread. `None` if its text is not canonical: nodes send no other.
fn check(
    ledger: Ledger,
    block: &ArrivedBlock,
) -> impl Future<Output = Result<Result<Option<Successor>, BlockError>, Panicked>> + use<> {
    let data = block.data.clone();
    blocking("checking a pushed block", move || {
        let next = ledger.check_next(&data, clock::now())?;
        let is_canonical = next.block().text().as_bytes() == data;
        Ok(is_canonical.then_some(next))
    })
}

/// Adds a payment to the pool. Only one that is ill-formed or wrongly signed is rejected.
pub(super) async fn judge_payment(
    ledger: WeakLedger,
    payments: Weak<Payments>,
    data: bytes::Bytes,
) -> Verdict {
    let Some(ledger) = ledger.upgrade() else { return Verdict::Ignore };
    let Some(payment) = relayed::read(&**ledger.rules(), &data) else { return Verdict::Reject };
    drop(ledger);
    let Some(payments) = payments.upgrade() else { return Verdict::Ignore };
    match payments.submit(payment, Source::Relay).await {
        Ok(_) => Verdict::Accept,
        Err(SubmitError::Unverified(_)) => Verdict::Reject,
        Err(SubmitError::Busy | SubmitError::Change(_)) => Verdict::Ignore,
    }
}
