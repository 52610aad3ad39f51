//! The one place where a change becomes visible and an event.

use std::sync::PoisonError;

use super::Writer;
use crate::events::{Change, Event};
use crate::ledger::View;

impl Writer {
    /// Makes a committed change visible and sends its event. Answer the caller after this.
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
