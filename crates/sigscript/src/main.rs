//! `sigscript`: signs a payment on the command line, as the tutorial's `sigScript.py` does (section 6).
//!
//! The signature and a line end go to standard output, and nothing else does. Read `cli` for what may be
//! asked, `key` for where the key comes from, `new_key` for making one, `doubts` for what is said of a payment that a
//! node would refuse, and `failure` for what can go wrong.

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

/// Does what is asked for; its result is one line.
fn run() -> Result<(), Failure> {
    match cli::read()? {
        Request::Sign(payment, key) => {
            doubts::refuse_secrets(&payment)?;
            let wallet = key::read(key)?.wallet()?;
            for doubt in doubts::of(&payment, wallet.address()) {
                // On standard error, since standard output is the signature's alone.
                let _ = writeln!(io::stderr(), "note: {doubt}");
            }
            print_line(wallet.sign(&payment.message())?.as_str())
        }
        Request::Address(key) => print_line(key::read(key)?.address()?.as_str()),
        Request::NewKey(path) => print_line(new_key::make(&path)?.address().as_str()),
    }
}

/// Prints the one line of the output; `println!` would panic when nobody reads it.
fn print_line(line: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(Failure::Output)
}
