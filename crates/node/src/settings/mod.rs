//! What a node is told: defaults, then the configuration file, then the environment, then flags; the last one wins.

mod access;
mod file;
mod layer;
mod names;
mod values;

pub use access::{AccessSettings, TokenSource};
pub use layer::Layer;
pub use values::{RequestLog, Reward, Seconds, Size, Threads, difficulty, host, owner, port};

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger_core::{Difficulty, Engine, Rules};

use crate::disk_error::plain;
use crate::ledger::POOL_LIMIT;
use crate::miner::Automatic;
use crate::store::MissingLog;

/// Where the configuration is looked for when no file is named; it may be missing there.
pub const DEFAULT_CONFIG: &str = "config/node.toml";

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
    /// How many threads look for a proof.
    pub threads: Threads,
    /// The instructions with which they do.
    pub engine: Engine,
    /// How often a block is mined without being asked, if at all.
    pub mine_every: Option<Duration>,
    /// Whether a block is mined when payments wait.
    pub mine_when_pending: bool,
    /// The directory that keeps the ledger; `data/node-PORT` if none is named.
    pub data_dir: Option<PathBuf>,
    /// Whether to forget everything at the end.
    pub in_memory: bool,
    /// The configuration file that was read, if there was one.
    pub config: Option<PathBuf>,
    /// Whether a wallet may be made beside a chain that pays another one.
    pub new_wallet: bool,
    /// Whether a database may be used that lacks its last changes.
    pub missing_log: MissingLog,
    /// The file with the wallet's private key; in the data directory if none is named.
    pub wallet: Option<PathBuf>,
    /// Who may ask what.
    pub access: AccessSettings,
    /// The canonical bytes of payments that may wait for a block.
    pub pool_limit: Size,
    /// Whether the log has a line for each request.
    pub request_log: RequestLog,
    /// How long a peer may keep silent.
    pub peer_timeout: Duration,
    /// How long a peer's answer may take to begin, once it is connected.
    pub peer_first_byte: Duration,
    /// How long a peer may take to send its chain.
    pub peer_deadline: Duration,
}

/// A setting that cannot be used, its source and what is wrong.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the configuration {path}: {}", plain(error))]
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
    #[error("the environment variable {name} is no setting; {way_out}")]
    UnknownVariable {
        /// The variable.
        name: String,
        /// Which one may be meant.
        way_out: String,
    },
    /// Both a data directory and none are asked for.
    #[error("--in-memory and --data-dir cannot be combined")]
    InMemoryWithDirectory,
    /// The owner is both everybody and whoever has the token.
    #[error("--open and --owner token cannot be combined: the first asks nobody for the token")]
    OpenWithToken,
    /// The token is given twice.
    #[error("LEDGER_OWNER_TOKEN and LEDGER_OWNER_TOKEN_FILE cannot be combined; set one of them")]
    TwoTokens,
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
            environment.into_iter().filter(|(name, _)| name.starts_with(names::PREFIX)).collect();
        let config = config
            .map(Path::to_owned)
            .or_else(|| environment.get("LEDGER_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from));
        let (config, file) = Layer::from_file(config.as_deref())?.unzip();
        let environment = Layer::from_environment(&environment)?;
        Self::complete(flags.over(environment).over(file.unwrap_or_default()), config)
    }

    fn complete(mut layer: Layer, config: Option<PathBuf>) -> Result<Self, SettingsError> {
        let in_memory = layer.in_memory.unwrap_or(false);
        if in_memory && layer.data_dir.is_some() {
            return Err(SettingsError::InMemoryWithDirectory);
        }
        Ok(Self {
            access: AccessSettings::take(&mut layer)?,
            host: layer.host.unwrap_or_else(|| "0.0.0.0".into()),
            port: layer.port.unwrap_or(5000),
            difficulty: layer.difficulty.unwrap_or_default(),
            mining_reward: layer.mining_reward.unwrap_or_default(),
            threads: layer.threads.unwrap_or_default(),
            engine: layer.engine.unwrap_or_else(Engine::best),
            mine_every: layer.mine_every.map(Seconds::duration),
            mine_when_pending: layer.mine_when_pending.unwrap_or(false),
            data_dir: layer.data_dir,
            in_memory,
            config,
            new_wallet: layer.new_wallet.unwrap_or(false),
            missing_log: match layer.accept_missing_log {
                Some(true) => MissingLog::Accepted,
                _ => MissingLog::Refused,
            },
            wallet: layer.wallet,
            pool_limit: layer.pool_limit.unwrap_or(Size::new(POOL_LIMIT as u64)),
            request_log: layer.request_log.unwrap_or_default(),
            peer_timeout: layer.peer_timeout.map_or(Duration::from_secs(10), Seconds::duration),
            peer_first_byte: layer.peer_first_byte.map_or(Duration::from_secs(60), Seconds::duration),
            peer_deadline: layer.peer_deadline.map_or(Duration::from_secs(600), Seconds::duration),
        })
    }

    /// The directory that keeps the ledger of the node on a port.
    pub fn directory(&self, port: u16) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(format!("data/node-{port}")))
    }

    /// When blocks are mined without being asked.
    pub fn automatic(&self) -> Automatic {
        Automatic { every: self.mine_every, when_pending: self.mine_when_pending }
    }

    /// The rules in force.
    pub fn rules(&self) -> Rules {
        Rules::classic(self.difficulty)
    }
}
