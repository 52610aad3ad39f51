//! Neighbours' answers to requests for their chain.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answer {
    outcome: &'static str,
}

/// Counters of neighbours' answers since the start. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct NeighbourMetrics(Family<Answer, Counter>);

impl NeighbourMetrics {
    /// Counts an answer by its outcome, one of the fixed set that a resolve shows.
    pub fn answered(&self, outcome: &'static str) {
        self.0.get_or_create(&Answer { outcome }).inc();
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        let answers = "Neighbours asked for their chain, by outcome";
        registry.register("neighbour_answers", answers, self.0.clone());
    }
}
