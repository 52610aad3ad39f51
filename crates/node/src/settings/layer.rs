//! The settings of one source, and how each source is read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ledger_core::{Difficulty, Engine, EngineError};

use super::file::{self, Entry};
use super::values::{RequestLog, Reward, Seconds, Size, Threads};
use super::values::{difficulty, flag, host, list, owner, path, port};
use super::{DEFAULT_CONFIG, SettingsError, names};
use crate::access::{HostName, Origin, OwnerRule, OwnerToken};

/// Variables with the prefix that are not the node's: the clients' node address, and the path of the configuration.
const OTHER_VARIABLES: [&str; 2] = ["LEDGER_NODE", "LEDGER_CONFIG"];

/// The settings of one source; what it leaves open is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// The address or name to listen on.
    pub host: Option<String>,
    /// The TCP port to listen on; 0 lets the system choose.
    pub port: Option<u16>,
    /// The leading zeros a proof's hash must have.
    pub difficulty: Option<Difficulty>,
    /// What a miner is awarded for a block.
    pub mining_reward: Option<Reward>,
    /// How many threads look for a proof.
    pub threads: Option<Threads>,
    /// The instructions with which they do.
    pub engine: Option<Engine>,
    /// How often a block is mined without being asked.
    pub mine_every: Option<Seconds>,
    /// Whether a block is mined when payments wait.
    pub mine_when_pending: Option<bool>,
    /// The directory that keeps the ledger.
    pub data_dir: Option<PathBuf>,
    /// Whether to forget everything at the end.
    pub in_memory: Option<bool>,
    /// Whether a wallet may be made beside a chain that pays another one: said once, and not in a file.
    pub new_wallet: Option<bool>,
    /// Whether to use a database without its last changes: said once, and not in a file.
    pub accept_missing_log: Option<bool>,
    /// The file with the wallet's private key.
    pub wallet: Option<PathBuf>,
    /// Who is the owner without the token.
    pub owner: Option<OwnerRule>,
    /// Whether everybody is the owner.
    pub open: Option<bool>,
    /// The owner's token itself, which no file of settings should hold.
    pub owner_token: Option<OwnerToken>,
    /// The file with the owner's token.
    pub owner_token_file: Option<PathBuf>,
    /// Names of the node.
    pub allowed_host: Option<Vec<HostName>>,
    /// Origins of pages that may ask and see the answers.
    pub allowed_origin: Option<Vec<Origin>>,
    /// The canonical bytes of payments that may wait for a block.
    pub pool_limit: Option<Size>,
    /// Whether the log has a line for each request.
    pub request_log: Option<RequestLog>,
    /// How long a peer may keep silent.
    pub peer_timeout: Option<Seconds>,
    /// How long a peer's answer may take to begin.
    pub peer_first_byte: Option<Seconds>,
    /// How long a peer may take to send its chain.
    pub peer_deadline: Option<Seconds>,
}

impl Layer {
    /// Reads the file that is named, or else the usual one; none if there is none. The file comes with it.
    pub(super) fn from_file(path: Option<&Path>) -> Result<Option<(PathBuf, Self)>, SettingsError> {
        let chosen = path.unwrap_or(Path::new(DEFAULT_CONFIG));
        let read = file::read(path).map_err(|error| SettingsError::Read { path: chosen.into(), error })?;
        let Some(text) = read else { return Ok(None) };
        let mut layer = Self::default();
        layer.take_file(&text).map_err(|error| SettingsError::File { path: chosen.into(), error })?;
        Ok(Some((chosen.into(), layer)))
    }

    fn take_file(&mut self, text: &str) -> Result<(), String> {
        for Entry { line, name, value } in file::entries(text)? {
            let taken = value.and_then(|value| {
                let variable = names::variable(&name).ok_or_else(|| names::unknown_in_file(&name))?;
                self.take(variable, &value).map_err(|error| format!("{name}: {error}"))
            });
            taken.map_err(|error| format!("line {line}: {error}"))?;
        }
        Ok(())
    }

    pub(super) fn from_environment(variables: &BTreeMap<String, String>) -> Result<Self, SettingsError> {
        let mut layer = Self::default();
        for (name, value) in variables.iter().filter(|(name, _)| !OTHER_VARIABLES.contains(&name.as_str())) {
            // Files of variables have line ends of Windows at times, and those of containers leave values out.
            let value = value.trim();
            if value.is_empty() && VARIABLES.contains(&name.as_str()) {
                continue;
            }
            let taken = layer.take(name, value);
            taken.map_err(|error| SettingsError::Variable { name: name.clone(), error })?.ok_or_else(
                || SettingsError::UnknownVariable {
                    name: name.clone(),
                    way_out: names::unknown_variable(name),
                },
            )?;
        }
        Ok(layer)
    }

    /// Takes one variable; none if there is no such setting.
    fn take(&mut self, name: &str, value: &str) -> Result<Option<()>, String> {
        match name {
            "LEDGER_HOST" => self.host = Some(host(value)?),
            "LEDGER_PORT" => self.port = Some(port(value)?),
            "LEDGER_DIFFICULTY" => self.difficulty = Some(difficulty(value)?),
            "LEDGER_MINING_REWARD" => self.mining_reward = Some(Reward::parse(value)?),
            "LEDGER_THREADS" => self.threads = Some(Threads::parse(value)?),
            "LEDGER_ENGINE" => {
                self.engine = Some(value.parse().map_err(|error: EngineError| error.to_string())?);
            }
            "LEDGER_MINE_EVERY" => self.mine_every = Some(Seconds::parse(value)?),
            "LEDGER_MINE_WHEN_PENDING" => self.mine_when_pending = Some(flag(value)?),
            "LEDGER_DATA_DIR" => self.data_dir = Some(path(value)?),
            "LEDGER_IN_MEMORY" => self.in_memory = Some(flag(value)?),
            "LEDGER_WALLET" => self.wallet = Some(path(value)?),
            "LEDGER_OWNER" => self.owner = Some(owner(value)?),
            "LEDGER_OPEN" => self.open = Some(flag(value)?),
            "LEDGER_OWNER_TOKEN" => self.owner_token = Some(value.parse()?),
            "LEDGER_OWNER_TOKEN_FILE" => self.owner_token_file = Some(path(value)?),
            "LEDGER_ALLOWED_HOST" => self.allowed_host = Some(list(value)?),
            "LEDGER_ALLOWED_ORIGIN" => self.allowed_origin = Some(list(value)?),
            "LEDGER_POOL_LIMIT" => self.pool_limit = Some(Size::parse(value)?),
            "LEDGER_REQUEST_LOG" => self.request_log = Some(RequestLog::parse(value)?),
            "LEDGER_PEER_TIMEOUT" => self.peer_timeout = Some(Seconds::parse(value)?),
            "LEDGER_PEER_FIRST_BYTE" => self.peer_first_byte = Some(Seconds::parse(value)?),
            "LEDGER_PEER_DEADLINE" => self.peer_deadline = Some(Seconds::parse(value)?),
            _ => return Ok(None),
        }
        Ok(Some(()))
    }

    /// This source where it says something, the one below elsewhere.
    pub(super) fn over(self, below: Self) -> Self {
        // A place to keep the ledger that one source names is not mixed with another source's.
        // Who only says what is not wanted names nothing.
        let (data_dir, in_memory) = match (&self.data_dir, self.in_memory) {
            (None, None | Some(false)) => (below.data_dir, self.in_memory.or(below.in_memory)),
            _ => (self.data_dir, self.in_memory),
        };
        // Nor are two answers to who the owner is, or what the token.
        let (owner, open) = match (self.owner, self.open) {
            (None, None | Some(false)) => (below.owner, self.open.or(below.open)),
            ours => ours,
        };
        let (owner_token, owner_token_file) = match (self.owner_token, self.owner_token_file) {
            (None, None) => (below.owner_token, below.owner_token_file),
            ours => ours,
        };
        Self {
            host: self.host.or(below.host),
            port: self.port.or(below.port),
            difficulty: self.difficulty.or(below.difficulty),
            mining_reward: self.mining_reward.or(below.mining_reward),
            threads: self.threads.or(below.threads),
            engine: self.engine.or(below.engine),
            mine_every: self.mine_every.or(below.mine_every),
            mine_when_pending: self.mine_when_pending.or(below.mine_when_pending),
            data_dir,
            in_memory,
            new_wallet: self.new_wallet.or(below.new_wallet),
            accept_missing_log: self.accept_missing_log.or(below.accept_missing_log),
            wallet: self.wallet.or(below.wallet),
            owner,
            open,
            owner_token,
            owner_token_file,
            allowed_host: self.allowed_host.or(below.allowed_host),
            allowed_origin: self.allowed_origin.or(below.allowed_origin),
            pool_limit: self.pool_limit.or(below.pool_limit),
            request_log: self.request_log.or(below.request_log),
            peer_timeout: self.peer_timeout.or(below.peer_timeout),
            peer_first_byte: self.peer_first_byte.or(below.peer_first_byte),
            peer_deadline: self.peer_deadline.or(below.peer_deadline),
        }
    }
}

/// The names of all variables.
pub(super) const VARIABLES: &[&str] = &[
    "LEDGER_CONFIG",
    "LEDGER_HOST",
    "LEDGER_PORT",
    "LEDGER_DIFFICULTY",
    "LEDGER_MINING_REWARD",
    "LEDGER_THREADS",
    "LEDGER_ENGINE",
    "LEDGER_MINE_EVERY",
    "LEDGER_MINE_WHEN_PENDING",
    "LEDGER_DATA_DIR",
    "LEDGER_IN_MEMORY",
    "LEDGER_WALLET",
    "LEDGER_OWNER",
    "LEDGER_OPEN",
    "LEDGER_OWNER_TOKEN",
    "LEDGER_OWNER_TOKEN_FILE",
    "LEDGER_ALLOWED_HOST",
    "LEDGER_ALLOWED_ORIGIN",
    "LEDGER_POOL_LIMIT",
    "LEDGER_REQUEST_LOG",
    "LEDGER_PEER_TIMEOUT",
    "LEDGER_PEER_FIRST_BYTE",
    "LEDGER_PEER_DEADLINE",
];
