use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{future::BoxFuture, stream::FuturesUnordered};
use libp2p::{
    Multiaddr, PeerId, Swarm,
    core::upgrade::Version,
    request_response::{InboundRequestId, OutboundRequestId},
    swarm,
};
use tokio::{sync::mpsc, time::Instant};

use super::{
    command::{Command, Introduced},
    pulse::Pulse,
    serving::Serving,
    work::{Asking, Done},
};
use crate::{
    application::Application,
    engine::{Behaviour, Traffic, parts, transport},
    error::StartError,
    event::{Event, EventSender},
    gossip::{Admission, GossipCounts, Outbox, Topics},
    peers::{Backoff, Offence, PeerTable, Wanted},
    rate::{Bucket, Rate},
    settings::Settings,
};

/// An idle connection lives until one side ends it. The ping finds those whose other side is gone.
const IDLE: Duration = Duration::from_secs(365 * 24 * 3600);

/// How often this node dials peers immediately when another one names them, a few each time. Without a limit, strangers that
/// come and go could make this node flood an address that they name.
pub(crate) const DIALS_AT_ONCE: Rate = Rate::new(0.5, 8.0);

/// Lines in the log about a listener that cannot accept connections.
pub(crate) const LISTENER_LINES: Rate = Rate::new(1.0 / 60.0, 3.0);

/// The swarm, and the driver's own state.
pub(crate) struct Driver {
    pub(crate) swarm: Swarm<Behaviour>,
    pub(crate) application: Arc<dyn Application>,
    pub(crate) settings: Settings,
    pub(crate) commands: mpsc::Receiver<Command>,
    /// For fetching a block, which asks as our user does. Weak: it must not keep the driver running.
    pub(crate) own_commands: mpsc::WeakSender<Command>,
    pub(crate) events: EventSender,
    pub(crate) peers: PeerTable,
    pub(crate) wanted: Wanted,
    /// Peers that the user introduced and that are being dialled. The gate bounds their number.
    pub(crate) introducing: Vec<(PeerId, Introduced)>,
    pub(crate) topics: Topics,
    pub(crate) admission: Admission,
    pub(crate) outbox: Outbox,
    /// Requests to the application, and blocks that are being fetched.
    pub(crate) work: FuturesUnordered<BoxFuture<'static, Done>>,
    pub(crate) asking: HashMap<OutboundRequestId, Asking>,
    pub(crate) serving: Serving<InboundRequestId>,
    pub(crate) pulse: Pulse,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) gossip_counts: Arc<GossipCounts>,
    pub(crate) counts: Counts,
    pub(crate) next_search: Instant,
    /// What is left of [`DIALS_AT_ONCE`].
    pub(crate) dials_at_once: Bucket,
    pub(crate) listener_lines: Bucket,
}

/// What the driver has counted itself.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) accepted: u64,
    pub(crate) ignored: u64,
    pub(crate) rejected: u64,
    pub(crate) not_judged: u64,
    pub(crate) published: u64,
    pub(crate) answered: u64,
    pub(crate) busy: u64,
    pub(crate) offences: [u64; Offence::ALL.len()],
    pub(crate) bans: u64,
}

impl Driver {
    /// Builds the swarm and listens. Must be called in a runtime.
    pub(crate) fn new(
        settings: Settings,
        application: Arc<dyn Application>,
        commands: (mpsc::WeakSender<Command>, mpsc::Receiver<Command>),
        events: mpsc::Sender<Event>,
    ) -> Result<Self, StartError> {
        let now = Instant::now();
        let (traffic, gossip_counts) = (Arc::<Traffic>::default(), Arc::<GossipCounts>::default());
        let topics = Topics::of(&settings.network);
        let swarm = swarm(&settings, &topics, &traffic, &gossip_counts)?;
        let backoff = Backoff { first: settings.first_redial, longest: settings.longest_redial };
        let mut peers = PeerTable::new(settings.identity.peer_id(), settings.limits.peers.clone(), backoff);
        peers.restore(&settings.known, now);
        let gossip = &settings.limits.gossip;
        Ok(Self {
            swarm,
            application,
            own_commands: commands.0,
            commands: commands.1,
            events: EventSender::new(events),
            peers,
            wanted: Wanted::new(&settings.bootstrap, backoff, now),
            introducing: Vec::new(),
            topics,
            admission: Admission::new(gossip.clone(), now),
            outbox: Outbox::new(gossip.per_origin, gossip.outbox, now),
            work: FuturesUnordered::new(),
            asking: HashMap::new(),
            serving: Serving::new(settings.limits.sync.clone()),
            pulse: Pulse::new(now),
            traffic,
            gossip_counts,
            counts: Counts::default(),
            next_search: now,
            dials_at_once: Bucket::full(DIALS_AT_ONCE, now),
            listener_lines: Bucket::full(LISTENER_LINES, now),
            settings,
        })
    }
}

fn swarm(
    settings: &Settings,
    topics: &Topics,
    traffic: &Arc<Traffic>,
    counts: &Arc<GossipCounts>,
) -> Result<Swarm<Behaviour>, StartError> {
    let transport = transport(settings.transport, &settings.identity, traffic)?;
    let behaviour = parts(settings, topics, counts.clone())?;
    let config = swarm::Config::with_tokio_executor()
        .with_max_negotiating_inbound_streams(16)
        // A request travels with the name of its protocol. The default waits a round trip for the name to be confirmed.
        .with_substream_upgrade_protocol_override(Version::V1Lazy)
        .with_idle_connection_timeout(IDLE);
    let mut swarm = Swarm::new(transport, behaviour, settings.identity.peer_id(), config);
    for address in &settings.listen {
        let listening = swarm.listen_on(address.clone());
        listening.map_err(|cause| StartError::Listen { address: address.clone(), cause })?;
    }
    settings.external.iter().for_each(|address: &Multiaddr| swarm.add_external_address(address.clone()));
    Ok(swarm)
}
