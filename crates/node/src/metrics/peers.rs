//! Traffic and gossip of the peer-to-peer network.

use p2p::{Counters, Offence};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

/// The peer-to-peer network at one moment; all zero for a node that has not joined one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeerFigures {
    /// Connected peers.
    pub connected: usize,
    /// Peers that are banned now.
    pub banned: usize,
    /// What the node has counted since its start.
    pub counters: Counters,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Kind {
    offence: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Direction {
    direction: &'static str,
}

impl PeerFigures {
    pub(super) fn register(self, registry: &mut Registry) {
        let Self { connected, banned, counters: of } = self;
        registry.register("connected", "Connected peers", ConstGauge::new(connected as u64));
        let bytes = Family::<Direction, Counter>::default();
        for (direction, count) in [("received", of.bytes_received), ("sent", of.bytes_sent)] {
            bytes.get_or_create(&Direction { direction }).inc_by(count);
        }
        registry.register_with_unit("traffic", "Bytes on the network", Unit::Bytes, bytes);
        let verdicts = [
            ("accepted", of.accepted),
            ("ignored", of.ignored),
            ("rejected", of.rejected),
            ("not judged", of.not_judged),
        ];
        registry.register("gossip", "Messages that came in, by outcome", by_outcome(verdicts));
        registry.register("gossip_copies", "Messages that came in, each copy counted", count(of.copies));
        registry.register("gossip_published", "Messages of this node", count(of.published));
        let requests = by_outcome([("answered", of.answered), ("busy", of.busy)]);
        registry.register("requests", "Requests of peers, answered or told that we are busy", requests);
        registry.register("offences", "Offences of peers", offences(of));
        registry.register("bans", "Bans of peers", count(of.bans));
        registry.register("banned", "Peers that are banned now", ConstGauge::new(banned as u64));
    }
}

fn by_outcome<const N: usize>(counts: [(&'static str, u64); N]) -> Family<Outcome, Counter> {
    let family = Family::<Outcome, Counter>::default();
    for (outcome, count) in counts {
        family.get_or_create(&Outcome { outcome }).inc_by(count);
    }
    family
}

fn offences(of: Counters) -> Family<Kind, Counter> {
    let family = Family::<Kind, Counter>::default();
    for (offence, count) in Offence::ALL.iter().zip(of.offences) {
        family.get_or_create(&Kind { offence: offence.to_string() }).inc_by(count);
    }
    family
}

fn count(count: u64) -> Counter {
    let counter = Counter::default();
    counter.inc_by(count);
    counter
}
