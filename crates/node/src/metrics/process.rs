//! Memory, processor time and files of this process, by the names that Prometheus's own clients use.
//!
//! Linux has them in `/proc/self`. Elsewhere these figures are missing.

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

/// The process at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Process {
    /// Bytes in memory.
    memory: u64,
    /// Seconds of processor time.
    processor: f64,
    /// Open files and sockets.
    open_files: u64,
}

impl Process {
    /// Reads the figures, if the system has them.
    #[cfg(target_os = "linux")]
    pub(super) fn read() -> Option<Self> {
        let text = std::fs::read_to_string("/proc/self/stat").ok()?;
        let open = std::fs::read_dir("/proc/self/fd").ok()?.count() as u64;
        let (page, tick) = (rustix::param::page_size(), rustix::param::clock_ticks_per_second());
        Self::parse(&text, (page as u64, tick as f64), open)
    }

    /// Reads the figures, if the system has them.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn read() -> Option<Self> {
        None
    }

    /// Reads `/proc/self/stat` (proc_pid_stat(5)). The program's name in it may contain spaces and brackets.
    fn parse(text: &str, (page, ticks): (u64, f64), open_files: u64) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
        let field = |number: usize| fields.get(number - 3)?.trim_end().parse::<u64>().ok();
        let (user, system, pages) = (field(14)?, field(15)?, field(24)?);
        Some(Self { memory: pages * page, processor: (user + system) as f64 / ticks, open_files })
    }

    pub(super) fn register(self, registry: &mut Registry) {
        let (memory, processor) = (ConstGauge::new(self.memory), ConstCounter::new(self.processor));
        registry.register_with_unit("resident_memory", "Memory in use", Unit::Bytes, memory);
        registry.register_with_unit("cpu", "Processor time used", Unit::Seconds, processor);
        registry.register("open_fds", "Open files and sockets", ConstGauge::new(self.open_files));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_after_any_program_name() {
        let text =
            "7 (a) b (c) S 1 7 7 0 -1 4194560 9 0 0 0 250 50 0 0 20 0 4 0 99 1000 30 18446744073709551615\n";
        let read = Process::parse(text, (4096, 100.0), 12).unwrap();
        assert_eq!(read, Process { memory: 30 * 4096, processor: 3.0, open_files: 12 });
        assert_eq!(Process::parse("7 (node) S 1", (4096, 100.0), 12), None);
        assert_eq!(Process::parse("", (4096, 100.0), 12), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_memory_and_files() {
        let process = Process::read().unwrap();
        assert!(process.memory > 1 << 20 && process.open_files >= 3, "{process:?}");
    }
}
