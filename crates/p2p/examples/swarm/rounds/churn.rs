use std::time::Duration;

use tokio::time::{Instant, pause, resume, sleep};

use super::heard::{COPIES, Heard, LOST, REST, STEP};
use crate::{arguments::Arguments, figures::Figures, nodes::Nodes};

/// Lets random nodes leave just before a block is mined, and as many new ones join after it.
pub(crate) async fn churn(nodes: &mut Nodes, arguments: &Arguments, figures: &mut Figures) {
    let changing = (nodes.every.len() * arguments.leaving as usize).div_ceil(100);
    let (mut heard, mut joined) = (Heard::default(), Vec::new());
    for _ in 0..arguments.churns {
        sleep(REST).await;
        pause();
        for _ in 0..changing {
            let leaving = nodes.any();
            nodes.every.swap_remove(leaving).leave();
        }
        let (miner, start) = (nodes.any(), Instant::now());
        let block = nodes.every[miner].mine().await;
        heard.wait(&nodes.world, block, nodes.every.len(), start).await;
        sleep(COPIES).await;
        resume();
        join(nodes, changing, &mut joined).await;
    }
    if arguments.churns > 0 {
        heard.write("churn, block", figures);
        figures.add("churn: nodes that joined", joined.len() as f64, 0);
        figures.add_times("churn, real time until a new node has the chain", joined);
    }
}

/// Starts nodes and waits until each has the chain. In real time, since handshakes cost computing.
async fn join(nodes: &mut Nodes, count: usize, joined: &mut Vec<Duration>) {
    let (start, height) = (Instant::now(), nodes.every[0].height());
    let old = nodes.every.len();
    (0..count).for_each(|_| nodes.add());
    let mut behind: Vec<usize> = (old..nodes.every.len()).collect();
    while !behind.is_empty() && start.elapsed() < LOST {
        sleep(STEP).await;
        let before = behind.len();
        behind.retain(|&at| nodes.every[at].height() < height);
        joined.extend(std::iter::repeat_n(start.elapsed(), before - behind.len()));
    }
}
