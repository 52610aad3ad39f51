//! The output of the commands. A closed terminal must not make them panic.

use std::io::{self, Write};

use anyhow::Context;
use ledger_core::Printable;

use crate::telemetry;

/// Prints the result of a command.
///
/// # Errors
///
/// An error if standard output cannot be written.
pub(super) fn print(result: &str) -> anyhow::Result<()> {
    telemetry::flush();
    writeln!(io::stdout().lock(), "{}", Printable::message(result)).context("cannot write to standard output")
}

/// Prints a note to standard error, if possible.
pub(super) fn note(text: &str) {
    telemetry::flush();
    let _ = writeln!(io::stderr().lock(), "{}", Printable::message(text));
}
