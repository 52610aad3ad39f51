//! Many nodes in one process, joined by channels: how fast a block spreads, in how many copies, for how many bytes.
//!
//!     cargo run --release -p p2p --example swarm -- 100 --latency 50
//!
//! Times are virtual. The clock stands still while any node computes, so they show the network's share: hops times
//! latency, as if each node had a machine of its own. The processor's share is quoted apart.

mod arguments;
mod nodes;
mod process;
mod rounds;
mod witness;

use std::time::Instant;

use clap::Parser;

fn main() {
    let arguments = arguments::Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run(&arguments));
}

async fn run(arguments: &arguments::Arguments) {
    let start = Instant::now();
    let nodes = nodes::Nodes::start(arguments).await;
    println!("nodes\t{}", arguments.nodes);
    println!("connections per node\t{:.1}", nodes.connections().await);
    println!("seconds to connect\t{:.1}", start.elapsed().as_secs_f64());
    for what in [rounds::What::Block, rounds::What::Payment] {
        rounds::run(&nodes, what, arguments).await.print(what);
    }
    println!("peak memory, MiB\t{}", process::peak_mebibytes());
}
