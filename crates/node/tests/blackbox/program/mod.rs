//! The program: settings, start, messages and stop.

mod causes;
#[cfg(target_os = "linux")]
mod clocks;
mod listening;
mod process;
mod scripts;
mod setting_messages;
mod settings;
mod shutdown;
mod start_inventory;
mod wallet_forms;
