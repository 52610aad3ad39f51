//! The names of the settings: `LEDGER_MINING_REWARD` in the environment is `miningReward` in the file.

use ledger_core::Printable;

/// What the names of all environment variables of the node begin with.
pub(super) const PREFIX: &str = "LEDGER_";

/// What stands in no file: its own path, and a secret.
const NOT_IN_FILE: [&str; 2] = ["LEDGER_CONFIG", "LEDGER_OWNER_TOKEN"];

/// How alike two names must be for one to be meant by the other.
const ALIKE: f64 = 0.9;

/// The variable of a setting that a file names; none if there is no such setting.
pub(super) fn variable(in_file: &str) -> Option<&'static str> {
    let known = super::layer::VARIABLES.iter().filter(|variable| !NOT_IN_FILE.contains(variable));
    known.copied().find(|variable| name_in_file(variable) == in_file)
}

/// What is said of a name in a file that is no setting's.
pub(super) fn unknown_in_file(name: &str) -> String {
    if similar(name, NOT_IN_FILE.map(name_in_file)).as_deref() == Some("ownerToken") {
        return "the token itself stands in no file of settings; name its file with ownerTokenFile".into();
    }
    let known = super::layer::VARIABLES.iter().filter(|variable| !NOT_IN_FILE.contains(variable));
    let known: Vec<String> = known.map(|variable| name_in_file(variable)).collect();
    format!("\"{}\" is no setting; {}", Printable::foreign(name), way_out(name, known))
}

/// What is said after the name of a variable that is no setting's.
pub(super) fn unknown_variable(name: &str) -> String {
    way_out(name, super::layer::VARIABLES.iter().map(ToString::to_string).collect())
}

fn way_out(name: &str, known: Vec<String>) -> String {
    match similar(name, known.iter().cloned()) {
        Some(meant) => format!("did you mean {meant}?"),
        None => format!("the settings are {}", known.join(", ")),
    }
}

/// The name that is most like another one, whatever its case and the signs between its words.
fn similar(name: &str, known: impl IntoIterator<Item = String>) -> Option<String> {
    let name = plain(name);
    let rated = known.into_iter().map(|known| (strsim::jaro_winkler(&name, &plain(&known)), known));
    let best = rated.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

/// A name in lower case, without prefix and the signs between words.
fn plain(name: &str) -> String {
    let name = name.strip_prefix(PREFIX).unwrap_or(name);
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// `miningReward` for `LEDGER_MINING_REWARD`.
fn name_in_file(variable: &str) -> String {
    let words = variable.strip_prefix(PREFIX).unwrap_or(variable).split('_').enumerate();
    let word = |(number, word): (usize, &str)| {
        let lower = word.to_ascii_lowercase();
        if number == 0 { lower } else { word[..1].to_owned() + &lower[1..] }
    };
    words.map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_files_are_those_of_the_repositorys_file() {
        let file = include_str!("../../../../config/node.toml");
        for variable in super::super::layer::VARIABLES.iter().filter(|name| !NOT_IN_FILE.contains(name)) {
            let name = name_in_file(variable);
            assert!(file.contains(&format!("{name} = ")), "{name}");
            assert_eq!(super::variable(&name), Some(*variable));
        }
        assert_eq!(super::variable("ownerToken"), None);
    }

    #[test]
    fn other_spellings_lead_to_the_name() {
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
}
