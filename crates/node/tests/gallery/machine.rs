//! How much of this machine other programs use.

use std::fs::read_to_string;

use crate::world::World;

/// Processor time since the start of the machine, in ticks.
#[derive(Clone, Copy)]
pub(crate) struct Ticks {
    /// Used by all programs.
    all: u64,
    /// Used by the nodes and the attackers.
    ours: u64,
    /// In total, used or idle.
    available: u64,
}

impl Ticks {
    /// `None` if the system has no such figures.
    pub(crate) fn now(world: &World) -> Option<Self> {
        let stat = read_to_string("/proc/stat").ok()?;
        // User, nice, system, idle, waiting for disks, interrupts (2), stolen by other machines.
        let ticks = numbers(stat.lines().next()?.strip_prefix("cpu ")?, 0..8)?;
        let available: u64 = ticks.iter().sum();
        let ours = of_nodes(world) + of_this_process()?;
        Some(Self { all: available - ticks[3] - ticks[4], ours, available })
    }

    /// The percentage of processor time that other programs have used since `before`.
    pub(crate) fn others_since(self, before: Self) -> u64 {
        let all = (self.all - before.all).saturating_sub(self.ours - before.ours);
        100 * all / (self.available - before.available).max(1)
    }
}

#[cfg(target_os = "linux")]
fn of_nodes(world: &World) -> u64 {
    world.nodes().iter().map(|node| node.cpu_ticks()).sum()
}

#[cfg(not(target_os = "linux"))]
fn of_nodes(_: &World) -> u64 {
    0
}

/// Ticks of this process, and of nodes that have ended.
fn of_this_process() -> Option<u64> {
    let stat = read_to_string("/proc/self/stat").ok()?;
    Some(numbers(stat.rsplit_once(") ")?.1, 11..15)?.iter().sum())
}

fn numbers(text: &str, which: std::ops::Range<usize>) -> Option<Vec<u64>> {
    let words = text.split_whitespace().skip(which.start).take(which.len());
    words.map(|word| word.parse().ok()).collect()
}
