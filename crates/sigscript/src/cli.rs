//! The command line.

use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, Parser};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::key::{KEY_VARIABLE, KeySource};

/// Characters of a misplaced value that a message shows: enough to find it, too few to reveal a key.
const SHOWN: usize = 20;

/// Signs a payment: prints the signature that proves the sender's consent, and nothing else
///
/// Signs SENDER, RECIPIENT and AMOUNT exactly as given, without separators. The node checks the signature against
/// the text that it receives, so write the amount the same way in both places: 5, 5.0 and 05 are three texts.
#[derive(Parser)]
#[command(version, override_usage = USAGE, after_long_help = EXAMPLES)]
struct Cli {
    /// Address that pays; it belongs to the key
    #[arg(required_unless_present_any = ["new_key", "address"])]
    sender: Option<String>,

    /// Address, or any name, that is paid; may be empty ('')
    #[arg(required_unless_present_any = ["new_key", "address"])]
    recipient: Option<String>,

    /// Amount, as you will send it to the node
    #[arg(required_unless_present_any = ["new_key", "address"], allow_negative_numbers = true)]
    amount: Option<String>,

    /// Secret of the sender (base64) or PEM text; - reads standard input
    ///
    /// Other common formats work, too: DER, OpenSSH, JWK. For an unsupported format, the error names the command
    /// that converts it.
    ///
    /// Every user of the machine can see arguments in the process list, and they stay in the shell's history.
    /// Prefer -, --key-file, or the variable SIGSCRIPT_KEY, which applies if neither is given.
    #[arg(allow_hyphen_values = true)]
    key: Option<String>,

    /// File with the key in any of these formats, such as a node's wallet.pem
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    key_file: Option<PathBuf>,

    /// Print the address of a private or public key, and sign nothing
    #[arg(long, conflicts_with_all = ["recipient", "amount", "key"])]
    address: bool,

    /// Generate a private key into FILE, which must not exist, and print its address
    #[arg(long, value_name = "FILE", exclusive = true)]
    new_key: Option<PathBuf>,
}

const USAGE: &str = "\
sigscript [OPTIONS] <SENDER> <RECIPIENT> <AMOUNT> [KEY]
       sigscript --address [KEY | --key-file <FILE>]
       sigscript --new-key <FILE>";

const EXAMPLES: &str = "\
Examples:
  sigscript --new-key alice.key
  sigscript --address --key-file data/node-5000/wallet.pem
  sigscript \"$ADDRESS\" bob 5 --key-file alice.key
  SIGSCRIPT_KEY=\"$SECRET\" sigscript \"$ADDRESS\" bob 5
  sigscript \"$ADDRESS\" bob 5 - < alice.key
  sigscript --key-file alice.key -- \"$ADDRESS\" -bob 5     values that begin with - come after --

Exit status: 0 done, 1 the key cannot be used or nothing could be printed, 2 wrong use.";

/// The payment to sign.
pub(crate) struct Payment {
    /// The payer.
    pub(crate) sender: String,
    /// The payee.
    pub(crate) recipient: String,
    /// The amount.
    pub(crate) amount: String,
}

impl Payment {
    /// The signed text: the three texts without separators (tutorial, section 6).
    pub(crate) fn message(&self) -> Vec<u8> {
        [self.sender.as_str(), &self.recipient, &self.amount].concat().into_bytes()
    }
}

/// What to do.
pub(crate) enum Request {
    /// Sign a payment with a key.
    Sign(Payment, KeySource),
    /// Print the address of a key.
    Address(KeySource),
    /// Generate a key into a file.
    NewKey(PathBuf),
}

/// Parses the command line. `--help` and `--version` end the program here.
pub(crate) fn read() -> Result<Request, Failure> {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.kind() == ErrorKind::UnknownArgument => return Err(misplaced(&error)),
        Err(error) => error.exit(),
    };
    match cli {
        Cli { new_key: Some(path), .. } if path == Path::new("-") => {
            Err(usage("--new-key needs a file name, not -"))
        }
        Cli { new_key: Some(path), .. } => Ok(Request::NewKey(path)),
        // Without a payment the key is the first value.
        Cli { address: true, sender: Some(_), key_file: Some(_), .. } => Err(two_keys()),
        Cli { address: true, sender, key_file, .. } => Ok(Request::Address(key_source(sender, key_file)?)),
        Cli {
            sender: Some(sender), recipient: Some(recipient), amount: Some(amount), key, key_file, ..
        } => Ok(Request::Sign(Payment { sender, recipient, amount }, key_source(key, key_file)?)),
        _ => unreachable!("clap asks for sender, recipient and amount"),
    }
}

/// Where the key is.
fn key_source(key: Option<String>, file: Option<PathBuf>) -> Result<KeySource, Failure> {
    match (key.map(Zeroizing::new), file) {
        (_, Some(path)) => Ok(KeySource::File(path)),
        (Some(key), None) => from_argument(key),
        (None, None) => KeySource::from_environment().ok_or_else(no_key),
    }
}

/// Reads the key argument: `-` is standard input, another option is an error, all else is the key itself.
fn from_argument(key: Zeroizing<String>) -> Result<KeySource, Failure> {
    match key.as_str() {
        "-" => Ok(KeySource::StandardInput),
        text if text.starts_with('-') && !text.starts_with("-----BEGIN") => Err(unknown_option(text)),
        _ => Ok(KeySource::Text(key)),
    }
}

/// Reports a surplus value without showing all of it, as clap would: it may be the key.
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

fn two_keys() -> Failure {
    usage("two keys given: use a value or --key-file, not both")
}

/// Appends a usage hint to an error.
fn usage(problem: &str) -> Failure {
    let usage = Cli::command().render_usage();
    Failure::Usage(format!("{problem}\n\n{usage}\n\nFor more information, try '--help'."))
}
