//! Judges payments.

use std::sync::Weak;

use p2p::Verdict;

use crate::events::Source;
use crate::ledger::WeakLedger;
use crate::network::relayed;
use crate::payments::{Payments, SubmitError};

/// Adds a payment to the pool. Rejects only one that is ill-formed or wrongly signed.
pub(in crate::network) async fn judge_payment(
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
