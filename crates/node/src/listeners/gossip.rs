//! Sends blocks that this node mined, and payments that its users sent, to the peer-to-peer network. The network itself
//! relays what other nodes sent.

use std::ops::RangeInclusive;
use std::sync::Arc;

use ledger_core::{PaymentNumber, VerifiedPayment};

use crate::events::{Change, Event, Heard, Listener, Origin, Source};
use crate::ledger::WeakLedger;
use crate::network::Network;

/// Sends each change that concerns other nodes.
pub(super) async fn run(mut events: Listener, ledger: WeakLedger, network: Network) {
    // Below the number of any payment.
    let mut last = PaymentNumber::MIN;
    loop {
        let payments = match events.next().await {
            Heard::Event(Event {
                change: Change::PaymentsAdded { numbers, source: Source::User }, ..
            }) => added(&ledger, numbers, &mut last),
            Heard::Event(Event {
                change: Change::BlocksConnected { tip, origin: Origin::Mined, .. },
                ..
            }) => {
                network.publish_block(&ledger, tip.hash).await;
                continue;
            }
            Heard::Event(_) => continue,
            Heard::Lagged(_) => missed(&ledger, &mut last),
            Heard::Ended => return,
        };
        for payment in payments {
            network.publish_payment(&payment).await;
        }
    }
}

/// The new payments among these that still wait. The others are in a block, which is sent itself.
fn added(
    ledger: &WeakLedger,
    numbers: RangeInclusive<PaymentNumber>,
    last: &mut PaymentNumber,
) -> Vec<Arc<VerifiedPayment>> {
    let Some(ledger) = ledger.upgrade() else { return Vec::new() };
    // After a lag some were sent already.
    let before = std::mem::replace(last, (*last).max(*numbers.end()));
    let new = numbers.filter(|number| *number > before);
    ledger.view(|view| new.filter_map(|number| view.pool.get(number).cloned()).collect())
}

/// The payments of users after the last one that was sent.
fn missed(ledger: &WeakLedger, last: &mut PaymentNumber) -> Vec<Arc<VerifiedPayment>> {
    let Some(ledger) = ledger.upgrade() else { return Vec::new() };
    ledger.view(|view| {
        let before = std::mem::replace(last, view.pool.next_number() - 1);
        view.sent_by_users_after(before)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::testing::{ledger, seal, submit, waiting};

    fn texts(payments: Vec<Arc<VerifiedPayment>>) -> Vec<String> {
        payments.iter().map(|payment| payment.text().to_owned()).collect()
    }

    #[test]
    fn lagging_listener_sends_each_payment_of_a_user_once() {
        let directory = tempfile::tempdir().unwrap();
        let ledger = ledger(&directory);
        let (user, relay) = (Source::User, Source::Relay);
        submit(&ledger, &[("mined", user)]).remove(0).unwrap();
        seal(&ledger);
        submit(&ledger, &[("ann", user), ("bob", relay)]);
        let weak = ledger.downgrade();
        let mut last = PaymentNumber::MIN;
        let first = texts(added(&weak, 1..=1, &mut last));
        assert!(first.len() == 1 && first[0].contains("ann"), "{first:?}");
        submit(&ledger, &[("carl", user), ("dora", relay)]);
        submit(&ledger, &[("eve", user)]);
        let missed = texts(missed(&weak, &mut last));
        assert!(missed.len() == 2 && missed[0].contains("carl") && missed[1].contains("eve"), "{missed:?}");
        assert_eq!(texts(added(&weak, 3..=5, &mut last)), [""; 0], "the events that come after the lag");
        assert_eq!(waiting(&ledger), ["ann", "bob", "carl", "dora", "eve"]);
        submit(&ledger, &[("fay", user)]);
        let next = texts(added(&weak, 6..=6, &mut last));
        assert!(next.len() == 1 && next[0].contains("fay"), "{next:?}");
    }
}
