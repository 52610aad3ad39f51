//! [`Writer`], what the writer thread owns.

use std::sync::{Arc, PoisonError, RwLock};

use ledger_core::seam::RuleSet;

use super::late::LatePayments;
use crate::events::Events;
use crate::ledger::View;
use crate::store::{DataDir, Store};

/// What the writer thread owns.
pub(in crate::ledger) struct Writer {
    pub(in crate::ledger) store: Store,
    pub(super) rules: Arc<dyn RuleSet>,
    pub(super) view: Arc<RwLock<View>>,
    pub(super) events: Events,
    pub(super) late: LatePayments,
    /// Keeps the directory locked until the last change is written.
    pub(super) _data_dir: Arc<DataDir>,
}

impl Writer {
    /// Reads the view.
    pub(super) fn read<T>(&self, read: impl FnOnce(&View) -> T) -> T {
        read(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }
}
