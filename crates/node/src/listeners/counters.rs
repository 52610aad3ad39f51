//! Counts changes of the ledger for `GET /metrics`.

use crate::events::{Event, Heard, Listener};
use crate::metrics::ChangeMetrics;

/// Counts each change.
pub(super) async fn run(mut events: Listener, metrics: ChangeMetrics) {
    loop {
        match events.next().await {
            Heard::Event(Event { change, .. }) => metrics.count(&change),
            Heard::Lagged(lost) => metrics.missed(lost),
            Heard::Ended => return,
        }
    }
}
