//! The table of results.

use std::fmt;
use std::time::Duration;

use crate::watch::Slowest;

/// How much longer `/chain?limit=1` may take than a byte to another thread and back. A machine on which that byte takes this long
/// is too busy to judge by.
const SLOWEST: Duration = Duration::from_millis(100);

/// A machine is too busy to judge by if other programs have this percentage of the processors.
const BUSY: u64 = 20;

/// The most memory that the node may take beyond what it had before, in MiB.
const MEMORY: u64 = 64;

/// The result of a case.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) slowest: Slowest,
    /// The percentage of the processors that other programs had. `None` where the system does not tell.
    pub(crate) others: Option<u64>,
    /// The peak of the node's memory beyond what it had before, in MiB. `None` where the system does not tell.
    pub(crate) memory: Option<u64>,
    /// What became of the attackers, and whether that is as expected.
    pub(crate) attackers: (String, bool),
    /// What is wrong with the ledger.
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with the ledger, or with the honest nodes.
pub(crate) enum Fault {
    /// Something is there that must not be, or is lost.
    Wrong(String),
    /// Something did not happen in time.
    Late(String),
}

/// Whether a case holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds,
    Failed,
    /// Something took too long, but this machine was busy.
    NotJudged,
}

impl Row {
    pub(crate) fn head() -> String {
        "| attack | slowest `/chain?limit=1` (and byte), ms | memory added, MiB | attackers | honest traffic |\n|---|---|---|---|---|".into()
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let Slowest { answer, machine } = self.slowest;
        let is_busy = machine >= SLOWEST || self.others.is_some_and(|others| others >= BUSY);
        let is_fast = answer < SLOWEST || !is_busy && answer < SLOWEST + machine;
        let is_wrong = matches!(self.fault, Some(Fault::Wrong(_)));
        if is_wrong || self.memory.is_some_and(|peak| peak > MEMORY) {
            Verdict::Failed
        } else if is_fast && self.attackers.1 && self.fault.is_none() {
            Verdict::Holds
        } else if is_busy {
            Verdict::NotJudged
        } else {
            Verdict::Failed
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Wrong(what) | Self::Late(what)) = self;
        to.write_str(what)
    }
}

impl fmt::Display for Row {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory.map_or_else(|| "?".to_owned(), |peak| peak.to_string());
        let honest = self.fault.as_ref().map_or_else(|| "arrived".to_owned(), Fault::to_string);
        let verdict = match self.verdict() {
            Verdict::Holds => String::new(),
            Verdict::Failed => " FAILED".to_owned(),
            Verdict::NotJudged => {
                let others = self.others.map_or_else(|| "?".to_owned(), |others| others.to_string());
                format!(" NOT JUDGED: other programs had {others} % of the processors")
            }
        };
        let (name, attackers) = (self.name, &self.attackers.0);
        let (slowest, machine) = (self.slowest.answer.as_millis(), self.slowest.machine.as_millis());
        write!(to, "| {name} | {slowest} ({machine}) | {memory} | {attackers} | {honest} |{verdict}")
    }
}
