//! Runs the program. The fixtures are the wallet's, from the Python wallet.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::NamedTempFile;

/// The program with these arguments and no key in the environment.
pub(crate) fn sigscript(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sigscript"));
    command.args(arguments).env_remove("SIGSCRIPT_KEY").stdin(Stdio::null());
    command
}

/// Runs the program with only these arguments.
pub(crate) fn run(arguments: &[&str]) -> Output {
    sigscript(arguments).output().unwrap()
}

/// Runs the program with this standard input.
pub(crate) fn run_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = sigscript(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program may stop reading early, which breaks this pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// A temporary file with this content. Dropping the handle removes it.
pub(crate) fn file(content: &[u8]) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    file
}

/// The standard output.
pub(crate) fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

/// The standard error.
pub(crate) fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

/// The first wallet of the vectors.
pub(crate) struct Alice {
    pub(crate) address: String,
    pub(crate) secret: String,
    /// Valid payments as (recipient, amount, signature), with amounts in text.
    pub(crate) payments: Vec<(String, String, String)>,
}

impl Alice {
    pub(crate) fn new() -> Self {
        let vectors: Value =
            serde_json::from_str(include_str!("../../../wallet/tests/data/signatures.json")).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let alice = &vectors[0];
        let payments = alice["payments"].as_array().unwrap().iter();
        let payments = payments.filter(|payment| payment["valid"] == true).map(|payment| {
            (text(&payment["recipient"]), amount(&payment["amount"]), text(&payment["signature"]))
        });
        Self {
            address: text(&alice["address"]),
            secret: text(&alice["secret_pkcs1"]),
            payments: payments.collect(),
        }
    }

    /// The key as PEM text.
    pub(crate) fn pem(&self) -> String {
        wallet::Wallet::from_secret(&self.secret).unwrap().to_pem().to_string()
    }

    /// The signature of a payment of 5 to bob.
    pub(crate) fn signature(&self) -> &str {
        &self.payments[0].2
    }
}

/// Python's `str(amount)`.
fn amount(amount: &Value) -> String {
    match amount {
        Value::String(text) => text.clone(),
        number if number.as_f64() == Some(1e16) => "1e+16".to_owned(),
        number => number.to_string(),
    }
}

/// A file of another tool, from the wallet's fixtures.
pub(crate) fn form(group: &str, name: &str) -> Vec<u8> {
    forms(group).into_iter().find(|(found, _)| found == name).unwrap().1
}

/// Files of a group of the wallet's fixtures, as (name, bytes) pairs.
pub(crate) fn forms(group: &str) -> Vec<(String, Vec<u8>)> {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let all: Value = serde_json::from_str(include_str!("../../../wallet/tests/data/forms.json")).unwrap();
    let entries = all[group].as_object().unwrap().iter();
    entries
        .map(|(name, file)| (name.clone(), BASE64_STANDARD.decode(file.as_str().unwrap()).unwrap()))
        .collect()
}
