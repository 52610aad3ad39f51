//! The settings as arguments of clap: one list, of which flags, names, help and the reading of all sources are made.

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::{Arg, Args, Command, FromArgMatches, Id, value_parser};

use super::Settings;
use crate::access::OwnerToken;

/// The flag that stands for the owner's token. The command line has none: other programs can read what it says.
pub(super) const OWNER_TOKEN: &str = "owner-token";

/// All settings, as flags that may be said beside each other: [`super::together`] decides about those of several
/// sources.
pub(super) fn command() -> Command {
    let token = Arg::new(OWNER_TOKEN).long(OWNER_TOKEN).value_parser(value_parser!(OwnerToken));
    Settings::augment_args(Command::new("settings").no_binary_name(true).arg(token))
        .mut_args(|arg| arg.conflicts_with(Resettable::<Id>::Reset))
}

/// Makes the settings of flags. What these do not say has its default.
pub(super) fn read(flags: Vec<OsString>) -> Result<Settings, clap::Error> {
    let said = command().try_get_matches_from(flags)?;
    let mut settings = Settings::from_arg_matches(&said)?;
    settings.access.owner_token = said.get_one(OWNER_TOKEN).cloned();
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_contradict_each_other_nowhere() {
        command().debug_assert();
        read(Vec::new()).unwrap();
    }
}
