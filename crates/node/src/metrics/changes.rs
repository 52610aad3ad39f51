//! Blocks and reorgs, counted from the ledger's events.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::events::{Change, Origin};

/// Upper bounds of the histogram of reorgs, in replaced blocks.
const DEPTHS: [f64; 10] = [1.0, 2.0, 3.0, 6.0, 10.0, 20.0, 50.0, 100.0, 1000.0, 10_000.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct From {
    origin: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Orphaned {
    outcome: &'static str,
}

/// Counters of the ledger's changes since the start. Clones count together.
#[derive(Clone, Debug)]
pub struct ChangeMetrics {
    blocks: Family<From, Counter>,
    payments: Counter,
    bytes: Counter,
    reorgs: Histogram,
    orphaned: Family<Orphaned, Counter>,
    missed: Counter,
}

impl Default for ChangeMetrics {
    fn default() -> Self {
        let (blocks, orphaned) = (Family::default(), Family::default());
        // Start at 0: Prometheus sees no increase in a counter that first appears with its first event.
        for origin in [Origin::Mined, Origin::Pushed, Origin::Fetched] {
            drop(blocks.get_or_create(&from(origin)));
        }
        for outcome in ["returned", "dropped"] {
            drop(orphaned.get_or_create(&Orphaned { outcome }));
        }
        let (payments, bytes, missed) = Default::default();
        Self { blocks, payments, bytes, reorgs: Histogram::new(DEPTHS), orphaned, missed }
    }
}

impl ChangeMetrics {
    /// Counts a change.
    pub fn count(&self, change: &Change) {
        match *change {
            Change::BlocksConnected { count, payments, bytes, origin, .. } => {
                self.blocks.get_or_create(&from(origin)).inc_by(count);
                self.payments.inc_by(payments);
                self.bytes.inc_by(bytes);
            }
            Change::Reorganised { disconnected, connected, returned, dropped, .. } => {
                self.blocks.get_or_create(&from(Origin::Fetched)).inc_by(connected);
                self.reorgs.observe(disconnected as f64);
                self.orphaned.get_or_create(&Orphaned { outcome: "returned" }).inc_by(returned as u64);
                self.orphaned.get_or_create(&Orphaned { outcome: "dropped" }).inc_by(dropped);
            }
            _ => {}
        }
    }

    /// Counts changes that were lost because they came too fast.
    pub fn missed(&self, changes: u64) {
        self.missed.inc_by(changes);
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("blocks", "Blocks that joined our chain, by origin", self.blocks.clone());
        let payments = "Payments in these blocks, rewards included, without those of reorgs";
        registry.register("block_payments", payments, self.payments.clone());
        registry.register(
            "block_bytes",
            "Bytes of these blocks, without those of reorgs",
            self.bytes.clone(),
        );
        registry.register("reorg_depth", "Reorgs, by the number of our blocks replaced", self.reorgs.clone());
        let orphaned = "Payments of replaced blocks: returned to the pool, or dropped because it was full";
        registry.register("orphaned_payments", orphaned, self.orphaned.clone());
        let missed = "Changes that the counters of blocks and reorgs missed because they came too fast";
        registry.register("missed_changes", missed, self.missed.clone());
    }
}

fn from(origin: Origin) -> From {
    let origin = match origin {
        Origin::Mined => "mined",
        Origin::Pushed => "pushed",
        Origin::Fetched => "fetched",
    };
    From { origin }
}

#[cfg(test)]
mod tests {
    use ledger_core::{BlockHash, ForkPoint, Height, Tip};
    use prometheus_client::encoding::text::encode;

    use super::*;

    fn tip(height: u64) -> Tip {
        Tip::new(Height::new(height).unwrap(), BlockHash::of_text(""), height.into())
    }

    fn text(metrics: &ChangeMetrics) -> String {
        let (mut registry, mut text) = (Registry::default(), String::new());
        metrics.register(&mut registry);
        encode(&mut text, &registry).unwrap();
        text
    }

    #[test]
    fn blocks_and_reorgs_are_counted() {
        let metrics = ChangeMetrics::default();
        let (before, count, payments, bytes) = (tip(1), 2, 5, 900);
        let origin = Origin::Mined;
        metrics.count(&Change::BlocksConnected { before, tip: tip(3), count, payments, bytes, origin });
        let (fork, from, to) = (ForkPoint::from(tip(1)), tip(3), tip(5));
        let (disconnected, connected, returned, dropped) = (2, 4, 3, 1);
        let reorg = Change::Reorganised { fork, from, to, disconnected, connected, returned, dropped };
        metrics.count(&reorg);
        metrics.missed(7);
        let text = text(&metrics);
        for line in [
            "blocks_total{origin=\"mined\"} 2",
            "blocks_total{origin=\"fetched\"} 4",
            "blocks_total{origin=\"pushed\"} 0",
            "block_payments_total 5",
            "block_bytes_total 900",
            "reorg_depth_bucket{le=\"1.0\"} 0",
            "reorg_depth_bucket{le=\"2.0\"} 1",
            "reorg_depth_sum 2.0",
            "orphaned_payments_total{outcome=\"returned\"} 3",
            "orphaned_payments_total{outcome=\"dropped\"} 1",
            "missed_changes_total 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in:\n{text}");
        }
    }
}
