//! Random payments, blocks, reorgs, restarts and kills, compared with a model of chain and pool.
//!
//! `KILL_SEED` repeats a run.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use ledger_core::{Members, Transaction, canonical};

use crate::durability::kill::SeededRandom;
use crate::harness::durable::{open, run as verify};
use crate::harness::launch::Launch;
use crate::harness::made::chains::{answer, next, texts};
use crate::harness::made::payments::{Payment, alice, pay};
use crate::harness::node::Node;
use crate::harness::peer::{Peer, head};

/// Steps of a run.
const STEPS: usize = 300;

/// Positions of accepted payments in our chain: block, from 0, and position in it.
type Positions = BTreeSet<(usize, usize)>;

/// The expected state of the node.
struct Model {
    chain: Vec<Members<'static>>,
    signed: Positions,
    pool: Vec<Transaction<'static>>,
    accepted: Vec<Payment>,
}

impl Model {
    /// Checks that each accepted payment is in a block or the pool exactly once.
    fn assert_each_accepted_payment_is_kept_once(&self) {
        let in_blocks = self.signed.iter().map(|(block, at)| &self.chain[*block].transactions[*at]);
        let mut found: Vec<String> = in_blocks.chain(&self.pool).map(canonical::transaction_text).collect();
        let mut accepted: Vec<String> =
            self.accepted.iter().map(|payment| canonical::transaction_text(&payment.transaction())).collect();
        found.sort();
        accepted.sort();
        assert_eq!(found, accepted);
    }

    fn mined(&mut self, block: Members<'static>) {
        let payments = block.transactions.len() - 1;
        assert_eq!(block.transactions[..payments], self.pool);
        self.pool.clear();
        self.signed.extend((0..payments).map(|at| (self.chain.len(), at)));
        self.chain.push(block);
    }

    /// Adopts a chain by the reorg rule in its simplest form.
    fn adopt(&mut self, theirs: Vec<Members<'static>>) {
        let common = self.chain.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
        let orphaned = self.signed.split_off(&(common, 0));
        let mut candidates: Vec<Transaction<'static>> =
            orphaned.iter().map(|(block, at)| self.chain[*block].transactions[*at].clone()).collect();
        candidates.append(&mut self.pool);
        for (number, block) in theirs.iter().enumerate().skip(common) {
            for (at, payment) in block.transactions.iter().enumerate() {
                if let Some(found) = candidates.iter().position(|candidate| candidate == payment) {
                    candidates.remove(found);
                    self.signed.insert((number, at));
                }
            }
        }
        (self.chain, self.pool) = (theirs, candidates);
    }

    /// A longer fork of our chain with random transactions.
    fn rival(&self, random: &mut SeededRandom) -> Vec<Members<'static>> {
        let depth = pick(random, self.chain.len().min(6));
        let mut chain = self.chain[..self.chain.len() - depth].to_vec();
        while chain.len() <= self.chain.len() + pick(random, 2) {
            let transactions = (0..random.below(5)).map(|_| self.transaction(random)).collect();
            let block = next(chain.last().unwrap(), transactions);
            chain.push(block);
        }
        chain
    }

    fn transaction(&self, random: &mut SeededRandom) -> Transaction<'static> {
        let known = &self.accepted;
        match random.below(7) {
            0 => Transaction::reward("peer", 1_u64),
            1 => Transaction { sender: "0".into(), ..self.forged("\"5\"") },
            2 => self.forged(["-5", "\"five\"", "null", "NaN", "[{\"}\": \"]\"}]"][pick(random, 5)]),
            _ if known.is_empty() => self.forged("1"),
            // Any accepted payment, more often a recent one, possibly again.
            3 => known[pick(random, known.len())].transaction(),
            _ => known[known.len() - 1 - pick(random, known.len().min(4))].transaction(),
        }
    }

    fn forged(&self, amount: &str) -> Transaction<'static> {
        let json =
            format!(r#"{{"sender": "{}", "recipient": "thief", "amount": {amount}}}"#, alice().address());
        json.parse().unwrap()
    }
}

fn pick(random: &mut SeededRandom, below: usize) -> usize {
    usize::try_from(random.below(below as u64)).unwrap()
}

/// A neighbour with a replaceable chain.
struct Rival {
    peer: Peer,
    chain: Arc<Mutex<String>>,
}

impl Rival {
    fn new() -> Self {
        let chain = Arc::new(Mutex::new(String::new()));
        let served = Arc::clone(&chain);
        let peer = Peer::with_handler(move |stream| {
            let body = served.lock().unwrap().clone();
            let _ = std::io::Write::write_all(stream, [head(body.len()), body].concat().as_bytes());
        });
        Self { peer, chain }
    }
}

/// The node, its model, and the rival neighbour.
struct Run {
    launch: Launch,
    node: Option<Node>,
    rival: Rival,
    model: Model,
}

impl Run {
    fn begin() -> Self {
        let (launch, rival) = (Launch::usual(), Rival::new());
        let node = launch.start();
        node.register(&[&rival.peer.address()]);
        let model =
            Model { chain: node.chain(), signed: Positions::new(), pool: Vec::new(), accepted: Vec::new() };
        Self { launch, node: Some(node), rival, model }
    }

    fn node(&self) -> &Node {
        self.node.as_ref().unwrap()
    }

    fn step(&mut self, random: &mut SeededRandom) {
        match random.below(10) {
            0..4 => self.pay(random),
            4..6 => {
                self.node().mine();
                let block = self.node().chain().pop().unwrap();
                self.model.mined(block);
            }
            6..9 => {
                let theirs = self.model.rival(random);
                *self.rival.chain.lock().unwrap() = answer(&texts(&theirs));
                assert!(self.node().resolve());
                self.model.adopt(theirs);
            }
            _ => self.restart(random),
        }
    }

    /// Pays, sometimes the same payment again.
    fn pay(&mut self, random: &mut SeededRandom) {
        let known = &self.model.accepted;
        let payment = if known.is_empty() || random.below(3) > 0 {
            pay(&format!("recipient {}", known.len()), "1")
        } else {
            known[pick(random, known.len())].clone()
        };
        self.node().accept(&payment);
        self.model.pool.push(payment.transaction());
        self.model.accepted.push(payment);
    }

    fn restart(&mut self, random: &mut SeededRandom) {
        let node = self.node.take().unwrap();
        if random.below(2) == 0 {
            drop(node); // kills it
        } else {
            assert_eq!(node.stop().code, Some(0));
        }
        self.node = Some(self.launch.start());
    }

    fn check(&self) {
        assert_eq!(
            (self.node().chain(), self.node().pool()),
            (self.model.chain.clone(), self.model.pool.clone())
        );
        self.model.assert_each_accepted_payment_is_kept_once();
    }

    /// Checks that each stored signature belongs to its payment.
    fn check_signatures(&self) {
        let connection = open(&self.launch);
        let mut select = connection.prepare("SELECT height, position, signature FROM signatures").unwrap();
        let rows = select
            .query_map([], |row| {
                Ok((row.get::<_, usize>(0)? - 1, row.get::<_, usize>(1)?, row.get::<_, String>(2)?))
            })
            .unwrap();
        let mut found = Positions::new();
        for row in rows {
            let (block, at, signature) = row.unwrap();
            let payment = &self.model.chain[block].transactions[at];
            alice().address().verify(payment.message().as_bytes(), &signature).unwrap();
            found.insert((block, at));
        }
        assert_eq!(found, self.model.signed);
    }
}

#[test]
fn accepted_payments_stay_exactly_once() {
    let mut random = SeededRandom::from_environment();
    let mut run = Run::begin();
    for _ in 0..STEPS {
        run.step(&mut random);
        run.check();
    }
    run.check_signatures();
    assert_eq!(run.node.take().unwrap().stop().code, Some(0));
    let verified = verify(run.launch.folder(), &["verify", "--data-dir", "data", "--difficulty", "2"], &[]);
    assert!(verified.status.success(), "{verified:?}");
}
