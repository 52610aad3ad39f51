//! `sigscript`: signs a payment on the command line, as the tutorial's `sigScript.py` does (section 6).
//!
//! The signature and a line end go to standard output, and nothing else does. Read `cli` for what may be
//! asked,
//! `key` for where the key comes from, and `failure` for what can go wrong.

mod cli;
mod failure;
mod key;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::Payment;
use failure::Failure;
use wallet::Address;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Reads the request and the key, signs, and prints.
fn run() -> Result<(), Failure> {
    let request = cli::read()?;
    let wallet = key::read(request.key)?;
    note_foreign_sender(&request.payment, wallet.address());
    let signature = wallet.sign(&request.payment.message())?;
    print_line(signature.as_str())
}

/// Says so when nobody will accept the signature, because the sender is not the key's own address.
fn note_foreign_sender(payment: &Payment, own: &Address) {
    let problem = match Address::parse(&payment.sender) {
        Ok(sender) if sender.same_key(own) => return,
        Ok(_) => "the sender is the address of another key".to_owned(),
        Err(error) => format!("the sender is no address ({error})"),
    };
    let _ = writeln!(io::stderr(), "note: {problem}; a node will refuse this signature");
}

/// Prints the one line of the output; `println!` would panic when nobody reads it.
fn print_line(line: &str) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}").and_then(|()| output.flush()).map_err(Failure::Output)
}
