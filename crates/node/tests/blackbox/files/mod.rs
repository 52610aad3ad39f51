//! The files of a node: whose they are, where they are, and what other programs do to them.

mod changed_by_others;
#[cfg(target_os = "linux")]
mod disk_errors;
mod disk_given_back;
mod displaced;
mod failed_imports;
#[cfg(target_os = "linux")]
mod local_files;
mod locked;
mod log_size;
mod moved_files;
mod moved_logs;
