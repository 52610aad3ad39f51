//! The settings as clap arguments: the one list behind flags, names, help and the parsing of all sources.

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, Args, Command, FromArgMatches, Id, value_parser};

use super::Settings;
use crate::access::OwnerToken;

/// The name of the owner's token. The command line does not accept it: other programs can read arguments.
pub(super) const OWNER_TOKEN: &str = "owner-token";

/// All settings as flags without conflicts between them: [`super::together`] checks those, across all sources.
pub(super) fn command() -> Command {
    let token = Arg::new(OWNER_TOKEN).long(OWNER_TOKEN).value_parser(value_parser!(OwnerToken));
    Settings::augment_args(Command::new("settings").no_binary_name(true).arg(token))
        .mut_args(|arg| arg.conflicts_with(Resettable::<Id>::Reset))
}

/// Parses flags into settings. Missing ones get their defaults.
pub(super) fn read(flags: Vec<OsString>) -> Result<Settings, clap::Error> {
    let matches = command().try_get_matches_from(flags)?;
    let mut settings = Settings::from_arg_matches(&matches)?;
    settings.access.owner_token = matches.get_one(OWNER_TOKEN).cloned();
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_of_settings_is_consistent() {
        command().debug_assert();
        read(Vec::new()).unwrap();
    }
}
