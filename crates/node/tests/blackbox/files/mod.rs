//! The node's files: ownership, location, and interference by other programs.

mod changed_by_others;
#[cfg(target_os = "linux")]
mod disk_errors;
mod displaced;
mod failed_imports;
mod foreign_journals;
mod freed_disk;
#[cfg(target_os = "linux")]
mod local_files;
mod locked;
mod log_size;
mod moved_files;
mod moved_logs;
