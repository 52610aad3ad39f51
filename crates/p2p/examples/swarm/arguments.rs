use clap::Parser;

/// Measures how blocks and payments spread among many nodes in one process.
#[derive(Parser)]
pub(crate) struct Arguments {
    /// How many nodes.
    #[arg(default_value_t = 100)]
    pub(crate) nodes: usize,
    /// How many others each node dials.
    #[arg(long, default_value_t = 6)]
    pub(crate) dials: usize,
    /// How many blocks are sent, one after the other, from random nodes; and as many payments.
    #[arg(long, default_value_t = 10)]
    pub(crate) rounds: usize,
    /// The bytes of a block. A payment has 2,000.
    #[arg(long, default_value_t = 6_000)]
    pub(crate) bytes: usize,
    /// How many milliseconds bytes take from one node to another.
    #[arg(long, default_value_t = 50)]
    pub(crate) latency: u64,
    /// What the random choices begin with.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}
