//! Runs a case.

use std::thread::{scope, sleep};
use std::time::Duration;

use hostile::PeerId;
use serde_json::Value;

use crate::cases::{Case, End, Stop};
use crate::harness::node::Node;
use crate::honest::work;
use crate::machine::Ticks;
use crate::row::{Fault, Row};
use crate::watch::slowest;
use crate::world::{World, peers, within};

/// At this score a peer is banned.
const BANNED: f64 = -50.0;

/// How long a ban may take on a busy machine, after the attack's usual length.
const BAN_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a new node may take to join.
const JOIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Runs the attack of a case, and measures meanwhile.
pub(crate) fn run(case: &Case, world: &World, length: Duration) -> Row {
    let (victim, stop) = (&world.victim, Stop::new());
    let (height, bans_before) = (victim.chain().len(), bans(victim).unwrap_or(0));
    victim.reset_peak_memory();
    let (before, ticks) = (victim.memory(), Ticks::now(world));
    let (attackers, slowest, work, can_join) = scope(|scope| {
        let attack = scope.spawn(|| attack(case, world, &stop));
        let slowest = scope.spawn(|| slowest(victim, &stop));
        let work = scope.spawn(|| work(world, case.name, &stop));
        sleep(length);
        if case.end == End::Banned {
            within(BAN_TIMEOUT, || bans(victim).is_some_and(|bans| bans > bans_before));
        }
        let can_join = !case.newcomer || can_join(world);
        stop.cancel();
        let attackers = attack.join().expect("the attack runs to its end");
        (attackers, slowest.join().unwrap(), work.join().unwrap(), can_join)
    });
    let others = Ticks::now(world).zip(ticks).map(|(after, before)| after.others_since(before));
    let memory = victim.peak_memory().zip(before).map(|(peak, before)| peak.saturating_sub(before) >> 10);
    let fault = work.faults(world, height);
    Row {
        name: case.name,
        slowest,
        others,
        memory,
        attackers: fate(victim, &attackers, case.end),
        fault: fault.or_else(|| (!can_join).then(|| Fault::Late("a new node cannot join".to_owned()))),
    }
}

/// Runs the attackers in a runtime of their own.
fn attack(case: &Case, world: &World, stop: &Stop) -> Vec<PeerId> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on((case.attack)(world, stop))
}

/// Whether a node that dials the victim now becomes its peer, and keeps its slot for a second.
fn can_join(world: &World) -> bool {
    let node = world.newcomer();
    let is_peer = || peers(&node).iter().any(|peer| peer["connected"] == true);
    within(JOIN_TIMEOUT, || {
        is_peer() && {
            sleep(Duration::from_secs(1));
            is_peer()
        }
    })
}

/// How many bans the node has counted. An older count while its network is busy. `None` before its first count.
fn bans(node: &Node) -> Option<u64> {
    let metrics = node.get("/metrics").text;
    let count = metrics.lines().find_map(|line| line.strip_prefix("ledger_p2p_bans_total "));
    count.map(|count| count.parse().unwrap())
}

/// What became of the attackers, and whether that is as expected.
fn fate(victim: &Node, attackers: &[PeerId], end: End) -> (String, bool) {
    let known = peers(victim);
    let attackers: Vec<String> = attackers.iter().map(ToString::to_string).collect();
    let of_attacker = |peer: &&Value| attackers.iter().any(|id| peer["id"] == **id);
    let records: Vec<&Value> = known.iter().filter(of_attacker).collect();
    let score = |record: &Value| record["score"].as_f64().unwrap_or(0.0);
    let banned = records.iter().filter(|record| score(record) <= BANNED).count();
    let charged = records.iter().filter(|record| score(record) < 0.0);
    let why = charged.filter_map(|record| record["last_error"].as_str()).next();
    let why = why.map_or_else(|| "no offence".to_owned(), |why| why.replace('|', " "));
    let text = match (attackers.len(), banned) {
        (0, _) => "never were peers".to_owned(),
        (1, 0) => format!("starved: {why}"),
        (all, 0) => format!("{all} starved: {why}"),
        (1, _) => format!("banned: {why}"),
        (all, _) => format!("{banned} of {all} banned: {why}"),
    };
    (text, end == End::Starved || banned > 0)
}
