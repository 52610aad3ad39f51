//! Help for unknown names, such as `mining_reward` for `miningReward`.

use ledger_core::Printable;

use super::setting::{self, PREFIX, Setting};

/// The least similarity at which a name counts as a misspelling of another.
const MIN_SIMILARITY: f64 = 0.9;

/// The message for an unknown name in a file.
pub(super) fn unknown_in_file(name: &str) -> String {
    if similar(name, ["ownerToken".to_owned()]).is_some() {
        return "the token itself must not be in this file; name its file with ownerTokenFile".into();
    }
    let known = setting::all().into_iter().filter_map(|setting| setting.name_in_file()).collect();
    format!("\"{}\" is not a setting; {}", Printable::foreign(name), way_out(name, known))
}

/// The hint after the name of an unknown variable.
pub(super) fn unknown_variable(name: &str) -> String {
    way_out(name, setting::all().into_iter().filter_map(|setting| setting.variable()).collect())
}

/// All variables, for the help.
pub(crate) fn variables() -> String {
    let shown = |setting: Setting| Some(setting.variable()? + note(&setting));
    setting::all().into_iter().filter_map(shown).collect::<Vec<_>>().join(", ")
}

/// How a variable differs from its flag.
fn note(setting: &Setting) -> &'static str {
    match (setting.is_list(), setting.is_flag()) {
        (true, _) => " (a list with commas)",
        (_, false) => " (the token itself)",
        _ => "",
    }
}

fn way_out(name: &str, known: Vec<String>) -> String {
    match similar(name, known.iter().cloned()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("the settings are {}", known.join(", ")),
    }
}

/// The most similar name, ignoring case and separators.
fn similar(name: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let name = plain(name);
    let rated = known.into_iter().map(|known| (strsim::jaro_winkler(&name, &plain(&known)), known));
    let best = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= MIN_SIMILARITY).then_some(best.1)
}

/// A name in lower case, without prefix and separators.
fn plain(name: &str) -> String {
    let name = name.strip_prefix(PREFIX).unwrap_or(name);
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::settings::file::entries;

    /// All settings in the repository's file, including those in comments.
    fn shown() -> BTreeMap<String, String> {
        let file = include_str!("../../../../config/node.toml");
        let uncommented = |line: &&str| line.trim_start_matches("# ").split_once(" = ").is_some();
        let lines: Vec<_> =
            file.lines().filter(uncommented).map(|line| line.trim_start_matches("# ")).collect();
        let entries = entries(&lines.join("\n")).unwrap();
        entries.into_iter().map(|entry| (entry.name, entry.value.unwrap())).collect()
    }

    #[test]
    fn repositorys_file_lists_all_settings() {
        let names: Vec<_> = setting::all().into_iter().filter_map(|setting| setting.name_in_file()).collect();
        for name in &names {
            assert!(shown().contains_key(name), "{name} is missing in config/node.toml");
        }
        assert_eq!(shown().len(), names.len());
        assert!(!names.contains(&"ownerToken".to_owned()));
    }

    #[test]
    fn repositorys_file_shows_the_defaults() {
        for setting in setting::all() {
            let (Some(name), Some(default)) = (setting.name_in_file(), setting.default()) else { continue };
            assert_eq!(shown()[&name], default, "{name}");
        }
    }

    #[test]
    fn misspelt_names_get_a_hint() {
        for (name, meant) in [
            ("mining_reward", "miningReward"),
            ("mining-reward", "miningReward"),
            ("MiningReward", "miningReward"),
            ("dificulty", "difficulty"),
            ("ports", "port"),
            ("datadir", "dataDir"),
        ] {
            assert!(
                unknown_in_file(name).ends_with(&format!("did you mean {meant}?")),
                "{}",
                unknown_in_file(name)
            );
        }
        assert!(
            unknown_in_file("colour").contains("the settings are host, port,"),
            "{}",
            unknown_in_file("colour")
        );
        assert!(unknown_in_file("owner_token").contains("ownerTokenFile"));
        assert_eq!(unknown_variable("LEDGER_DIFICULTY"), "did you mean LEDGER_DIFFICULTY?");
    }

    #[test]
    fn help_says_how_variables_differ_from_flags() {
        let variables = variables();
        for shown in [
            "LEDGER_PORT",
            "LEDGER_ALLOWED_HOST (a list with commas)",
            "LEDGER_OWNER_TOKEN (the token itself)",
        ] {
            assert!(variables.split(", ").any(|part| part == shown), "{shown} in: {variables}");
        }
    }
}
