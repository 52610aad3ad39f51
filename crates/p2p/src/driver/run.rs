use std::{collections::HashSet, time::Duration};

use futures_util::StreamExt;
use libp2p::{
    PeerId, ping,
    swarm::{SwarmEvent, dial_opts::DialOpts},
};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

use super::state::{Done, Driver, LISTENER_LINES, Pulse};
use crate::{engine::BehaviourEvent, event::Event, wire::Goodbye};

/// How long peers may take to hear that this node stops.
const GOODBYE: Duration = Duration::from_secs(2);

impl Driver {
    /// Drives the swarm until the user closes it, or has dropped every handle.
    pub(crate) async fn run(mut self) {
        let mut maintenance = interval(self.settings.maintain_every);
        maintenance.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut pulse = interval(Pulse::EVERY);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let now = Instant::now();
            let wake_at = self.outbox.wake_at(now).filter(|_| self.is_heard());
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(command) => if !self.on_command(command) { return self.say_goodbye().await },
                    None => return,
                },
                event = self.swarm.select_next_some() => self.on_event(event),
                Some(done) = self.work.next() => self.on_done(done),
                _ = pulse.tick() => self.pulse.beat(Instant::now()),
                _ = maintenance.tick() => self.maintain(),
                () = sleep_until(wake_at.unwrap_or(now)), if wake_at.is_some() => self.send_payments(),
            }
        }
    }

    /// Tells all peers that this node stops. Disconnects each peer that has heard it, and waits a limited time for the others.
    async fn say_goodbye(&mut self) {
        let mut left: HashSet<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in &left {
            self.swarm.behaviour_mut().goodbye.send_request(peer, Goodbye::Stops);
        }
        let leaving = async {
            while !left.is_empty() {
                let event = self.swarm.select_next_some().await;
                if let SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } = &event {
                    left.remove(peer_id);
                }
                self.on_event(event);
            }
        };
        // Err: the others learn it when their connection breaks.
        let _ = timeout(GOODBYE, leaving).await;
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                self.on_connected(peer_id, connection_id, &endpoint);
            }
            SwarmEvent::ConnectionClosed { peer_id, num_established: 0, .. } => self.on_disconnected(peer_id),
            SwarmEvent::OutgoingConnectionError { peer_id, connection_id, error } => {
                self.on_dial_failed(peer_id, connection_id, &error);
            }
            SwarmEvent::NewListenAddr { address, .. } => self.events.send(Event::Listening(address)),
            SwarmEvent::ListenerError { error, .. } if self.take_warning(Instant::now()) => {
                tracing::warn!("p2p: a connection could not be accepted: {error}");
            }
            _ => {}
        }
    }

    /// Whether the log may have one more line about the listener. Strangers can make the listener fail.
    fn take_warning(&mut self, now: Instant) -> bool {
        self.listener_lines.take(LISTENER_LINES, 1.0, now)
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Identify(event) => self.on_identify(event),
            BehaviourEvent::Goodbye(event) => self.on_goodbye(event),
            BehaviourEvent::Gossip(event) => self.on_gossip(event),
            BehaviourEvent::Sync(event) => self.on_sync(event),
            BehaviourEvent::Kad(event) => self.on_kad(event),
            BehaviourEvent::Mdns(event) => self.on_mdns(event),
            BehaviourEvent::Ping(ping::Event { connection, result: Err(ping::Failure::Timeout), .. }) => {
                // The other side is gone, and TCP has not noticed.
                self.swarm.close_connection(connection);
            }
            BehaviourEvent::Ping(_) => {}
            BehaviourEvent::Gate(never) | BehaviourEvent::Blocked(never) => match never {},
        }
    }

    fn on_done(&mut self, done: Done) {
        match done {
            Done::Payment { judged, verdict } => self.on_payment_judged(&judged, verdict),
            Done::Block { judged, verdict } => self.on_block_judged(&judged, verdict),
            Done::Fetched { judged, id, length, verdict } => self.on_fetched(&judged, id, length, verdict),
            Done::Answer(answer) => self.on_answer(answer),
        }
    }

    /// Dials, and handles a failure that comes at once.
    pub(super) fn dial(&mut self, options: DialOpts) {
        let (peer, id) = (options.get_peer_id(), options.connection_id());
        if let Err(error) = self.swarm.dial(options) {
            self.on_dial_failed(peer, id, &error);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{driver::state::testing::driver, settings::Limits};

    #[tokio::test]
    async fn log_lines_about_the_listener_are_limited() {
        let (mut driver, _events) = driver(Limits::default());
        let now = Instant::now();
        assert_eq!((0..9).filter(|_| driver.take_warning(now)).count(), 3);
        assert!(driver.take_warning(now + Duration::from_secs(60)));
    }
}
