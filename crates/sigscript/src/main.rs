//! `sigscript`: signs a payment on the command line, as the tutorial's `sigScript.py` does (section 6).
//!
//! Prints the signature and a newline to standard output, and nothing else. Read `cli` for the arguments, `key` for
//! the source of the key, `new_key` for generating one, `doubts` for warnings about payments, and `failure` for
//! errors.

mod cli;
mod doubts;
mod failure;
mod key;
mod new_key;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::Request;
use failure::Failure;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Runs the command. The result is one line.
fn run() -> Result<(), Failure> {
    match cli::read()? {
        Request::Sign(payment, key) => {
            doubts::refuse_secrets(&payment)?;
            let wallet = key::read(key)?.wallet()?;
            for doubt in doubts::of(&payment, wallet.address()) {
                // Print to standard error: standard output is for the signature alone.
                let _ = writeln!(io::stderr(), "note: {doubt}");
            }
            print_line(wallet.sign(&payment.message())?.as_str())
        }
        Request::Address(key) => print_line(key::read(key)?.address()?.as_str()),
        Request::NewKey(path) => print_line(new_key::make(&path)?.address().as_str()),
    }
}

/// Prints the result. `println!` would panic if standard output is closed.
fn print_line(line: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(Failure::Output)
}
