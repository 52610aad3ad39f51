use tokio::time::Instant;

use super::state::{Command, Driver};
use crate::info::{Counters, NodeInfo};

impl Driver {
    /// Executes a command of the user. Returns false if it closes the network. The caller may have hung up; that is no error.
    pub(super) fn on_command(&mut self, command: Command) -> bool {
        let now = Instant::now();
        match command {
            Command::PublishPayment { data, reply } => drop(reply.send(self.publish_payment(data))),
            Command::PublishBlock { id, data, reply } => drop(reply.send(self.publish_block(id, data))),
            Command::Ask(ask) => self.ask(ask),
            Command::Report { peer, offence, why } => self.charge(peer, offence, &why),
            Command::Dial(address) => self.wanted.add(address, now),
            Command::Introduce { peer, addresses, reply } => self.introduce(peer, addresses, reply),
            Command::Peers(reply) => drop(reply.send(self.peers.infos(now))),
            Command::Known(reply) => drop(reply.send(self.peers.known(now))),
            Command::Info(reply) => drop(reply.send(self.info())),
            Command::Close(reply) => {
                drop(reply.send(self.outbox.drain()));
                return false;
            }
        }
        true
    }

    fn info(&self) -> NodeInfo {
        NodeInfo {
            id: *self.swarm.local_peer_id(),
            listen: self.swarm.listeners().cloned().collect(),
            external: self.swarm.external_addresses().cloned().collect(),
            connected: self.peers.joined_count(),
            banned: self.peers.banned(Instant::now()).count(),
            counters: self.counters(),
        }
    }

    fn counters(&self) -> Counters {
        use std::sync::atomic::Ordering::Relaxed;
        Counters {
            bytes_received: self.traffic.received.load(Relaxed),
            bytes_sent: self.traffic.sent.load(Relaxed),
            copies: self.gossip_counts.copies.load(Relaxed),
            copied_bytes: self.gossip_counts.bytes.load(Relaxed),
            accepted: self.counts.accepted,
            ignored: self.counts.ignored,
            rejected: self.counts.rejected,
            not_judged: self.counts.not_judged,
            published: self.counts.published,
            answered: self.counts.answered,
            busy: self.counts.busy,
            offences: self.counts.offences,
            bans: self.counts.bans,
        }
    }
}
