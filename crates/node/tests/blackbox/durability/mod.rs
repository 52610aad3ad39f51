//! What is stored outlasts kills, full disks and changes by hand.

mod bounded;
mod commands;
mod disk_full;
mod files;
pub(crate) mod kill;
mod kill_load;
mod reorg;
mod tamper;
