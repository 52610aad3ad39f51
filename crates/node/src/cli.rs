//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use ledger_core::{Difficulty, Engine};

use crate::access::{HostName, Origin, OwnerRule};
use crate::settings::{Layer, RequestLog, Reward, Seconds, Size, Threads, difficulty, host, owner, port};

/// A node of a small proof-of-work ledger.
///
/// It keeps a chain of blocks and a pool of payments, mines when it is asked to, and agrees with its neighbours on the
/// longest valid chain. Talk to it over HTTP: with the clients in scripts/, or with curl.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER, max_term_width = 100)]
pub struct Cli {
    /// What to listen on, which rules to keep, where to keep the ledger.
    #[command(flatten)]
    pub flags: Flags,

    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does beside serving.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check every hash, link and proof of the stored chain; a node may be running meanwhile
    Verify,
    /// Check the stored chain and write it as JSON, as GET /chain answers it; a node may be running meanwhile
    Export {
        /// New file to write; standard output if none is named, or -
        file: Option<PathBuf>,
    },
    /// Replace the stored chain by a longer valid one: a backup, or what a Python node's /chain answers
    Import {
        /// File to read; standard input if none is named, or -
        file: Option<PathBuf>,
    },
}

const AFTER: &str = "\
Settings come from, later ones winning: defaults, the configuration file, the environment \
(LEDGER_PORT, LEDGER_HOST, LEDGER_DIFFICULTY, LEDGER_MINING_REWARD, LEDGER_THREADS, LEDGER_ENGINE, \
LEDGER_MINE_EVERY, LEDGER_MINE_WHEN_PENDING, LEDGER_DATA_DIR, \
LEDGER_IN_MEMORY, LEDGER_WALLET, LEDGER_OWNER, LEDGER_OPEN, LEDGER_OWNER_TOKEN (the token itself), \
LEDGER_OWNER_TOKEN_FILE, LEDGER_ALLOWED_HOST, LEDGER_ALLOWED_ORIGIN (lists with commas), LEDGER_POOL_LIMIT, \
LEDGER_REQUEST_LOG, LEDGER_PEER_TIMEOUT, LEDGER_PEER_FIRST_BYTE, LEDGER_PEER_DEADLINE, LEDGER_CONFIG), flags. \
RUST_LOG sets what is logged: info by default.

Examples:
  node                                   a node on port 5000
  node -p 5001                           a second one, on port 5001
  node -p 5001 --difficulty 5            mining takes sixteen times as long
  curl http://localhost:5000/mine        mine a block
  curl http://localhost:5000/chain       look at the chain
  node verify                            check the whole chain of the node on port 5000
  node export backup.json                write it to a file
  node import backup.json -p 5001        and take it to another node

Ctrl-C stops the node after it has finished what is in flight.";

/// The flags of a node that serves.
#[derive(Debug, clap::Args)]
pub struct Flags {
    /// TCP port to listen on, or of the node whose data is meant; 0 lets the system choose [default: 5000]
    #[arg(global = true, short, long, value_parser = port, allow_negative_numbers = true)]
    pub port: Option<u16>,

    /// Address or name to listen on; 127.0.0.1 keeps other machines out [default: 0.0.0.0]
    #[arg(long, value_parser = host)]
    pub host: Option<String>,

    /// Configuration file [default: config/node.toml, if it is there]
    #[arg(global = true, long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Leading zeros a proof's hash must have, 0 to 64; all nodes of a network must agree [default: 4]
    #[arg(global = true, long, value_name = "ZEROS", value_parser = difficulty, allow_negative_numbers = true)]
    pub difficulty: Option<Difficulty>,

    /// What a miner is awarded for a block [default: 1]
    #[arg(long, value_name = "AMOUNT", value_parser = Reward::parse, allow_negative_numbers = true)]
    pub mining_reward: Option<Reward>,

    /// Threads that look for a proof, 1 to 1024 [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = Threads::parse, allow_negative_numbers = true)]
    pub threads: Option<Threads>,

    /// Instructions they use: avx512, sha-ni, sse2 or portable [default: the fastest that the processor has]
    #[arg(long)]
    pub engine: Option<Engine>,

    /// Mine a block each time SECONDS have passed, without being asked [default: only when asked]
    #[arg(long, value_name = "SECONDS", value_parser = Seconds::parse, allow_negative_numbers = true)]
    pub mine_every: Option<Seconds>,

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

    /// Who may mine, show the secret, change the neighbours and resolve without the token: loopback, which is this
    /// machine, or token, which is nobody, for a node behind a proxy [default: loopback]
    #[arg(long, value_name = "WHO", value_parser = owner)]
    pub owner: Option<OwnerRule>,

    /// Answer the owner's requests to every machine, for a classroom
    #[arg(long)]
    pub open: bool,

    /// Owner's token, a file you have [default: owner-token in the data directory, made on first start]
    #[arg(long, value_name = "FILE")]
    pub owner_token_file: Option<PathBuf>,

    /// Name of this node beside localhost, as clients write it; may be given again
    #[arg(long, value_name = "NAME")]
    pub allowed_host: Option<Vec<HostName>>,

    /// Origin of web pages that may read, and submit payments, such as `https://page.example`; may be given again
    #[arg(long, value_name = "ORIGIN")]
    pub allowed_origin: Option<Vec<Origin>>,

    /// Bytes of payments that may wait for a block, such as 64 MiB; a block takes 16 MiB of them [default: 16 MiB]
    #[arg(long, value_name = "SIZE", value_parser = Size::parse, allow_negative_numbers = true)]
    pub pool_limit: Option<Size>,

    /// Whether the log has a line for each request: auto, which is if standard error is a terminal, on or off
    /// [default: auto]
    #[arg(long, value_name = "WHEN", value_parser = RequestLog::parse)]
    pub request_log: Option<RequestLog>,

    /// How long a neighbour may keep silent, in seconds [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = Seconds::parse, allow_negative_numbers = true)]
    pub peer_timeout: Option<Seconds>,

    /// How long a neighbour's answer may take to begin, in seconds [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = Seconds::parse, allow_negative_numbers = true)]
    pub peer_first_byte: Option<Seconds>,

    /// How long a neighbour may take to send its chain, in seconds [default: 600]
    #[arg(long, value_name = "SECONDS", value_parser = Seconds::parse, allow_negative_numbers = true)]
    pub peer_deadline: Option<Seconds>,
}

impl Flags {
    /// The flags as a layer of settings.
    pub fn into_layer(self) -> Layer {
        Layer {
            host: self.host,
            port: self.port,
            difficulty: self.difficulty,
            mining_reward: self.mining_reward,
            threads: self.threads,
            engine: self.engine,
            mine_every: self.mine_every,
            mine_when_pending: self.mine_when_pending.then_some(true),
            data_dir: self.data_dir,
            in_memory: self.in_memory.then_some(true),
            new_wallet: self.new_wallet.then_some(true),
            accept_missing_log: self.accept_missing_log.then_some(true),
            wallet: self.wallet,
            owner: self.owner,
            open: self.open.then_some(true),
            owner_token: None,
            owner_token_file: self.owner_token_file,
            allowed_host: self.allowed_host,
            allowed_origin: self.allowed_origin,
            pool_limit: self.pool_limit,
            request_log: self.request_log,
            peer_timeout: self.peer_timeout,
            peer_first_byte: self.peer_first_byte,
            peer_deadline: self.peer_deadline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
