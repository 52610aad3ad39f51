//! What a node is told: defaults, then the configuration file, then the environment, then flags; the last one wins.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger_core::{Amount, Difficulty, Number, Rules};
use serde::Deserialize;

/// Where the configuration is looked for when no file is named; it may be missing there.
pub const DEFAULT_CONFIG: &str = "config/node.toml";

/// What the names of all environment variables of the node begin with.
const PREFIX: &str = "LEDGER_";

/// Variables with the prefix that are not the node's: the clients' node address, and the path of the configuration.
const OTHER_VARIABLES: [&str; 2] = ["LEDGER_NODE", "LEDGER_CONFIG"];

/// The settings of one source; what it leaves open is none.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Layer {
    /// The address or name to listen on.
    pub host: Option<String>,
    /// The TCP port to listen on; 0 lets the system choose.
    pub port: Option<u16>,
    /// The leading zeros a proof's hash must have.
    pub difficulty: Option<Difficulty>,
    /// What a miner is awarded for a block.
    pub mining_reward: Option<Reward>,
    /// The directory that keeps the ledger.
    pub data_dir: Option<PathBuf>,
    /// Whether to forget everything at the end.
    pub in_memory: Option<bool>,
    /// The file with the wallet's private key.
    pub wallet: Option<PathBuf>,
    /// How long a peer may keep silent, in seconds.
    pub peer_timeout: Option<u64>,
    /// How long a peer may take to send its chain, in seconds.
    pub peer_deadline: Option<u64>,
}

/// All settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The address or name to listen on.
    pub host: String,
    /// The TCP port to listen on; 0 lets the system choose.
    pub port: u16,
    /// The leading zeros a proof's hash must have.
    pub difficulty: Difficulty,
    /// What a miner is awarded for a block.
    pub mining_reward: Reward,
    /// The directory that keeps the ledger; `data/node-PORT` if none is named.
    pub data_dir: Option<PathBuf>,
    /// Whether to forget everything at the end.
    pub in_memory: bool,
    /// The file with the wallet's private key; in the data directory if none is named.
    pub wallet: Option<PathBuf>,
    /// How long a peer may keep silent.
    pub peer_timeout: Duration,
    /// How long a peer may take to send its chain.
    pub peer_deadline: Duration,
}

/// A setting that cannot be used, its source and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The file is not valid.
    #[error("the configuration {path} is not valid: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// An environment variable's value is not valid.
    #[error("the environment variable {name} is not valid: {error}")]
    Variable {
        /// The variable.
        name: String,
        /// What is wrong with it.
        error: String,
    },
    /// An environment variable that looks like a setting and is none.
    #[error("the environment variable {name} is no setting; the settings are {known}")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// The variables there are.
        known: String,
    },
    /// Both a data directory and none are asked for.
    #[error("in-memory and a data directory exclude each other; give one of them")]
    InMemoryWithDirectory,
}

/// The mining reward: a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reward(Number);

impl Reward {
    /// The reward as the amount of a transaction.
    pub fn amount(self) -> Amount {
        self.0.into()
    }

    /// Reads a reward from its decimal text.
    ///
    /// # Errors
    ///
    /// A sentence for what is not a number, or negative.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::checked(Number::parse(text).map_err(|error| error.to_string())?)
    }

    fn checked(number: Number) -> Result<Self, String> {
        if number.to_f64() < 0.0 {
            Err("the mining reward must not be negative".into())
        } else {
            Ok(Self(number))
        }
    }
}

impl fmt::Display for Reward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Reward {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "the mining reward must be a number")]
        enum Either {
            Integer(i64),
            Float(f64),
        }
        let number = match Either::deserialize(deserializer)? {
            Either::Integer(integer) => Number::from(integer),
            Either::Float(float) => Number::try_from(float).map_err(serde::de::Error::custom)?,
        };
        Self::checked(number).map_err(serde::de::Error::custom)
    }
}

impl Settings {
    /// Puts the sources together: the file `config` (or [`DEFAULT_CONFIG`], if it is there), the variables of the
    /// environment, and the flags.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] naming the source and the setting.
    pub fn gather(
        config: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: Layer,
    ) -> Result<Self, SettingsError> {
        let environment: BTreeMap<String, String> =
            environment.into_iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
        let config =
            config.map(Path::to_owned).or_else(|| environment.get("LEDGER_CONFIG").map(PathBuf::from));
        let file = Layer::from_file(config.as_deref())?;
        let environment = Layer::from_environment(&environment)?;
        flags.over(environment).over(file).complete()
    }

    /// The directory that keeps the ledger of the node on a port.
    pub fn directory(&self, port: u16) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(format!("data/node-{port}")))
    }

    /// The rules in force.
    pub fn rules(&self) -> Rules {
        Rules::classic(self.difficulty)
    }
}

impl Layer {
    fn from_file(path: Option<&Path>) -> Result<Self, SettingsError> {
        let chosen = path.unwrap_or(Path::new(DEFAULT_CONFIG));
        let text = match std::fs::read_to_string(chosen) {
            Ok(text) => text,
            Err(error) if path.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(SettingsError::Read { path: chosen.into(), error }),
        };
        toml::from_str(&text).map_err(|error: toml::de::Error| SettingsError::File {
            path: chosen.into(),
            error: one_line(&text, &error),
        })
    }

    fn from_environment(variables: &BTreeMap<String, String>) -> Result<Self, SettingsError> {
        let mut layer = Self::default();
        for (name, value) in variables.iter().filter(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str())) {
            let taken = layer.take(name, value);
            taken.map_err(|error| SettingsError::Variable { name: name.clone(), error })?.ok_or_else(
                || SettingsError::UnknownVariable { name: name.clone(), known: VARIABLES.join(", ") },
            )?;
        }
        Ok(layer)
    }

    /// Takes one variable; none if there is no such setting.
    fn take(&mut self, name: &str, value: &str) -> Result<Option<()>, String> {
        match name {
            "LEDGER_HOST" => self.host = Some(value.to_owned()),
            "LEDGER_PORT" => self.port = Some(number(value)?),
            "LEDGER_DIFFICULTY" => self.difficulty = Some(difficulty(value)?),
            "LEDGER_MINING_REWARD" => self.mining_reward = Some(Reward::parse(value)?),
            "LEDGER_DATA_DIR" => self.data_dir = Some(value.into()),
            "LEDGER_IN_MEMORY" => self.in_memory = Some(flag(value)?),
            "LEDGER_WALLET" => self.wallet = Some(value.into()),
            "LEDGER_PEER_TIMEOUT" => self.peer_timeout = Some(number(value)?),
            "LEDGER_PEER_DEADLINE" => self.peer_deadline = Some(number(value)?),
            _ => return Ok(None),
        }
        Ok(Some(()))
    }

    fn over(self, below: Self) -> Self {
        // A place to keep the ledger that one source names is not mixed with another source's.
        let (data_dir, in_memory) = match (&self.data_dir, self.in_memory) {
            (None, None) => (below.data_dir, below.in_memory),
            _ => (self.data_dir, self.in_memory),
        };
        Self {
            host: self.host.or(below.host),
            port: self.port.or(below.port),
            difficulty: self.difficulty.or(below.difficulty),
            mining_reward: self.mining_reward.or(below.mining_reward),
            data_dir,
            in_memory,
            wallet: self.wallet.or(below.wallet),
            peer_timeout: self.peer_timeout.or(below.peer_timeout),
            peer_deadline: self.peer_deadline.or(below.peer_deadline),
        }
    }

    fn complete(self) -> Result<Settings, SettingsError> {
        let in_memory = self.in_memory.unwrap_or(false);
        if in_memory && self.data_dir.is_some() {
            return Err(SettingsError::InMemoryWithDirectory);
        }
        Ok(Settings {
            host: self.host.unwrap_or_else(|| "0.0.0.0".into()),
            port: self.port.unwrap_or(5000),
            difficulty: self.difficulty.unwrap_or_default(),
            mining_reward: self.mining_reward.unwrap_or(Reward(1u64.into())),
            data_dir: self.data_dir,
            in_memory,
            wallet: self.wallet,
            peer_timeout: Duration::from_secs(self.peer_timeout.unwrap_or(10)),
            peer_deadline: Duration::from_secs(self.peer_deadline.unwrap_or(600)),
        })
    }
}

const VARIABLES: [&str; 10] = [
    "LEDGER_CONFIG",
    "LEDGER_HOST",
    "LEDGER_PORT",
    "LEDGER_DIFFICULTY",
    "LEDGER_MINING_REWARD",
    "LEDGER_DATA_DIR",
    "LEDGER_IN_MEMORY",
    "LEDGER_WALLET",
    "LEDGER_PEER_TIMEOUT",
    "LEDGER_PEER_DEADLINE",
];

/// Reads a difficulty from its decimal text.
///
/// # Errors
///
/// A sentence for what is not a number from 0 to 64.
pub fn difficulty(text: &str) -> Result<Difficulty, String> {
    let zeros: u8 =
        text.parse().map_err(|_| format!("difficulty must be a number from 0 to 64, not {text:?}"))?;
    Difficulty::new(zeros).map_err(|error| error.to_string())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number in range"))
}

fn flag(text: &str) -> Result<bool, String> {
    match text {
        "1" | "true" => Ok(true),
        "" | "0" | "false" => Ok(false),
        _ => Err(format!("{text:?} is neither true nor false")),
    }
}

/// A TOML error on one line, with the line it is about.
fn one_line(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    format!("line {line}: {}", error.message().replace('\n', "; "))
}
