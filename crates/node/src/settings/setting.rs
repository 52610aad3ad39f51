//! One setting: its names, and parsing its value from a file or a variable.

use std::any::TypeId;
use std::error::Error;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches};

use super::arguments::{self, OWNER_TOKEN};
use super::layer::Value;
use super::values::{list, path, truth};

/// The prefix of the node's environment variables.
pub(super) const PREFIX: &str = "LEDGER_";

/// Settings for a single start: flags only.
const FLAGS_ONLY: [&str; 2] = ["new-wallet", "accept-missing-log"];

/// Settings that cannot be in the file: its own path, and a secret.
const NOT_IN_FILE: [&str; 2] = ["config", OWNER_TOKEN];

/// One setting.
pub(super) struct Setting(Arg);

/// All settings, in the order of the help.
pub(super) fn all() -> Vec<Setting> {
    arguments::command().get_arguments().cloned().map(Setting).collect()
}

impl Setting {
    /// The flag, without dashes.
    pub(super) fn flag(&self) -> &str {
        self.0.get_long().unwrap_or_else(|| self.0.get_id().as_str())
    }

    /// `LEDGER_MINING_REWARD` for `mining-reward`; none for flags only.
    pub(super) fn variable(&self) -> Option<String> {
        let name = || PREFIX.to_owned() + &self.flag().replace('-', "_").to_ascii_uppercase();
        (!FLAGS_ONLY.contains(&self.flag())).then(name)
    }

    /// `miningReward` for `mining-reward`; none if it cannot be in the file.
    pub(super) fn name_in_file(&self) -> Option<String> {
        let hidden = FLAGS_ONLY.iter().chain(&NOT_IN_FILE).any(|flag| *flag == self.flag());
        (!hidden).then(|| camel_case(self.flag()))
    }

    /// Whether it is a command-line flag.
    pub(super) fn is_flag(&self) -> bool {
        self.flag() != OWNER_TOKEN
    }

    /// Whether it has several values, separated by commas.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.0.get_action(), ArgAction::Append)
    }

    /// The default for the configuration file; none if there is none, or if it depends on the machine.
    #[cfg(test)]
    pub(super) fn default(&self) -> Option<String> {
        let [default] = self.0.get_default_values() else { return None };
        (!self.0.is_hide_default_value_set()).then(|| default.to_string_lossy().into_owned())
    }

    /// The value from the command line, if it is given.
    pub(super) fn flag_value(&self, flags: &ArgMatches) -> Option<Value> {
        let id = self.0.get_id().as_str();
        let known = flags.try_contains_id(id).is_ok_and(|known| known);
        if !known || flags.value_source(id) != Some(ValueSource::CommandLine) {
            return None;
        }
        match self.0.get_action() {
            ArgAction::SetTrue => Some(Value::Switch(flags.get_flag(id))),
            _ => Some(Value::Texts(flags.get_raw(id)?.map(ToOwned::to_owned).collect())),
        }
    }

    /// Parses a value from a file or a variable.
    ///
    /// # Errors
    ///
    /// The message of its type.
    pub(super) fn read(&self, text: &str) -> Result<Value, String> {
        let value = match self.0.get_action() {
            ArgAction::SetTrue => Value::Switch(truth(text)?),
            ArgAction::Append => Value::Texts(list(text)),
            _ if self.is_path() => Value::Texts(vec![path(text)?]),
            _ => Value::Texts(vec![text.into()]),
        };
        let tried = arguments::read(value.as_flags(self.flag()));
        tried.map(|_| value).map_err(|error| sentence(&error))
    }

    fn is_path(&self) -> bool {
        self.0.get_value_parser().type_id() == TypeId::of::<PathBuf>()
    }
}

fn camel_case(flag: &str) -> String {
    let mut words = flag.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_ascii_uppercase() + &word[1..])
}

/// Our own message in clap's error, or the first line of clap's.
pub(super) fn sentence(error: &clap::Error) -> String {
    let first_line = || error.to_string().lines().next().unwrap_or_default().replacen("error: ", "", 1);
    error.source().map_or_else(first_line, ToString::to_string)
}
