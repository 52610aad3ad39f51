//! The table of results.

use std::fmt;
use std::time::Duration;

use crate::watch::Slowest;

/// The most that `/chain?limit=1` may take, beyond what the machine lets anybody wait.
const SLOWEST: Duration = Duration::from_millis(100);

/// The most memory that the node may take beyond what it had before, in MiB.
const MEMORY: u64 = 64;

/// The result of a case.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) slowest: Slowest,
    /// The peak of the node's memory beyond what it had before, in MiB. `None` where the system does not tell.
    pub(crate) memory: Option<u64>,
    /// What became of the attackers, and whether that is as it should be.
    pub(crate) attackers: (String, bool),
    /// What is wrong with the ledger.
    pub(crate) fault: Option<String>,
}

impl Row {
    pub(crate) fn head() -> String {
        "| attack | slowest `/chain?limit=1` (and byte), ms | memory added, MiB | attackers | honest traffic |\n|---|---|---|---|---|".into()
    }

    pub(crate) fn holds(&self) -> bool {
        let Slowest { answer, machine } = self.slowest;
        answer < SLOWEST + machine
            && self.memory.is_none_or(|peak| peak <= MEMORY)
            && self.attackers.1
            && self.fault.is_none()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory.map_or_else(|| "?".to_owned(), |peak| peak.to_string());
        let honest = self.fault.as_deref().unwrap_or("arrived");
        let verdict = if self.holds() { "" } else { " FAILED" };
        let (name, attackers) = (self.name, &self.attackers.0);
        let (slowest, machine) = (self.slowest.answer.as_millis(), self.slowest.machine.as_millis());
        write!(to, "| {name} | {slowest} ({machine}) | {memory} | {attackers} | {honest} |{verdict}")
    }
}
