//! The node as others meet it: real processes, asked over HTTP, between peers that behave and peers that do not.

mod concurrency;
mod connections;
mod endpoints;
mod harness;
mod hostile_payments;
mod hostile_registrations;
mod incremental;
mod payments;
mod peers_that_differ;
mod peers_that_fail;
mod peers_that_lie;
mod peers_that_stall;
mod persistence;
mod process;
mod reads;
mod reorganisation;
mod scripts;
mod settings;
mod shutdown;
