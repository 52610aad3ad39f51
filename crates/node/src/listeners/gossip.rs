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
    loop {
        match events.next().await {
            Heard::Event(Event { change, .. }) => send(change, &ledger, &network).await,
            Heard::Lagged(lost) => {
                tracing::warn!("p2p: {lost} changes came too fast; payments among them stay with this node");
            }
            Heard::Ended => return,
        }
    }
}

async fn send(change: Change, ledger: &WeakLedger, network: &Network) {
    match change {
        Change::BlocksConnected { tip, origin: Origin::Mined, .. } => {
            network.publish_block(ledger, tip.hash).await;
        }
        Change::PaymentsAdded { numbers, source: Source::User } => {
            for payment in waiting(ledger, numbers) {
                network.publish_payment(&payment).await;
            }
        }
        _ => {}
    }
}

/// The payments that still wait. The others are in a block, which is sent itself.
fn waiting(ledger: &WeakLedger, numbers: RangeInclusive<PaymentNumber>) -> Vec<Arc<VerifiedPayment>> {
    let Some(ledger) = ledger.upgrade() else { return Vec::new() };
    ledger.view(|view| numbers.filter_map(|number| view.pool.get(number).cloned()).collect())
}
