//! Stored data survives kills, full disks and tampering.

mod bounded;
mod commands;
mod disk_full;
mod files;
pub(crate) mod kill;
mod kill_load;
mod reorg;
mod tamper;
