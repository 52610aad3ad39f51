//! What may be asked on the command line.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::key::KeySource;

/// The variable that holds the key when the command line does not say where it is.
pub(crate) const KEY_VARIABLE: &str = "SIGSCRIPT_KEY";

/// How many characters of a misplaced value are repeated: enough to find it, too few to be a key.
const SHOWN: usize = 20;

/// Signs a payment: prints the signature that proves the sender's consent, and nothing else
///
/// SENDER, RECIPIENT and AMOUNT are signed as the text given, one after the other. The node compares the
/// signature with what it is sent, so write the amount in both places alike: 5, 5.0 and 05 are three texts.
#[derive(Parser)]
#[command(version, after_long_help = EXAMPLES)]
struct Cli {
    /// Address the money comes from: the one that belongs to the key
    sender: String,

    /// Address, or any name, the money goes to; may be empty ('')
    recipient: String,

    /// Amount, as it will be sent to the node
    #[arg(allow_negative_numbers = true)]
    amount: String,

    /// Secret of the sender (base64) or PEM text; - reads it from standard input
    ///
    /// An argument can be seen by every user of the machine in the list of processes, and stays in the
    /// shell's history: better give -, --key-file, or the variable SIGSCRIPT_KEY, which is used when neither
    /// is given.
    #[arg(allow_hyphen_values = true)]
    key: Option<String>,

    /// File with the secret (base64) or PEM text
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    key_file: Option<std::path::PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  sigscript \"$ADDRESS\" bob 5 --key-file alice.key
  SIGSCRIPT_KEY=\"$SECRET\" sigscript \"$ADDRESS\" bob 5
  sigscript \"$ADDRESS\" bob 5 - < alice.key
  sigscript --key-file alice.key -- \"$ADDRESS\" -bob 5     values that begin with - come after --

Exit status: 0 signed, 1 the key cannot be used or nothing could be printed, 2 wrong use.";

/// The payment to sign.
pub(crate) struct Payment {
    /// Who pays.
    pub(crate) sender: String,
    recipient: String,
    amount: String,
}

impl Payment {
    /// What is signed: the three texts with nothing between them (tutorial, section 6).
    pub(crate) fn message(&self) -> Vec<u8> {
        [self.sender.as_str(), &self.recipient, &self.amount].concat().into_bytes()
    }
}

/// What the command line asks for.
pub(crate) struct Request {
    /// The payment to sign.
    pub(crate) payment: Payment,
    /// Where the key to sign it with is.
    pub(crate) key: KeySource,
}

/// Reads the command line; `--help` and `--version` are answered here, and end the program.
pub(crate) fn read() -> Result<Request, Failure> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::UnknownArgument => return Err(misplaced(&error)),
        Err(error) => error.exit(),
    };
    let key = match (cli.key.map(Zeroizing::new), cli.key_file) {
        (_, Some(path)) => KeySource::File(path),
        (Some(key), None) => from_argument(key)?,
        (None, None) => KeySource::from_environment().ok_or_else(no_key)?,
    };
    let payment = Payment { sender: cli.sender, recipient: cli.recipient, amount: cli.amount };
    Ok(Request { payment, key })
}

/// Tells apart the three things that can stand in the place of the key.
fn from_argument(key: Zeroizing<String>) -> Result<KeySource, Failure> {
    match key.as_str() {
        "-" => Ok(KeySource::StandardInput),
        text if text.starts_with('-') && !text.starts_with("-----BEGIN") => Err(unknown_option(text)),
        _ => Ok(KeySource::Text(key)),
    }
}

/// Explains a value clap has no place for, without repeating it whole as clap does: it may be the key.
fn misplaced(error: &clap::Error) -> Failure {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(text)) if text.starts_with('-') => unknown_option(text),
        _ => usage("there are more than four values; put quotes around one that holds spaces"),
    }
}

fn unknown_option(text: &str) -> Failure {
    let start: String = text.chars().take(SHOWN).collect();
    let dots = if start.len() < text.len() { "..." } else { "" };
    usage(&format!(
        "there is no option {start}{dots}; a value that begins with - comes after --, \
         as in: sigscript [--key-file FILE] -- SENDER RECIPIENT AMOUNT [KEY]"
    ))
}

fn no_key() -> Failure {
    usage(&format!("there is no key: give it as fourth value, with --key-file, or in {KEY_VARIABLE}"))
}

/// Adds the line that says how it is done to a sentence that says what is wrong.
fn usage(problem: &str) -> Failure {
    let usage = Cli::command().render_usage();
    Failure::Usage(format!("{problem}\n\n{usage}\n\nFor more information, try '--help'."))
}
