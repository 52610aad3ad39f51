//! Many nodes in one process, joined by channels: how fast blocks and payments spread, in how many copies, for how many
//! bytes, and what becomes of forks and of nodes that come and go.
//!
//!     cargo run --release -p p2p --example swarm -- 100 --latency 50
//!
//! Each node has the real network code and the tutorial's rules, with a chain and a pool in memory.
//!
//! Times are virtual. The clock stands still while any node computes, so they show the network's share: hops times latency,
//! as if each node had a machine of its own. The processor's share is printed separately. libp2p's own timers follow the
//! real clock: gossipsub's heartbeats come between the rounds and, where computing a round takes seconds, also within one.

mod arguments;
mod figures;
mod node;
mod nodes;
mod process;
mod rounds;
mod world;

use std::{process::ExitCode, time::Instant};

use clap::Parser;

use crate::{arguments::Arguments, figures::Figures, nodes::Nodes};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let figures = runtime.block_on(run(&arguments));
    figures.print();
    match arguments.csv.as_deref().map(|path| figures.append_to(path)) {
        Some(Err(error)) => {
            eprintln!("swarm: cannot write the CSV file: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

async fn run(arguments: &Arguments) -> Figures {
    let (start, mut figures) = (Instant::now(), Figures::default());
    let mut nodes = Nodes::start(arguments).await;
    figures.add("nodes", f64::from(arguments.nodes), 0);
    figures.add("latency, ms", arguments.latency as f64, 0);
    figures.add("lost packets of a thousand", f64::from(arguments.loss), 0);
    figures.add("connections per node", nodes.connections().await, 1);
    figures.add("seconds to connect", start.elapsed().as_secs_f64(), 1);
    eprintln!("swarm: connected after {:.0} s; blocks and payments", start.elapsed().as_secs_f64());
    rounds::spread(&mut nodes, arguments, &mut figures).await;
    eprintln!("swarm: after {:.0} s: rival blocks", start.elapsed().as_secs_f64());
    rounds::rivals(&mut nodes, arguments, &mut figures).await;
    eprintln!("swarm: after {:.0} s: nodes that come and go", start.elapsed().as_secs_f64());
    rounds::churn(&mut nodes, arguments, &mut figures).await;
    figures.add("peak memory, MiB", process::peak_mebibytes() as f64, 0);
    figures
}
