//! Clients that pay, mine, register and resolve until their node dies, and record what it acknowledged.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

use ledger_core::Members;
use serde_json::{Value, json};

use crate::harness::durable::Client;
use crate::harness::made::payments::{Payment, pay};
use crate::harness::node::{Node, State};

/// Concurrent payers.
const PAYERS: usize = 3;

/// Payments that each payer signs in advance. Later ones are sent as they are signed.
const SIGNED: usize = 25;

/// Blocks that the rival mines ahead.
const AHEAD: usize = 6;

/// Pause of the node's miner after a block, so that a rival can overtake it.
const REST: Duration = Duration::from_millis(15);

/// Acknowledged requests, and requests without an answer.
#[derive(Default)]
pub(crate) struct Records(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    /// Payments by recipient, and whether they were acknowledged.
    payments: HashMap<String, bool>,
    /// Index, proof and previous hash of mined blocks.
    mined: Vec<(u64, u64, String)>,
    /// Neighbours, and whether they were acknowledged.
    peers: HashMap<String, bool>,
    reorgs: usize,
    /// The chain after the last kill.
    chain: Vec<Members<'static>>,
}

impl Records {
    fn note(&self, note: impl FnOnce(&mut Remembered)) {
        note(&mut self.0.lock().unwrap());
    }

    /// Sends a payment to a unique recipient. False once the node is dead.
    fn pay(&self, client: &Client, payment: &Payment) -> bool {
        let recipient = &payment.recipient;
        self.note(|records| records.payment(recipient, false));
        let Some((status, text)) = client.post("/transactions/new", &payment.json()) else { return false };
        assert_eq!(status, 201, "{text}");
        self.note(|records| records.payment(recipient, true));
        true
    }

    fn mine(&self, client: &Client) -> bool {
        let Some((status, text)) = client.get("/mine") else { return false };
        assert_eq!(status, 200, "{text}");
        let block: Value = serde_json::from_str(&text).unwrap();
        let number = |name: &str| block[name].as_u64().unwrap();
        let mined = (number("index"), number("proof"), block["previous_hash"].as_str().unwrap().to_owned());
        self.note(|records| records.mined.push(mined));
        true
    }

    /// Registers neighbours if the node is alive.
    pub(crate) fn register(&self, address: SocketAddr, peers: &[String]) {
        let remember = |known| {
            self.note(|records| records.peers.extend(peers.iter().map(|peer| (peer.clone(), known))));
        };
        remember(false);
        let body = json!({ "nodes": peers }).to_string();
        if let Some((status, text)) = Client::of(address).post("/nodes/register", &body) {
            assert_eq!(status, 201, "{text}");
            remember(true);
        }
    }

    /// Checks a restarted node. Returns this round's counts and resets them.
    pub(crate) fn check(&self, round: usize, state: &State, our_blocks_stay: bool) -> [usize; 4] {
        let mut records = self.0.lock().unwrap();
        records.check_payments(round, state);
        records.check_peers(round, state);
        records.check_blocks(round, state, our_blocks_stay);
        records.chain.clone_from(&state.chain);
        let mined = std::mem::take(&mut records.mined).len();
        let reorgs = std::mem::take(&mut records.reorgs);
        let of_this_round = |recipient: &str| recipient.starts_with(&format!("{round}/"));
        let of_this_round = records.payments.iter().filter(|(recipient, _)| of_this_round(recipient));
        let (known, unknown): (Vec<_>, Vec<_>) = of_this_round.partition(|(_, known)| **known);
        [known.len(), unknown.len(), mined, reorgs]
    }
}

impl Remembered {
    fn payment(&mut self, recipient: &str, acknowledged: bool) {
        self.payments.insert(recipient.to_owned(), acknowledged);
    }

    fn check_payments(&self, round: usize, state: &State) {
        let mut found: HashMap<&str, usize> = HashMap::new();
        let in_chain = state.chain.iter().flat_map(|block| &block.transactions);
        for payment in in_chain.chain(&state.pool).filter(|payment| !payment.is_reward()) {
            *found.entry(payment.recipient.as_str()).or_default() += 1;
        }
        if let Some((recipient, count)) = found.iter().find(|(_, count)| **count > 1) {
            panic!("round {round}: the payment to {recipient} appears {count} times");
        }
        let lost = self.payments.iter().find(|(to, known)| **known && !found.contains_key(to.as_str()));
        assert_eq!(lost, None, "round {round}: an acknowledged payment is lost");
    }

    fn check_peers(&self, round: usize, state: &State) {
        let found: BTreeSet<&String> = state.nodes.iter().collect();
        let lost = self.peers.iter().find(|(peer, known)| **known && !found.contains(peer));
        assert_eq!(lost, None, "round {round}: an acknowledged neighbour is lost");
        let unknown = found.iter().find(|peer| !self.peers.contains_key(**peer));
        assert_eq!(unknown, None, "round {round}: a neighbour nobody registered");
    }

    /// Without a reorg every block stays. With one the chain can only grow.
    fn check_blocks(&self, round: usize, state: &State, our_blocks_stay: bool) {
        let length = state.chain.len() as u64;
        assert!(state.chain.len() >= self.chain.len(), "round {round}: the chain is shorter");
        let last = self.mined.iter().map(|(index, ..)| *index).max().unwrap_or(1);
        assert!(last <= length, "round {round}: block {last} was acknowledged, but there are {length}");
        if !our_blocks_stay {
            return;
        }
        assert_eq!(state.chain[..self.chain.len()], self.chain, "round {round}: old blocks have changed");
        for (index, proof, previous_hash) in &self.mined {
            let block = &state.chain[*index as usize - 1];
            let found = (block.proof, block.previous_hash.to_string());
            assert_eq!(found, (*proof, previous_hash.clone()), "round {round}: block {index} differs");
        }
    }
}

/// Another node, whose chain is always longer when fetched.
pub(crate) struct Rival(Node);

impl Rival {
    pub(crate) fn start() -> Self {
        Self(Node::start())
    }

    pub(crate) fn address(&self) -> String {
        self.0.address.to_string()
    }

    /// Adopts a node's chain, to fork from it again.
    fn overtake(&self, address: SocketAddr) {
        self.0.register(&[&address.to_string()]);
        self.0.resolve();
        self.advance("ahead", 0);
    }

    /// Extends its chain with blocks that the node lacks.
    fn advance(&self, round: &str, number: usize) {
        self.0.accept(&pay(&format!("rival {}, {round}/{number}", self.0.chain().len()), "2"));
        (0..AHEAD).for_each(|_| drop(self.0.mine()));
    }
}

/// The address of an unreachable neighbour.
pub(crate) fn unreachable_neighbour(number: usize) -> String {
    format!("127.1.{}.{}:1", number / 250, 1 + number % 250)
}

/// The load on a node.
pub(crate) struct Load<'a> {
    pub(crate) round: usize,
    pub(crate) address: SocketAddr,
    pub(crate) records: &'a Records,
    pub(crate) rival: Option<&'a Rival>,
}

impl Load<'_> {
    /// Runs until `kill` has killed the node.
    pub(crate) fn until(self, kill: impl FnOnce()) {
        if let Some(rival) = self.rival {
            rival.overtake(self.address);
        }
        let (this, ready) = (&self, &Barrier::new(PAYERS + 1));
        thread::scope(|clients| {
            (0..PAYERS).for_each(|payer| {
                clients.spawn(move || this.pay(payer, ready));
            });
            ready.wait();
            clients.spawn(|| this.mine());
            clients.spawn(|| this.register());
            this.rival.map(|rival| clients.spawn(|| this.reorganise(rival)));
            kill();
        });
    }

    fn pay(&self, payer: usize, ready: &Barrier) {
        let client = Client::of(self.address);
        let payment = |number| pay(&format!("{}/{payer}/{number}", self.round), "1");
        let signed: Vec<Payment> = (0..SIGNED).map(payment).collect();
        ready.wait();
        let mut payments = signed.into_iter().chain((SIGNED..).map(payment));
        while payments.next().is_some_and(|payment| self.records.pay(&client, &payment)) {}
    }

    fn mine(&self) {
        let client = Client::of(self.address);
        while self.records.mine(&client) {
            if self.rival.is_some() {
                thread::sleep(REST);
            }
        }
    }

    /// Registers one more neighbour.
    fn register(&self) {
        self.records.register(self.address, &[unreachable_neighbour(self.round)]);
    }

    /// Forces reorgs repeatedly.
    fn reorganise(&self, rival: &Rival) {
        let client = Client::of(self.address);
        let round = self.round.to_string();
        for number in 0.. {
            let Some((status, text)) = client.get("/nodes/resolve") else { return };
            assert_eq!(status, 200);
            let replaced = text.contains("Our chain was replaced");
            self.records.note(|records| records.reorgs += usize::from(replaced));
            rival.advance(&round, number);
        }
    }
}
