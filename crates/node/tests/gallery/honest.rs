//! Payments and blocks of the honest nodes during an attack, and whether they arrive.

use std::thread::sleep;
use std::time::Duration;

use crate::cases::Stop;
use crate::harness::made::payments::{Payment, pay};
use crate::harness::node::sorted;
use crate::row::Fault;
use crate::world::{World, tip, within};

/// The pause between a payment and a block.
const PAUSE: Duration = Duration::from_millis(100);

/// How long the nodes may take to agree when the attack is over.
const AGREEMENT: Duration = Duration::from_secs(10);

/// How much the honest nodes have mined.
#[derive(Default)]
pub(crate) struct Work {
    blocks: usize,
}

/// Pays and mines at one honest node, then at the other, until the attack ends.
pub(crate) fn work(world: &World, case: &str, stop: &Stop) -> Work {
    let mut work = Work::default();
    while !stop.is_cancelled() {
        let node = &world.honest[work.blocks % 2];
        let payment = pay(&format!("{case} {}", work.blocks), "1");
        node.accept(&payment);
        world.sent.lock().unwrap().push(payment);
        sleep(PAUSE);
        node.mine();
        work.blocks += 1;
        sleep(PAUSE);
    }
    // If both have mined at one height, this ends the tie.
    world.honest[0].mine();
    work.blocks += 1;
    work
}

impl Work {
    /// What is wrong with the ledgers after the attack. `height` is that of the victim's chain before it.
    pub(crate) fn faults(&self, world: &World, height: usize) -> Option<Fault> {
        if !agree(world) {
            let heights = world.nodes().map(|node| node.get("/status").json()["height"].take());
            return Some(Fault::Late(format!("the nodes disagree: heights {heights:?}")));
        }
        let (chain, pool) = (world.victim.chain(), world.victim.pool());
        let mined = chain.len() - height;
        // Fewer is right: both honest nodes may mine at one height.
        if mined == 0 || mined > self.blocks {
            return Some(Fault::Wrong(format!("{mined} blocks added, of {} mined", self.blocks)));
        }
        let blocks = chain.into_iter().flat_map(|block| block.transactions);
        let found = sorted(blocks.chain(pool).filter(|payment| !payment.is_reward()));
        let sent = sorted(world.sent.lock().unwrap().iter().map(Payment::transaction));
        (found != sent).then(|| {
            let foreign = found.iter().filter(|payment| !sent.contains(payment)).count();
            let counts = format!("{} payments sent, {} found", sent.len(), found.len());
            Fault::Wrong(format!("{counts}, {foreign} of these foreign"))
        })
    }
}

fn agree(world: &World) -> bool {
    within(AGREEMENT, || {
        let tips = world.nodes().map(tip);
        tips.iter().all(|other| *other == tips[0])
    })
}
