//! Real swarms in one process, over channels and over TCP: nodes that keep the rules, and peers that do not.

mod gossip;
mod harness;
mod hostile;
mod introduced;
mod latency;
mod networks;
mod peers;
mod sync;
