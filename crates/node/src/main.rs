//! The node's program: `cargo run -p node`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ledger_core::Printable;
use node::cli::{Cli, Command};
use node::settings::Settings;
use node::{allocator, commands, run, signals, telemetry};

fn main() -> ExitCode {
    allocator::give_back();
    let cli = Cli::parse();
    telemetry::start();
    let ended = start(cli);
    telemetry::flush();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "node: {}", Printable::message(format_args!("{error:#}")));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> anyhow::Result<()> {
    signals::survive_file_size_limit()?;
    let config = cli.flags.config.clone();
    let environment = environment()?;
    let settings = Settings::gather(config.as_deref(), environment, cli.flags.into_layer())?;
    let (directory, rules, missing_log) =
        (settings.directory(settings.port), settings.rules(), settings.missing_log);
    match cli.command {
        None => run::run(&settings),
        Some(Command::Verify) => commands::verify(&directory, rules, missing_log),
        Some(Command::Export { file }) => commands::export(&directory, named(file.as_ref()), missing_log),
        Some(Command::Import { file }) => {
            commands::import(&directory, rules, named(file.as_ref()), missing_log)
        }
    }
}

/// A file that is named; `-` stands for standard input or output, as none does.
fn named(file: Option<&PathBuf>) -> Option<&Path> {
    file.map(PathBuf::as_path).filter(|file| *file != Path::new("-"))
}

/// The environment's variables that are text; a setting that is not is refused.
fn environment() -> anyhow::Result<Vec<(String, String)>> {
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => variables.push((name, value)),
            (Ok(name), Err(_)) if name.starts_with("LEDGER_") => {
                anyhow::bail!("the environment variable {name} is not valid: it is not UTF-8 text")
            }
            _ => {}
        }
    }
    Ok(variables)
}
