//! Showing a change that is on disk.

use std::sync::{PoisonError, RwLockWriteGuard};

use super::Writer;
use crate::ledger::View;

impl Writer {
    /// The view, to be changed after a commit. Only this thread takes it.
    pub(super) fn view(&self) -> RwLockWriteGuard<'_, View> {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        view.version += 1;
        view
    }
}
