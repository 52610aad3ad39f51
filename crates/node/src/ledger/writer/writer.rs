//! What the writer's thread owns.

use std::sync::{Arc, PoisonError, RwLock};

use ledger_core::seam::RuleSet;

use crate::events::Events;
use crate::ledger::View;
use crate::store::{DataDir, Store};

/// What the thread owns.
pub(in crate::ledger) struct Writer {
    pub(in crate::ledger) store: Store,
    pub(super) rules: Arc<dyn RuleSet>,
    pub(super) view: Arc<RwLock<View>>,
    pub(super) events: Events,
    /// The directory stays ours until the last change is written.
    pub(super) _data_dir: Arc<DataDir>,
}

impl Writer {
    /// Looks at the view.
    pub(super) fn look<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }
}
