//! Merges the sources: defaults, then the configuration file, the environment, and the flags. The last one wins.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;

use super::layer::Layer;
use super::sources::{CONFIG, from_environment, from_file, from_flags, variables};
use super::{Settings, SettingsError, arguments, setting, together};

impl Settings {
    /// Merges the sources: the named file (or [`super::DEFAULT_CONFIG`], if it exists), the environment variables,
    /// and the flags. Sets `config` to the file that was read.
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

/// Adds the defaults and checks the settings together.
fn complete(layer: &Layer) -> Result<Settings, SettingsError> {
    let read = arguments::read(layer.as_flags());
    let settings = read.map_err(|error| SettingsError::Together(setting::sentence(&error)))?;
    together::check(&settings)?;
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::OwnerRule;
    use crate::settings::{Reward, TokenSource, sources};

    fn environment(variables: &[(&str, &str)]) -> Result<Layer, SettingsError> {
        from_environment(&variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    /// The settings from a file, variables and flags.
    fn gathered(file: &str, variables: &[(&str, &str)], flags: &[&str]) -> Result<Settings, SettingsError> {
        let flags = arguments::command().try_get_matches_from(flags).unwrap();
        complete(&from_flags(&flags).over(environment(variables)?).over(sources::from_text(file).unwrap()))
    }

    #[test]
    fn last_source_wins() {
        let file = "port = 1\npeerTimeout = 1\nmineEvery = 1\nopen = true";
        let variables = [("LEDGER_PORT", "2"), ("LEDGER_PEER_TIMEOUT", "2"), ("LEDGER_OPEN", "0")];
        let settings = gathered(file, &variables, &["-p3"]).unwrap();
        let seconds = (settings.peer_timeout.as_secs(), settings.mine_every.unwrap().as_secs());
        assert_eq!((settings.port, seconds, settings.access.open), (3, (2, 1), false));
    }

    #[test]
    fn list_replaces_the_list_of_an_earlier_source() {
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
    fn later_source_replaces_a_whole_group() {
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
    fn conflict_within_a_source_is_refused() {
        let refusal = |file, variables: &[_]| gathered(file, variables, &[]).unwrap_err();
        let directory = refusal("dataDir = 'a'\ninMemory = true", &[]);
        assert!(matches!(directory, SettingsError::InMemoryWithDirectory), "{directory}");
        let owner = refusal("", &[("LEDGER_OPEN", "1"), ("LEDGER_OWNER", "token")]);
        assert!(matches!(owner, SettingsError::OpenWithToken), "{owner}");
        let variables = [("LEDGER_OWNER_TOKEN", "0123456789abcdef"), ("LEDGER_OWNER_TOKEN_FILE", "a")];
        let tokens = refusal("", &variables);
        assert!(matches!(tokens, SettingsError::TwoTokens), "{tokens}");
    }

    #[test]
    fn missing_settings_have_their_defaults() {
        let settings = gathered("", &[], &[]).unwrap();
        assert_eq!((settings.port, settings.host.as_str()), (5000, "0.0.0.0"));
        assert_eq!(settings.pool_limit.bytes(), crate::ledger::POOL_LIMIT);
        assert_eq!(settings.difficulty, ledger_core::Difficulty::default());
        assert_eq!(settings.mining_reward, Reward::default());
    }

    #[test]
    fn config_is_the_file_that_was_read() {
        let [named, other] = ["port = 7", "port = 8"].map(|text| {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), text).unwrap();
            file
        });
        let gathered = |variable: &str, flags: &[&str]| {
            let flags = arguments::command().try_get_matches_from(flags).unwrap();
            let settings = Settings::gather(&flags, [("LEDGER_CONFIG".into(), variable.into())]).unwrap();
            (settings.port, settings.config)
        };
        let (path, flag) = (named.path().to_str().unwrap(), other.path().to_str().unwrap());
        assert_eq!(gathered(path, &[]), (7, Some(named.path().to_owned())));
        assert_eq!(gathered(path, &["--config", flag]), (8, Some(other.path().to_owned())));
        assert_eq!(gathered("", &[]), (5000, None));
    }
}
