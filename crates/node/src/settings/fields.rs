//! The settings themselves.

use std::path::PathBuf;
use std::time::Duration;

use ledger_core::{ClassicRules, Difficulty, Engine};

use super::AccessSettings;
use super::values::{RequestLog, Reward, Size, Threads, difficulty, host, port, seconds};

/// Everything a node can be told.
///
/// A field is a flag, a variable of the environment and a member of the file at once. Its comment is the flag's help.
#[derive(clap::Args, Clone, Debug, PartialEq)]
pub struct Settings {
    /// Address or name to listen on; 127.0.0.1 keeps other machines out
    #[arg(long, value_parser = host, default_value = "0.0.0.0", display_order = 1)]
    pub host: String,

    /// TCP port to listen on, or of the node whose data is meant; 0 lets the system choose
    #[arg(global = true, short, long, value_parser = port, default_value = "5000", display_order = 0)]
    #[arg(allow_negative_numbers = true)]
    pub port: u16,

    /// Configuration file [default: config/node.toml, if it is there]
    #[arg(global = true, long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Leading zeros a proof's hash must have, 0 to 64; all nodes of a network must agree
    #[arg(global = true, long, value_name = "ZEROS", value_parser = difficulty, default_value = "4")]
    #[arg(allow_negative_numbers = true)]
    pub difficulty: Difficulty,

    /// What a miner is awarded for a block
    #[arg(long, value_name = "AMOUNT", value_parser = Reward::parse, default_value = "1")]
    #[arg(allow_negative_numbers = true)]
    pub mining_reward: Reward,

    /// Threads that look for a proof, 1 to 1024 [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = Threads::parse)]
    #[arg(default_value_t = Threads::default(), hide_default_value = true, allow_negative_numbers = true)]
    pub threads: Threads,

    /// Instructions they use: avx512, sha-ni, sse2 or portable [default: the fastest that the processor has]
    #[arg(long, default_value_t = Engine::best(), hide_default_value = true)]
    pub engine: Engine,

    /// Mine a block each time SECONDS have passed, without being asked [default: only when asked]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub mine_every: Option<Duration>,

    /// Mine a block when payments wait, one a second at the most
    #[arg(long)]
    pub mine_when_pending: bool,

    /// Directory that keeps chain, pool, neighbours and wallet; made on demand [default: data/node-PORT]
    #[arg(global = true, long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Forget everything at the end
    #[arg(long, conflicts_with = "data_dir")]
    pub in_memory: bool,

    /// Use a ledger.db whose ledger.db-wal is missing or cut off, without the last changes, which only that had
    #[arg(global = true, long)]
    pub accept_missing_log: bool,

    /// Wallet's private key, a file of yours, PEM or other [default: wallet.pem in the data directory, made on first start]
    #[arg(long, value_name = "FILE")]
    pub wallet: Option<PathBuf>,

    /// Make a new wallet where wallet.pem is missing beside a chain that pays it
    #[arg(long, conflicts_with = "wallet")]
    pub new_wallet: bool,

    /// Who may ask what.
    #[command(flatten)]
    pub access: AccessSettings,

    /// Bytes of payments that may wait for a block, such as 64 MiB; a block takes 16 MiB of them
    #[arg(long, value_name = "SIZE", value_parser = Size::parse, default_value = "16 MiB")]
    #[arg(allow_negative_numbers = true)]
    pub pool_limit: Size,

    /// Whether the log has a line for each request: auto, which is if standard error is a terminal, on or off
    #[arg(long, value_name = "WHEN", value_parser = RequestLog::parse, default_value = "auto")]
    pub request_log: RequestLog,

    /// How long a neighbour may keep silent, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "10")]
    #[arg(allow_negative_numbers = true)]
    pub peer_timeout: Duration,

    /// How long a neighbour's answer may take to begin, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    #[arg(allow_negative_numbers = true)]
    pub peer_first_byte: Duration,

    /// How long a neighbour may take to send its chain, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "600")]
    #[arg(allow_negative_numbers = true)]
    pub peer_deadline: Duration,
}

impl Settings {
    /// The directory that keeps the ledger of the node on a port.
    pub fn directory(&self, port: u16) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(format!("data/node-{port}")))
    }

    /// The rules in force.
    pub fn rules(&self) -> ClassicRules {
        ClassicRules::new(self.difficulty)
    }
}
