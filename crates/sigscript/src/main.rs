//! `sigscript`: signs a payment on the command line, as the tutorial's `sigScript.py` does (section 6).
//!
//! The signature and a line end go to standard output, and nothing else does. Read `cli` for what may be
//! asked, `key` for where the key comes from, `new_key` for making one, and `failure` for what can go wrong.

mod cli;
mod failure;
mod key;
mod new_key;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Payment, Request};
use failure::Failure;
use wallet::Address;

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
            let wallet = key::read(key)?;
            note_foreign_sender(&payment, wallet.address());
            print_line(wallet.sign(&payment.message())?.as_str())
        }
        Request::Address(key) => print_line(key::read(key)?.address().as_str()),
        Request::NewKey(path) => print_line(new_key::make(&path)?.address().as_str()),
    }
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
