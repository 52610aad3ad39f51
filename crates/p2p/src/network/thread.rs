use std::{
    io,
    sync::Arc,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::{
    runtime::Builder,
    sync::{mpsc, oneshot},
};

use super::handle::{Events, Network};
use crate::{
    application::Application,
    driver::{Command, Driver},
    error::StartError,
    event::Event,
    settings::Settings,
};

/// Commands of the user that wait for the driver.
const COMMANDS: usize = 256;
/// Events that wait for the user.
const EVENTS: usize = 256;

impl Network {
    /// Starts the network on a thread of its own, and waits until it listens.
    ///
    /// # Errors
    ///
    /// If an address cannot be listened on, the settings contradict themselves, or the system refuses a thread or socket.
    pub async fn start(
        settings: Settings,
        application: Arc<dyn Application>,
    ) -> Result<(Self, Events), StartError> {
        let channels = Channels::new(&settings, application)?;
        let (started, start) = oneshot::channel();
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let Channels { network, events, driver } = channels;
        thread::Builder::new().name("p2p".into()).spawn(move || {
            let run = async move {
                match driver.build(settings) {
                    Ok(driver) => {
                        // Err: the caller and its handle have gone, so the driver ends.
                        let _ = started.send(Ok(()));
                        driver.run().await;
                    }
                    Err(error) => drop(started.send(Err(error))),
                }
            };
            runtime.block_on(run);
        })?;
        start.await.map_err(|_| io::Error::other("the network thread ended"))??;
        Ok((network, events))
    }

    /// Starts the network as a task of the runtime that this is called in: for many nodes in one process.
    ///
    /// # Errors
    ///
    /// As [`Network::start`].
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn spawn(
        settings: Settings,
        application: Arc<dyn Application>,
    ) -> Result<(Self, Events), StartError> {
        let Channels { network, events, driver } = Channels::new(&settings, application)?;
        let driver = driver.build(settings)?;
        tokio::spawn(driver.run());
        Ok((network, events))
    }
}

/// The user's ends of the channels, and the driver's parts.
struct Channels {
    network: Network,
    events: Events,
    driver: Parts,
}

struct Parts {
    application: Arc<dyn Application>,
    commands: (mpsc::WeakSender<Command>, mpsc::Receiver<Command>),
    events: mpsc::Sender<Event>,
}

impl Channels {
    fn new(settings: &Settings, application: Arc<dyn Application>) -> Result<Self, StartError> {
        check(settings)?;
        let (commands, received) = mpsc::channel(COMMANDS);
        let (happened, events) = mpsc::channel(EVENTS);
        let driver = Parts {
            application: application.clone(),
            commands: (commands.downgrade(), received),
            events: happened,
        };
        let (id, limits) = (settings.identity.peer_id(), settings.limits.sync.clone());
        Ok(Self { network: Network { id, application, commands, limits }, events, driver })
    }
}

impl Parts {
    fn build(self, settings: Settings) -> Result<Driver, StartError> {
        Driver::new(settings, self.application, self.commands, self.events)
    }
}

/// Refuses settings that make libp2p panic, or that this node cannot keep.
fn check(settings: &Settings) -> Result<(), StartError> {
    if SystemTime::now().duration_since(UNIX_EPOCH).is_err() {
        return Err(StartError::Clock);
    }
    let (gossip, sync) = (&settings.limits.gossip, &settings.limits.sync);
    if sync.page_bytes == 0 || u32::try_from(sync.page_bytes).is_err() {
        return Err(StartError::Limits(format!(
            "a page has 1 to {} bytes, not {}",
            u32::MAX,
            sync.page_bytes
        )));
    }
    if gossip.per_peer.per_second < gossip.payments.per_second {
        return Err(StartError::Limits(
            "peers must be allowed as many messages as there are payments in sum".into(),
        ));
    }
    if gossip.origins == 0 || gossip.judged == 0 || gossip.judged_blocks == 0 || gossip.fetched_blocks == 0 {
        return Err(StartError::Limits("at least one origin, payment and block must be allowed".into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        identity::Identity,
        network_id::NetworkId,
        settings::{GossipLimits, Limits, SyncLimits},
    };

    fn with(gossip: GossipLimits, sync: SyncLimits) -> Settings {
        let network = NetworkId::new("test", "classic", 4).unwrap();
        let limits = Limits { gossip, sync, ..Limits::default() };
        Settings { limits, ..Settings::new(network, Identity::generate()) }
    }

    #[test]
    fn page_size_fits_32_bits() {
        let is_accepted = |page_bytes: usize| {
            check(&with(GossipLimits::default(), SyncLimits { page_bytes, ..SyncLimits::default() })).is_ok()
        };
        let largest = u32::MAX as usize;
        assert_eq!([0, 1, largest, largest + 1].map(is_accepted), [false, true, true, false]);
    }

    #[test]
    fn limits_that_let_nothing_through_are_refused() {
        let all = GossipLimits::default;
        let [mut rate, mut origins, mut judged, mut blocks, mut fetched] = [(); 5].map(|()| all());
        rate.per_peer.per_second = rate.payments.per_second - 1.0;
        origins.origins = 0;
        judged.judged = 0;
        blocks.judged_blocks = 0;
        fetched.fetched_blocks = 0;
        for limits in [rate, origins, judged, blocks, fetched] {
            let refused = check(&with(limits.clone(), SyncLimits::default()));
            assert!(matches!(refused, Err(StartError::Limits(_))), "{limits:?}");
        }
        let just_enough = GossipLimits {
            per_peer: all().payments,
            origins: 1,
            judged: 1,
            judged_blocks: 1,
            fetched_blocks: 1,
            ..all()
        };
        check(&with(just_enough, SyncLimits::default())).unwrap();
    }
}
