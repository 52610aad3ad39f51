//! What the commands say. A console that has gone is no reason to panic.

use std::io::{self, Write};

use anyhow::Context;
use ledger_core::Printable;

use crate::telemetry;

/// Prints the command's result.
///
/// # Errors
///
/// One line, if standard output takes nothing.
pub(super) fn print(result: &str) -> anyhow::Result<()> {
    telemetry::flush();
    writeln!(io::stdout().lock(), "{}", Printable::message(result)).context("cannot write to standard output")
}

/// Says what else is worth knowing, if anybody listens.
pub(super) fn note(text: &str) {
    telemetry::flush();
    let _ = writeln!(io::stderr().lock(), "{}", Printable::message(text));
}
