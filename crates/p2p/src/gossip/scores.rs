use std::time::Duration;

use libp2p::gossipsub::{PeerScoreParams, PeerScoreThresholds, TopicScoreParams, score_parameter_decay};

use super::topics::Topics;

const FORGET: Duration = Duration::from_secs(600);

/// How gossipsub scores peers, in addition to [`Offence`](crate::Offence). Without scores, rejected messages have no effect.
///
/// The sums of the two topics matter less than their signs: a peer above 0 stays in the mesh, one below is pruned, and one
/// below -80 is not heard.
pub(super) fn scores(topics: &Topics) -> PeerScoreParams {
    PeerScoreParams {
        topics: topics.hashes().into_iter().map(|topic| (topic, topic_scores())).collect(),
        topic_score_cap: 100.0,
        // The gate counts by address, and spares private ones: a class sits behind one router.
        ip_colocation_factor_weight: 0.0,
        // Promises that are not kept. A slow machine breaks a few; the square of what is above six counts.
        behaviour_penalty_weight: -10.0,
        behaviour_penalty_threshold: 6.0,
        behaviour_penalty_decay: score_parameter_decay(FORGET),
        // Keep the scores of peers that left, so that a redial does not reset them.
        retain_score: FORGET,
        ..PeerScoreParams::default()
    }
}

fn topic_scores() -> TopicScoreParams {
    TopicScoreParams {
        topic_weight: 1.0,
        // One point for each ten minutes, six at most.
        time_in_mesh_weight: 1.0,
        time_in_mesh_quantum: FORGET,
        time_in_mesh_cap: 6.0,
        // Half a point for being first, twenty at most.
        first_message_deliveries_weight: 0.5,
        first_message_deliveries_decay: score_parameter_decay(FORGET),
        first_message_deliveries_cap: 40.0,
        // There is no steady stream that a peer could fall behind.
        mesh_message_deliveries_weight: 0.0,
        mesh_failure_penalty_weight: 0.0,
        // The square counts: nine rejected messages are the end. Those that we have judged ourselves lead to a ban earlier;
        // this is for those with false signatures, which gossipsub rejects by itself.
        invalid_message_deliveries_weight: -1.0,
        invalid_message_deliveries_decay: score_parameter_decay(FORGET),
        ..TopicScoreParams::default()
    }
}

/// Below this, gossipsub hears nothing of a peer.
pub(crate) const UNHEARD: f64 = -80.0;

pub(super) fn thresholds() -> PeerScoreThresholds {
    PeerScoreThresholds {
        graylist_threshold: UNHEARD,
        accept_px_threshold: 1_000.0,
        opportunistic_graft_threshold: 2.0,
        ..PeerScoreThresholds::default()
    }
}
