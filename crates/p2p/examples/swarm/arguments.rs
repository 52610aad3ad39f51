use std::{path::PathBuf, time::Duration};

use clap::Parser;
use p2p::Link;

/// Measures how blocks and payments spread among many nodes in one process.
#[derive(Parser)]
pub(crate) struct Arguments {
    /// How many nodes.
    #[arg(default_value_t = 100, value_parser = clap::value_parser!(u32).range(4..=10_000))]
    pub(crate) nodes: u32,
    /// How many others each node dials.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) dials: u32,
    /// How many blocks are mined at random nodes, one after the other.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) blocks: u32,
    /// How many payments random nodes send before each of these blocks, which holds them.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) payments: u32,
    /// How often two random nodes mine a block at the same moment, and a third one mines on.
    #[arg(long, default_value_t = 5)]
    pub(crate) rivals: u32,
    /// How often nodes leave just before a block, and as many join after it.
    #[arg(long, default_value_t = 5)]
    pub(crate) churns: u32,
    /// How many nodes of a hundred leave at a time.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=50))]
    pub(crate) leaving: u32,
    /// Average one-way latency in milliseconds. Each connection gets between half and one and a half times as much.
    #[arg(long, default_value_t = 50)]
    pub(crate) latency: u64,
    /// How many packets of a thousand are lost and sent again 200 ms later.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(0..=1_000))]
    pub(crate) loss: u16,
    /// Seconds after which a node asks all its peers for their tips again. A real node asks every 5 s, but one thread cannot run
    /// 1,000 nodes that ask so often.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) ask_every: u64,
    /// Seed of the random choices.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Writes the figures as a line to the end of this CSV file, after a line of names if it is new.
    #[arg(long)]
    pub(crate) csv: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn link(&self) -> Link {
        Link { latency: Duration::from_millis(self.latency), lost_per_mille: self.loss }
    }
}
