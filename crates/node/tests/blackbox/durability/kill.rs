//! Kills nodes under load at random moments.
//!
//! `KILL_ROUNDS` sets how often, 12 by default. `KILL_SEED` repeats the moments of an earlier run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::durability::kill_load::{Load, Records, Rival, unreachable_neighbour};
use crate::harness::durable::staged;
use crate::harness::launch::Launch;
use crate::harness::made::chains::assert_valid;
use crate::harness::node::Node;

/// Kills after which a node starts over in an empty folder.
const KILLS_PER_FOLDER: usize = 40;

/// Seeded random numbers (SplitMix64 by Steele, Lea and Flood).
pub(crate) struct SeededRandom(u64);

impl SeededRandom {
    pub(crate) fn from_environment() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
        let seed = std::env::var("KILL_SEED").map_or(now.into(), |seed| seed.parse().unwrap());
        eprintln!("KILL_SEED={seed} repeats these moments");
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn milliseconds(&mut self, below: u64) -> Duration {
        Duration::from_micros(1000 + self.below(below * 1000))
    }
}

fn rounds() -> usize {
    std::env::var("KILL_ROUNDS").map_or(12, |rounds| rounds.parse().unwrap())
}

/// A node that makes its own wallet.
fn launch() -> Launch {
    Launch::bare().flag("port", "0").flag("difficulty", "2")
}

#[test]
fn everything_acknowledged_survives_every_kill() {
    let mut random = SeededRandom::from_environment();
    let mut life = Life::begin(0);
    let mut totals = [0; 4];
    for round in 0..rounds() {
        if round % KILLS_PER_FOLDER == KILLS_PER_FOLDER - 1 {
            life = Life::begin(round);
        }
        let with_reorgs = round % 3 == 2;
        life.kill_under_load(round, with_reorgs, random.milliseconds(149));
        let counts = life.check_records(round, !with_reorgs);
        totals.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        if (round + 1) % 10 == 0 {
            report(round + 1, totals);
        }
    }
    let [payments, _, blocks, reorgs] = totals;
    assert!(payments > 0 && blocks > 0 && (reorgs > 0 || rounds() < 100), "there was no load: {totals:?}");
}

fn report(kills: usize, [payments, unanswered, blocks, reorgs]: [usize; 4]) {
    eprintln!(
        "{kills} kills: {payments} payments and {blocks} blocks acknowledged and found, \
         {unanswered} payments without an answer, {reorgs} reorgs"
    );
}

/// A folder whose node is killed many times, and a rival node that overtakes its chain.
struct Life {
    launch: Launch,
    /// The running node. `None` only during a kill.
    node: Option<Node>,
    wallet: String,
    records: Records,
    rival: Rival,
}

impl Life {
    fn begin(round: usize) -> Self {
        let (launch, rival) = (launch(), Rival::start());
        let node = launch.start();
        let (wallet, records) = (wallet(&node), Records::default());
        let life = Self { launch, node: Some(node), wallet, records, rival };
        life.records
            .register(life.node().address, &[life.rival.address(), unreachable_neighbour(10_000 + round)]);
        life
    }

    fn node(&self) -> &Node {
        self.node.as_ref().unwrap()
    }

    /// Runs clients, kills the node, and restarts it.
    fn kill_under_load(&mut self, round: usize, with_reorgs: bool, delay: Duration) {
        let node = self.node.take().unwrap();
        let rival = with_reorgs.then_some(&self.rival);
        let log = node.log.clone();
        Load { round, address: node.address, records: &self.records, rival }.until(|| {
            std::thread::sleep(delay);
            drop(node);
        });
        assert_clean_start(&log.to_end());
        let node = self.launch.start();
        assert_eq!(wallet(&node), self.wallet, "round {round}: another wallet");
        self.node = Some(node);
    }

    /// Checks all records against the node. Returns the counts of acknowledged payments, unanswered payments, blocks
    /// and reorgs.
    fn check_records(&mut self, round: usize, our_blocks_stay: bool) -> [usize; 4] {
        assert_eq!(staged(&self.launch), 0, "round {round}: a peer's chain is left behind");
        let state = self.node().state();
        assert_valid(&state.chain);
        self.records.check(round, &state, our_blocks_stay)
    }
}

/// The wallet's name in the start log.
fn wallet(node: &Node) -> String {
    let line = node.log.find(" wallet ").unwrap();
    line.split(" wallet ").nth(1).unwrap().split(',').next().unwrap().to_owned()
}

fn assert_clean_start(log: &[String]) {
    let start = log.iter().position(|line| line.contains("listening on")).unwrap();
    let bad = |line: &&String| line.contains(" WARN ") || line.contains(" ERROR ");
    assert_eq!(log[..=start].iter().find(bad), None);
}

#[test]
fn kill_during_a_start_does_no_harm() {
    let mut random = SeededRandom::from_environment();
    let mut launch = Launch::usual();
    for round in 0..rounds() {
        if round % 4 == 0 {
            launch = Launch::usual();
        }
        kill_while_starting(&launch, random.milliseconds(40));
    }
    let node = launch.start();
    assert_eq!(node.chain().len(), 1);
    node.mine();
    let log = node.log.clone();
    drop(node);
    assert_clean_start(&log.to_end());
}

fn kill_while_starting(launch: &Launch, delay: Duration) {
    let arguments = ["--data-dir", "data", "--host", "127.0.0.1", "--port", "0", "--wallet", "wallet.pem"];
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_node"));
    command.args(arguments).current_dir(launch.folder()).stderr(std::process::Stdio::null());
    let mut child = command.spawn().unwrap();
    std::thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}
