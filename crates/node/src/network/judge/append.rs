//! Checks a block that follows our tip, and appends it.

use ledger_core::Tip;
use ledger_core::seam::{BlockError, Successor};
use p2p::{ArrivedBlock, Verdict};

use crate::events::Origin;
use crate::ledger::{Extended, Ledger};
use crate::system::causes::with_causes;
use crate::system::clock;
use crate::system::threads::{Panicked, blocking};

/// Appends a block to our tip. `None` if the tip has moved.
pub(super) async fn append(ledger: Ledger, tip: Tip, block: &ArrivedBlock) -> Option<Verdict> {
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
        // The tip moved, so the block was not checked against the one that it follows.
        _ if ledger.tip() != tip => None,
        Ok(refused) => Some(refusal(block, refused.err().as_ref())),
        Err(panicked) => {
            tracing::error!("{panicked}");
            Some(Verdict::Ignore)
        }
    }
}

/// The verdict on a block that may not follow our tip. Without an error, its text is not canonical.
fn refusal(block: &ArrivedBlock, error: Option<&BlockError>) -> Verdict {
    let why = error.map_or_else(|| "its text is not canonical".into(), ToString::to_string);
    tracing::debug!("refused a block of {}: {why}", block.from);
    if error.is_some_and(BlockError::is_premature) { Verdict::Ignore } else { Verdict::Reject }
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ledger_core::seam::Violation;
    use p2p::PeerId;

    use super::*;

    #[derive(Clone, Debug, thiserror::Error)]
    #[error("a rule")]
    struct Broken {
        is_premature: bool,
    }

    impl Violation for Broken {
        fn block(&self) -> Option<u64> {
            None
        }

        fn is_premature(&self) -> bool {
            self.is_premature
        }
    }

    #[test]
    fn premature_block_is_not_rejected() {
        let block = ArrivedBlock { data: "{}".into(), from: PeerId::random() };
        let verdict = |is_premature| {
            let error = BlockError::Rule(Arc::new(Broken { is_premature }));
            refusal(&block, Some(&error))
        };
        assert_eq!([true, false].map(verdict), [Verdict::Ignore, Verdict::Reject]);
        assert_eq!(refusal(&block, None), Verdict::Reject, "its text is not canonical");
    }
}
