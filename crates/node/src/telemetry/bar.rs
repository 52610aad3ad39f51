//! A progress bar below the log. The thread that writes the log draws around it, so that neither tears the other.

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;

/// The bar that is shown.
static SHOWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// A progress bar below the log, one at a time. Dropping it removes it.
///
/// Moving it may wait for a stopped terminal, so only a thread without other work may do it.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// Shows a bar.
    pub fn show(bar: ProgressBar) -> Self {
        *shown() = Some(bar.clone());
        Self(bar)
    }

    /// Sets its position and length.
    pub fn set(&self, position: u64, length: u64) {
        self.0.set_length(length);
        self.0.set_position(position);
    }
}

#[cfg(test)]
impl Bar {
    /// Position and length of the bar that is shown.
    pub(crate) fn shown() -> Option<(u64, u64)> {
        shown().as_ref().map(|bar| (bar.position(), bar.length().unwrap_or(0)))
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
        *shown() = None;
    }
}

fn shown() -> MutexGuard<'static, Option<ProgressBar>> {
    SHOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes above the bar that is shown.
#[derive(Debug)]
pub(super) struct AboveBar<W>(pub(super) W);

impl<W: Write> Write for AboveBar<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let bar = shown().clone();
        match bar {
            Some(bar) => bar.suspend(|| self.0.write(text)),
            None => self.0.write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
