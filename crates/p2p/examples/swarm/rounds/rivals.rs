use std::time::Duration;

use tokio::time::{Instant, pause, resume, sleep};

use super::heard::{COPIES, Heard, LOST, REST, STEP};
use crate::{arguments::Arguments, figures::Figures, nodes::Nodes};

/// Virtual time for two rival blocks to spread.
const DIVIDE: Duration = Duration::from_secs(2);

/// Lets two random nodes mine a block at the same moment, and any node the next, which decides.
pub(crate) async fn rivals(nodes: &mut Nodes, arguments: &Arguments, figures: &mut Figures) {
    let (mut heard, mut smaller, mut apart) = (Heard::default(), 0, 0);
    for _ in 0..arguments.rivals {
        sleep(REST).await;
        pause();
        let count = nodes.every.len();
        let miners = nodes.random.some(count, 2);
        let block = nodes.every[miners[0]].mine().await;
        nodes.every[miners[1]].mine().await;
        sleep(DIVIDE).await;
        let on_first = nodes.every.iter().filter(|node| node.tip() == block).count();
        smaller += on_first.min(count - on_first);
        apart += decide(nodes, &mut heard).await;
        resume();
    }
    if arguments.rivals > 0 {
        let divided = f64::from(arguments.rivals) * nodes.every.len() as f64;
        figures.add("rivals: nodes on the smaller side, %", 100.0 * smaller as f64 / divided, 1);
        heard.write("rivals, next block", figures);
        figures.add("rivals: nodes on another tip after 30 s", apart as f64, 0);
    }
}

/// Mines the block that decides. Returns how many nodes have another tip in the end.
async fn decide(nodes: &mut Nodes, heard: &mut Heard) -> usize {
    let (miner, start) = (nodes.any(), Instant::now());
    let block = nodes.every[miner].mine().await;
    heard.wait(&nodes.world, block, nodes.every.len(), start).await;
    let apart = || nodes.every.iter().filter(|node| node.tip() != block).count();
    while apart() > 0 && start.elapsed() < LOST {
        sleep(STEP).await;
    }
    let apart = apart();
    sleep(COPIES).await;
    apart
}
