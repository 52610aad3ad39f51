use std::time::Duration;

use bytes::Bytes;
use p2p::BlockId;
use tokio::time::{Instant, pause, resume, sleep};

use crate::{
    arguments::Arguments,
    nodes::{Nodes, Random},
    process,
};

const PAYMENT_BYTES: usize = 2_000;
/// Virtual seconds after which a message counts as lost.
const LOST: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy)]
pub(crate) enum What {
    Block,
    Payment,
}

/// What some rounds have shown.
pub(crate) struct Result {
    /// From sending to hearing, one for each node and round.
    times: Vec<Duration>,
    /// One for each round.
    last: Vec<Duration>,
    lost: usize,
    copies: f64,
    copied_bytes: f64,
    bytes: f64,
    processor_seconds: f64,
}

/// Sends messages one after the other, each from a random node, and waits until all have heard it.
pub(crate) async fn run(nodes: &Nodes, what: What, arguments: &Arguments) -> Result {
    let (mut random, shares) = (Random(arguments.seed), (nodes.networks.len() * arguments.rounds) as f64);
    let before = counters(nodes).await;
    let processor = process::seconds();
    let (mut times, mut last, mut lost) = (Vec::new(), Vec::new(), 0);
    pause();
    for round in 0..arguments.rounds {
        let heard = one_round(nodes, what, random.below(nodes.networks.len()), round, arguments.bytes).await;
        lost += nodes.networks.len() - 1 - heard.len();
        last.extend(heard.iter().max());
        times.extend(heard);
    }
    resume();
    let processor_seconds = (process::seconds() - processor) / arguments.rounds as f64;
    let after = counters(nodes).await;
    let [copies, copied_bytes, bytes] = std::array::from_fn(|at| (after[at] - before[at]) as f64 / shares);
    Result { times, last, lost, copies, copied_bytes, bytes, processor_seconds }
}

async fn counters(nodes: &Nodes) -> [u64; 3] {
    [
        nodes.sum(|counters, _| counters.copies).await,
        nodes.sum(|counters, _| counters.copied_bytes).await,
        nodes.sum(|counters, _| counters.bytes_received).await,
    ]
}

async fn one_round(nodes: &Nodes, what: What, from: usize, round: usize, bytes: usize) -> Vec<Duration> {
    let (network, start) = (&nodes.networks[from], Instant::now());
    match what {
        What::Block => {
            network
                .publish_block(BlockId([0; 32]), message(round, bytes))
                .await
                .expect("a block of this size");
        }
        What::Payment => {
            network.publish_payment(message(round, PAYMENT_BYTES)).await.expect("a payment of this size")
        }
    }
    let others = nodes.networks.len() - 1;
    let heard = || nodes.witnesses.iter().map(|witness| witness.count()).sum::<usize>();
    while heard() < others && start.elapsed() < LOST {
        sleep(Duration::from_millis(10)).await;
    }
    // Copies that are still under way belong to this round.
    sleep(Duration::from_secs(1)).await;
    nodes.witnesses.iter().flat_map(|witness| witness.take()).map(|at| at - start).collect()
}

fn message(round: usize, bytes: usize) -> Bytes {
    let mut message = format!("message {round} ").into_bytes();
    message.resize(bytes, b'x');
    message.into()
}

impl Result {
    pub(crate) fn print(mut self, what: What) {
        let what = format!("{what:?}").to_lowercase();
        self.times.sort_unstable();
        self.last.sort_unstable();
        let at = |share: f64| {
            self.times
                .get(((self.times.len() as f64 * share) as usize).min(self.times.len().saturating_sub(1)))
        };
        let milliseconds = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1e3);
        println!("{what}: median, ms\t{:.0}", milliseconds(at(0.5)));
        println!("{what}: 99th percentile, ms\t{:.0}", milliseconds(at(0.99)));
        println!(
            "{what}: last node, median of rounds, ms\t{:.0}",
            milliseconds(self.last.get(self.last.len() / 2))
        );
        println!("{what}: nodes that missed one\t{}", self.lost);
        println!("{what}: copies per node\t{:.2}", self.copies);
        println!("{what}: bytes of copies per node\t{:.0}", self.copied_bytes);
        println!("{what}: bytes received per node, all included\t{:.0}", self.bytes);
        println!("{what}: processor seconds, all nodes\t{:.2}", self.processor_seconds);
    }
}
