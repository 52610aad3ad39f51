//! The one place where a change is shown and becomes an event.

use std::sync::PoisonError;

use super::Writer;
use crate::events::{Change, Event};
use crate::ledger::View;

impl Writer {
    /// Shows a change that is on disk, then tells those who listen. Whoever asked for it is answered after that.
    pub(in crate::ledger) fn publish(&mut self, change: Change, show: impl FnOnce(&mut View)) {
        let number = {
            let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
            show(&mut view);
            view.version += 1;
            view.version
        };
        self.events.send(Event { number, change });
    }
}

#[cfg(test)]
mod tests;
