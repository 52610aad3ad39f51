use std::ops::AddAssign;

use tokio::time::{Instant, pause, resume, sleep};
use wallet::Wallet;

use super::heard::{COPIES, Heard, REST};
use crate::{
    arguments::Arguments,
    figures::Figures,
    nodes::{Counted, Nodes},
    process,
};

/// What messages have cost all nodes.
#[derive(Default)]
struct Cost {
    copies: u64,
    copied_bytes: u64,
    bytes: u64,
    processor_seconds: f64,
    real_seconds: f64,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.copies += other.copies;
        self.copied_bytes += other.copied_bytes;
        self.bytes += other.bytes;
        self.processor_seconds += other.processor_seconds;
        self.real_seconds += other.real_seconds;
    }
}

/// A reading of all counters.
struct Reading {
    counted: Counted,
    processor_seconds: f64,
    at: std::time::Instant,
}

impl Reading {
    async fn take(nodes: &Nodes) -> Self {
        let counted = nodes.counted().await;
        Self { counted, processor_seconds: process::seconds(), at: std::time::Instant::now() }
    }

    /// What has been spent since an earlier reading.
    fn since(&self, earlier: &Self) -> Cost {
        let (now, then) = (&self.counted, &earlier.counted);
        Cost {
            copies: now.copies - then.copies,
            copied_bytes: now.copied_bytes - then.copied_bytes,
            bytes: now.bytes - then.bytes,
            processor_seconds: self.processor_seconds - earlier.processor_seconds,
            real_seconds: (self.at - earlier.at).as_secs_f64(),
        }
    }
}

/// Sends payments from random nodes, and then a block that holds them, again and again.
pub(crate) async fn spread(nodes: &mut Nodes, arguments: &Arguments, figures: &mut Figures) {
    let wallet = Wallet::generate().expect("a key");
    let (mut payments, mut blocks) = (Heard::default(), Heard::default());
    let (mut idle, mut paid, mut mined) = (Cost::default(), Cost::default(), Cost::default());
    for round in 0..arguments.blocks {
        let before = Reading::take(nodes).await;
        sleep(REST).await;
        let rested = Reading::take(nodes).await;
        pause();
        pay(nodes, arguments.payments, &wallet, round, &mut payments).await;
        let after_payments = Reading::take(nodes).await;
        mine(nodes, &mut blocks).await;
        let after_block = Reading::take(nodes).await;
        resume();
        idle += rested.since(&before);
        paid += after_payments.since(&rested);
        mined += after_block.since(&after_payments);
    }
    let (rounds, nodes) = (f64::from(arguments.blocks), nodes.every.len() as f64);
    blocks.write("block", figures);
    mined.write("block", figures, rounds, nodes);
    payments.write("payment", figures);
    paid.write("payment", figures, rounds * f64::from(arguments.payments), nodes);
    figures.add(
        "idle: bytes received per node and second",
        idle.bytes as f64 / (idle.real_seconds * nodes),
        0,
    );
}

/// One payment after the other: gossipsub drops what waits for 5 s, and computing many at once would take longer.
async fn pay(nodes: &mut Nodes, count: u32, wallet: &Wallet, round: u32, heard: &mut Heard) {
    for number in 0..count {
        let (from, start) = (nodes.any(), Instant::now());
        let payment = nodes.every[from].pay(wallet, format!("payment {number} of round {round}")).await;
        heard.wait(&nodes.world, payment, nodes.every.len(), start).await;
    }
    sleep(COPIES).await;
}

async fn mine(nodes: &mut Nodes, heard: &mut Heard) {
    let (miner, start) = (nodes.any(), Instant::now());
    let block = nodes.every[miner].mine().await;
    heard.wait(&nodes.world, block, nodes.every.len(), start).await;
    sleep(COPIES).await;
}

impl Cost {
    /// Writes the averages per node and message, and the processor time per message.
    fn write(&self, name: &str, figures: &mut Figures, messages: f64, nodes: f64) {
        let share = |sum: u64| sum as f64 / (messages * nodes);
        figures.add(&format!("{name}: copies per node"), share(self.copies), 2);
        figures.add(&format!("{name}: bytes of copies per node"), share(self.copied_bytes), 0);
        figures.add(&format!("{name}: bytes received per node, all included"), share(self.bytes), 0);
        figures.add(&format!("{name}: processor seconds, all nodes"), self.processor_seconds / messages, 3);
    }
}
