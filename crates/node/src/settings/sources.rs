//! Reads each source: the command line, the environment, the configuration file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::ArgMatches;

use super::file::{self, DEFAULT_CONFIG, Entry};
use super::layer::Layer;
use super::setting::{self, PREFIX};
use super::{SettingsError, names};

/// The variable for the path of the configuration file, which is needed before the other settings.
pub(super) const CONFIG: &str = "LEDGER_CONFIG";

/// Variables with our prefix that are no settings: the clients' node address, and the configuration's path.
const OTHER_VARIABLES: [&str; 2] = ["LEDGER_NODE", CONFIG];

/// The environment variables with our prefix.
pub(super) fn variables(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<String, String>, SettingsError> {
    let names = environment.into_iter().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let ours = names.filter(|(name, _)| name.starts_with(PREFIX));
    let text = |(name, value): (String, OsString)| match value.into_string() {
        Ok(value) => Ok((name, value)),
        Err(_) => Err(SettingsError::Variable { name, error: "it is not UTF-8 text".into() }),
    };
    ours.map(text).collect()
}

/// Reads the command line.
pub(super) fn from_flags(flags: &ArgMatches) -> Layer {
    let mut layer = Layer::default();
    for setting in setting::all() {
        if let Some(value) = setting.flag_value(flags) {
            layer.set(setting.flag(), value);
        }
    }
    layer
}

/// Reads the environment.
pub(super) fn from_environment(variables: &BTreeMap<String, String>) -> Result<Layer, SettingsError> {
    let (mut layer, settings) = (Layer::default(), setting::all());
    let is_ours = |name: &str, value: &str| !OTHER_VARIABLES.contains(&name) && !is_service_link(name, value);
    for (name, value) in variables.iter().filter(|(name, value)| is_ours(name, value)) {
        // Trim: env files may have Windows line ends. Skip empty values: container templates leave them.
        let value = value.trim();
        let setting = settings.iter().find(|setting| setting.variable().as_ref() == Some(name));
        let setting = setting.ok_or_else(|| SettingsError::UnknownVariable {
            name: name.clone(),
            way_out: names::unknown_variable(name),
        })?;
        if !value.is_empty() {
            let refused = |error| SettingsError::Variable { name: name.clone(), error };
            layer.set(setting.flag(), setting.read(value).map_err(refused)?);
        }
    }
    Ok(layer)
}

/// Whether Kubernetes or Docker set this variable for a service whose name begins with `ledger`, such as
/// `LEDGER_PORT=tcp://10.0.0.1:5000`.
fn is_service_link(name: &str, value: &str) -> bool {
    let is_url = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let is_numbered = name.split_once("_PORT_").is_some_and(|(_, rest)| {
        let protocol = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
        protocol != rest && ["_TCP", "_UDP", "_SCTP"].iter().any(|known| protocol.starts_with(known))
    });
    let is_of_service = ["_SERVICE_HOST", "_SERVICE_PORT"].iter().any(|part| name.contains(part));
    is_url && name.ends_with("_PORT") || is_numbered || is_of_service
}

/// Reads the named file, or the default one; `None` if that does not exist. Returns the file's path with its settings.
pub(super) fn from_file(named: Option<&Path>) -> Result<Option<(PathBuf, Layer)>, SettingsError> {
    let path = named.unwrap_or(Path::new(DEFAULT_CONFIG));
    let text = file::read(named).map_err(|error| SettingsError::Read { path: path.into(), error })?;
    let Some(text) = text else { return Ok(None) };
    let layer = from_text(&text).map_err(|error| SettingsError::File { path: path.into(), error })?;
    Ok(Some((path.into(), layer)))
}

/// Reads the text of a file.
pub(super) fn from_text(text: &str) -> Result<Layer, String> {
    let (mut layer, settings) = (Layer::default(), setting::all());
    for Entry { line, name, value } in file::entries(text)? {
        let taken = value.and_then(|value| {
            let setting = settings.iter().find(|setting| setting.name_in_file().as_ref() == Some(&name));
            let setting = setting.ok_or_else(|| names::unknown_in_file(&name))?;
            layer.set(setting.flag(), setting.read(&value).map_err(|error| format!("{name}: {error}"))?);
            Ok(())
        });
        taken.map_err(|error| format!("line {line}: {error}"))?;
    }
    Ok(layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Result<Layer, SettingsError> {
        from_environment(&variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    #[test]
    fn refusals_name_the_setting() {
        let (nonsense, escaped) = ("\u{7f}://", r"\u007f://");
        for setting in setting::all() {
            if let Some(name) = setting.variable().filter(|name| name != CONFIG) {
                let refusal = environment(&[(&name, nonsense)]).err().expect(&name).to_string();
                assert!(refusal.starts_with(&format!("the environment variable {name} is not valid: ")));
            }
            if let Some(name) = setting.name_in_file() {
                let refusal = from_text(&format!("\n{name} = \"{escaped}\"")).err().expect(&name);
                assert!(refusal.starts_with(&format!("line 2: {name}: ")), "{refusal}");
            }
        }
    }

    #[test]
    fn settings_for_one_start_are_flags_only() {
        for name in ["LEDGER_NEW_WALLET", "LEDGER_ACCEPT_MISSING_LOG"] {
            assert!(environment(&[(name, "1")]).is_err(), "{name}");
        }
        for name in ["newWallet", "acceptMissingLog", "config", "ownerToken"] {
            assert!(from_text(&format!("{name} = true")).is_err(), "{name}");
        }
    }

    #[test]
    fn refusals_say_what_is_expected() {
        let refusal = |text: &str| from_text(text).err().unwrap();
        let host = refusal("host = \"\"");
        assert!(host.starts_with("line 1: host: host must be an address or a name"), "{host}");
        let path = refusal("dataDir = \"\"");
        assert!(path.starts_with("line 1: dataDir: \"\" is not a path"), "{path}");
    }

    #[test]
    fn variables_for_services_are_ignored() {
        for (name, value) in [
            ("LEDGER_PORT", "tcp://10.0.0.1:5000"),
            ("LEDGER_P2P_PORT", "tcp://10.0.0.1:6000"),
            ("LEDGER_PORT_5000_TCP", "tcp://10.0.0.1:5000"),
            ("LEDGER_NODE_PORT_5000_UDP_ADDR", "10.0.0.1"),
            ("LEDGER_SERVICE_HOST", "10.0.0.1"),
            ("LEDGER_NODE_SERVICE_PORT_HTTP", "5000"),
        ] {
            let layer = environment(&[(name, value), ("LEDGER_DIFFICULTY", "3")]).unwrap();
            assert_eq!(layer.as_flags(), ["--difficulty=3"], "{name}");
        }
        for (name, value) in
            [("LEDGER_PORT", "10.0.0.1:5000"), ("LEDGER_PORT_2", "1"), ("LEDGER_PORT_TCP", "1")]
        {
            assert!(environment(&[(name, value)]).is_err(), "{name}");
        }
    }

    #[test]
    fn only_our_variables_are_read() {
        let variables = |pairs: &[(&str, &str)]| {
            super::variables(pairs.iter().map(|(name, value)| (name.into(), value.into()))).unwrap()
        };
        let read = variables(&[("PATH", "/bin"), ("LEDGER_PORT", "1"), ("MY_LEDGER_PORT", "2")]);
        assert_eq!(read, [("LEDGER_PORT".to_owned(), "1".to_owned())].into());
    }

    #[cfg(unix)]
    #[test]
    fn variable_that_is_not_text_is_refused_by_its_name() {
        use std::os::unix::ffi::OsStringExt;
        let broken = || OsString::from_vec(vec![b'a', 0xff]);
        let refusal = variables([("LEDGER_HOST".into(), broken())]).unwrap_err().to_string();
        assert!(refusal.contains("LEDGER_HOST") && refusal.contains("not UTF-8"), "{refusal}");
        assert!(variables([("HOST".into(), broken()), (broken(), "1".into())]).unwrap().is_empty());
    }

    #[test]
    fn file_gives_its_path_and_its_settings() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "port = 7").unwrap();
        let (path, layer) = from_file(Some(file.path())).unwrap().unwrap();
        assert_eq!((path.as_path(), layer.as_flags()), (file.path(), vec!["--port=7".into()]));
        assert!(from_file(None).unwrap().is_none());
        std::fs::write(file.path(), "port = x").unwrap();
        let refusal = from_file(Some(file.path())).err().unwrap().to_string();
        assert!(refusal.contains(file.path().to_str().unwrap()), "{refusal}");
    }
}
