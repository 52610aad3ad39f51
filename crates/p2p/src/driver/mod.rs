//! The loop that drives the swarm, and what it does on each event. One file for each kind of event.

mod ask;
mod client;
mod commands;
mod connections;
mod discover;
mod fetch;
mod identified;
mod maintain;
mod relay;
mod run;
mod serve;
mod state;

pub(crate) use client::{ask, fetch_block};
pub(crate) use state::{Command, Driver};
