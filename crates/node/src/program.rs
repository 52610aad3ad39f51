//! Runs the command that the command line names.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgMatches, FromArgMatches};
use ledger_core::Printable;
use ledger_core::seam::Registration;

use crate::cli::{Cli, Command};
use crate::settings::Settings;
use crate::start::run;
use crate::system::{allocator, signals};
use crate::{commands, telemetry};

/// Runs the program with these rule sets; the first is the default. Prints the error if it fails.
pub fn program(registered: &[Registration]) -> ExitCode {
    allocator::configure();
    let arguments = Cli::arguments(registered).get_matches();
    telemetry::start();
    let ended = command(&arguments, registered);
    telemetry::flush();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "node: {}", Printable::message(format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &ArgMatches, registered: &[Registration]) -> anyhow::Result<()> {
    signals::survive_file_size_limit()?;
    let settings = Settings::gather(arguments, std::env::vars_os())?;
    let rules = settings.rules(registered)?;
    let (directory, missing_log) = (settings.directory(settings.port), run::missing_log(&settings));
    match Cli::from_arg_matches(arguments)?.command {
        None => run::run(&settings, rules),
        Some(Command::Verify) => commands::verify(&directory, &rules, missing_log),
        Some(Command::Export { file }) => {
            commands::export(&directory, &rules, named(file.as_ref()), missing_log)
        }
        Some(Command::Import { file }) => {
            commands::import(&directory, rules, named(file.as_ref()), missing_log)
        }
    }
}

/// The file that is named; none for `-`, which means standard input or output.
fn named(file: Option<&PathBuf>) -> Option<&Path> {
    file.map(PathBuf::as_path).filter(|file| *file != Path::new("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dash_is_standard_input_or_output() {
        assert_eq!(named(Some(&"-".into())), None);
        assert_eq!(named(None), None);
        assert_eq!(named(Some(&"./-".into())), Some(Path::new("./-")));
    }
}
