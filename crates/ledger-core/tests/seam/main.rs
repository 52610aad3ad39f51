//! Rule sets as a program asks them, whichever they are.

mod any_block;
mod classic_chains;
mod harness;
mod next_block;
mod payments;
#[path = "../strategies/mod.rs"]
mod strategies;
#[path = "../../../node/tests/toy/rules/mod.rs"]
mod toy;
mod toy_chains;
