//! Putting the sources together: defaults, then the configuration file, then the environment, then flags; the last one
//! wins.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;

use super::said::Said;
use super::sources::{CONFIG, from_environment, from_file, from_flags, variables};
use super::{Settings, SettingsError, arguments, setting, together};

impl Settings {
    /// Puts the sources together: the file that is named (or [`super::DEFAULT_CONFIG`], if it is there), the variables
    /// of the environment, and the flags of the command line. `config` is then the file that was read.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] naming the source and the setting.
    pub fn gather(
        flags: &ArgMatches,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, SettingsError> {
        let environment = variables(environment)?;
        let named = flags
            .get_one::<PathBuf>("config")
            .cloned()
            .or_else(|| environment.get(CONFIG).filter(|path| !path.is_empty()).map(PathBuf::from));
        let (config, file) = from_file(named.as_deref())?.unzip();
        let environment = from_environment(&environment)?;
        let settings = complete(&from_flags(flags).over(environment).over(file.unwrap_or_default()))?;
        Ok(Self { config, ..settings })
    }
}

/// The settings that all sources make together, over the defaults.
fn complete(said: &Said) -> Result<Settings, SettingsError> {
    let read = arguments::read(said.as_flags());
    let settings = read.map_err(|error| SettingsError::Together(setting::sentence(&error)))?;
    together::check(&settings)?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::OwnerRule;
    use crate::settings::{Reward, TokenSource, sources};

    fn environment(said: &[(&str, &str)]) -> Result<Said, SettingsError> {
        from_environment(&said.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    /// What a file, variables and flags say together.
    fn gathered(file: &str, variables: &[(&str, &str)], flags: &[&str]) -> Result<Settings, SettingsError> {
        let flags = arguments::command().try_get_matches_from(flags).unwrap();
        complete(&from_flags(&flags).over(environment(variables)?).over(sources::from_text(file).unwrap()))
    }

    #[test]
    fn each_setting_is_taken_from_the_last_source() {
        let file = "port = 1\npeerTimeout = 1\nmineEvery = 1\nopen = true";
        let variables = [("LEDGER_PORT", "2"), ("LEDGER_PEER_TIMEOUT", "2"), ("LEDGER_OPEN", "0")];
        let settings = gathered(file, &variables, &["-p3"]).unwrap();
        let seconds = (settings.peer_timeout.as_secs(), settings.mine_every.unwrap().as_secs());
        assert_eq!((settings.port, seconds, settings.access.open), (3, (2, 1), false));
    }

    #[test]
    fn list_of_a_source_replaces_those_below() {
        let file = r#"allowedHost = ["a", "b"]"#;
        let hosts = |variables: &[_], flags: &[_]| {
            let hosts = gathered(file, variables, flags).unwrap().access.allowed_host;
            hosts.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(hosts(&[], &[]), ["a", "b"]);
        assert_eq!(hosts(&[("LEDGER_ALLOWED_HOST", "c, d,")], &[]), ["c", "d"]);
        assert_eq!(hosts(&[("LEDGER_ALLOWED_HOST", ",")], &[]), [""; 0]);
        assert_eq!(
            hosts(&[("LEDGER_ALLOWED_HOST", "c")], &["--allowed-host=e", "--allowed-host=f"]),
            ["e", "f"]
        );
    }

    #[test]
    fn answers_of_two_sources_are_not_mixed() {
        let directory = |file, variables: &[_], flags: &[_]| {
            let settings = gathered(file, variables, flags).unwrap();
            (settings.data_dir, settings.in_memory)
        };
        assert_eq!(directory("dataDir = 'a'", &[("LEDGER_IN_MEMORY", "1")], &[]), (None, true));
        assert_eq!(directory("dataDir = 'a'", &[("LEDGER_IN_MEMORY", "0")], &[]), (Some("a".into()), false));
        assert_eq!(directory("inMemory = true", &[], &["--data-dir=b"]), (Some("b".into()), false));
        let token = "0123456789abcdef";
        let file = "ownerTokenFile = 'a'\nowner = 'token'";
        let access = gathered(file, &[("LEDGER_OWNER_TOKEN", token)], &["--open"]).unwrap().access;
        assert_eq!(access.token(), TokenSource::Given(token.parse().unwrap()));
        assert_eq!(access.rule(), OwnerRule::Open);
    }

    #[test]
    fn two_answers_of_one_source_are_refused() {
        let refusal = |file, variables: &[_]| gathered(file, variables, &[]).unwrap_err();
        let place = refusal("dataDir = 'a'\ninMemory = true", &[]);
        assert!(matches!(place, SettingsError::InMemoryWithDirectory), "{place}");
        let owner = refusal("", &[("LEDGER_OPEN", "1"), ("LEDGER_OWNER", "token")]);
        assert!(matches!(owner, SettingsError::OpenWithToken), "{owner}");
        let variables = [("LEDGER_OWNER_TOKEN", "0123456789abcdef"), ("LEDGER_OWNER_TOKEN_FILE", "a")];
        let tokens = refusal("", &variables);
        assert!(matches!(tokens, SettingsError::TwoTokens), "{tokens}");
    }

    #[test]
    fn defaults_hold_where_nothing_is_said() {
        let settings = gathered("", &[], &[]).unwrap();
        assert_eq!((settings.port, settings.host.as_str()), (5000, "0.0.0.0"));
        assert_eq!(settings.pool_limit.bytes(), crate::ledger::POOL_LIMIT);
        assert_eq!(settings.difficulty, ledger_core::Difficulty::default());
        assert_eq!(settings.mining_reward, Reward::default());
    }
}
