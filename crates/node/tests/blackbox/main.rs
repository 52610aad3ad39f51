//! The node as others meet it: real processes, asked over HTTP, between peers that behave and peers that do not.

mod concurrency;
mod connections;
mod durability_bounded;
mod durability_commands;
mod durability_disk_full;
mod durability_files;
mod durability_kill;
mod durability_kill_load;
mod durability_reorg;
mod durability_tamper;
mod durability_tamper_many;
mod endpoints;
mod foreign_text;
mod harness;
mod hostile_payments;
mod hostile_registrations;
mod incremental;
#[cfg(target_os = "linux")]
mod local_files;
mod mining;
mod orphaned_payments;
mod orphaned_payments_model;
mod payments;
mod peers_that_differ;
mod peers_that_fail;
mod peers_that_lie;
mod peers_that_stall;
mod persistence;
mod pool_limit;
mod process;
mod reads;
mod reorganisation;
mod scripts;
mod settings;
mod shutdown;
mod url_encoding;
