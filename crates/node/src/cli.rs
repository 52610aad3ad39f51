//! The command line.

use std::path::PathBuf;

use clap::{Arg, CommandFactory, Parser, Subcommand};

use crate::settings::{self, Settings};

/// A node of a small proof-of-work ledger.
///
/// It keeps a chain of blocks and a pool of payments, mines when it is asked to, and agrees with its neighbours on the
/// longest valid chain. Talk to it over HTTP: with the clients in scripts/, or with curl.
#[derive(Debug, Parser)]
#[command(version, about, after_help = after_help(), max_term_width = 100)]
pub struct Cli {
    /// What the flags say over the defaults. [`Settings::gather`] hears the file and the environment, too.
    #[command(flatten)]
    pub flags: Settings,

    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every hash, link and proof of the stored chain; a node may be running meanwhile
    Verify,
    /// Check the stored chain and write it as JSON, as GET /chain answers it; a node may be running meanwhile
    Export {
        /// New file to write; standard output if none is named, or -
        file: Option<PathBuf>,
    },
    /// Replace the stored chain by a longer valid one: a backup, or what a Python node's /chain answers
    Import {
        /// File to read; standard input if none is named, or -
        file: Option<PathBuf>,
    },
}

impl Cli {
    /// The command line as clap reads it, with each default in the line of its help.
    pub fn arguments() -> clap::Command {
        Self::command().mut_args(show_default)
    }
}

fn show_default(arg: Arg) -> Arg {
    let ([default], Some(help), false) =
        (arg.get_default_values(), arg.get_help(), arg.is_hide_default_value_set())
    else {
        return arg;
    };
    let help = format!("{help} [default: {}]", default.to_string_lossy());
    arg.help(help).hide_default_value(true)
}

/// What stands below the flags.
fn after_help() -> String {
    format!(
        "Settings come from, later ones winning: defaults, the configuration file, the environment ({}), flags. \
         RUST_LOG sets what is logged: info by default.\n\n{EXAMPLES}",
        settings::variables()
    )
}

const EXAMPLES: &str = "\
Examples:
  node                                   a node on port 5000
  node -p 5001                           a second one, on port 5001
  node -p 5001 --difficulty 5            mining takes sixteen times as long
  curl http://localhost:5000/mine        mine a block
  curl http://localhost:5000/chain       look at the chain
  node verify                            check the whole chain of the node on port 5000
  node export backup.json                write it to a file
  node import backup.json -p 5001        and take it to another node

Ctrl-C stops the node after it has finished what is in flight.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::arguments().debug_assert();
    }

    #[test]
    fn the_owners_token_is_no_flag() {
        let arguments = ["node", "--owner-token=0123456789abcdef"];
        assert!(Cli::arguments().try_get_matches_from(arguments).is_err());
    }
}
