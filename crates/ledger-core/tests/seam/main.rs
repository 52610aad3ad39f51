//! Rule sets behind the seam, as a program uses them.

mod any_block;
mod classic_chains;
mod harness;
mod names;
mod next_block;
mod payments;
#[path = "../strategies/mod.rs"]
mod strategies;
#[path = "../../../toy-node/src/toy/mod.rs"]
mod toy;
mod toy_chains;
