//! The command line.

use std::path::PathBuf;

use clap::{Arg, CommandFactory, Parser, Subcommand};
use ledger_core::seam::Registration;

use crate::settings::{self, Settings};

/// A node of a small proof-of-work ledger.
///
/// It keeps a chain of blocks and a pool of payments, mines on request, and agrees with its neighbours on the
/// longest valid chain. Talk to it over HTTP: with the clients in scripts/, or with curl.
#[derive(Debug, Parser)]
#[command(version, about, after_help = after_help(), max_term_width = 100)]
pub struct Cli {
    /// Settings given as flags. [`Settings::gather`] adds the file and the environment.
    #[command(flatten)]
    pub flags: Settings,

    /// The command to run instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands other than serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every hash, link and proof of the stored chain; a node may be running at the same time
    Verify,
    /// Check the stored chain and write it as JSON, like GET /chain; a node may be running at the same time
    Export {
        /// File to create; standard output if omitted or -
        file: Option<PathBuf>,
    },
    /// Replace the stored chain with a longer valid one: a backup, or a Python node's /chain
    Import {
        /// File to read; standard input if omitted or -
        file: Option<PathBuf>,
    },
}

impl Cli {
    /// The command line for clap, with each default in its help line, and the names of the rule sets.
    pub fn arguments(registered: &[Registration]) -> clap::Command {
        Self::command().mut_args(show_default).mut_arg("rules", |arg| show_names(arg, registered))
    }
}

fn show_names(arg: Arg, registered: &[Registration]) -> Arg {
    let names: Vec<_> = registered.iter().map(|known| known.name).collect();
    let ([default, ..], Some(help)) = (&*names, arg.get_help()) else { return arg };
    let help = format!("{help}: {} [default: {default}]", names.join(", "));
    arg.help(help)
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

/// The help below the flags.
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

Ctrl-C stops the node once it has finished the requests in flight.";

#[cfg(test)]
mod tests {
    use ledger_core::RULE_SETS;

    use super::*;

    #[test]
    fn command_line_is_consistent() {
        Cli::arguments(RULE_SETS).debug_assert();
    }

    #[test]
    fn owners_token_is_not_a_flag() {
        let arguments = ["node", "--owner-token=0123456789abcdef"];
        assert!(Cli::arguments(RULE_SETS).try_get_matches_from(arguments).is_err());
    }

    #[test]
    fn help_shows_defaults_rules_and_variables() {
        let help = Cli::arguments(RULE_SETS).term_width(0).render_long_help().to_string();
        assert!(help.contains(&format!("{} [default: {}]", RULE_SETS[0].name, RULE_SETS[0].name)), "{help}");
        for words in ["[default: 5000]", "LEDGER_PORT", "Examples:\n  node "] {
            assert!(help.contains(words), "{words}: {help}");
        }
        assert_eq!(help.matches("[default: 5000]").count(), 1, "once");
    }
}
