//! The settings.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ledger_core::seam::{Options, Registration, RuleSet};
use ledger_core::{Difficulty, Engine};
use p2p::{Multiaddr, parse_address};

use super::values::{
    NodeName, RequestLog, Reward, Size, Threads, difficulty, host, network, port, rate, rules, seconds,
};
use super::{AccessSettings, SettingsError};

/// All settings of a node.
///
/// Each field is a flag, an environment variable and a member of the configuration file. Its comment is the flag's
/// help.
#[derive(clap::Args, Clone, Debug, PartialEq)]
pub struct Settings {
    /// Address or name to listen on; 127.0.0.1 keeps other machines out
    #[arg(long, value_parser = host, default_value = "0.0.0.0", display_order = 1)]
    pub host: String,

    /// TCP port to listen on, which also names the data directory, data/node-PORT; 0 lets the system choose
    #[arg(global = true, short, long, value_parser = port, default_value = "5000", display_order = 0)]
    #[arg(allow_negative_numbers = true)]
    pub port: u16,

    /// Label of this node, for web pages and peers: 1 to 40 characters
    #[arg(long, value_name = "TEXT", value_parser = NodeName::parse)]
    pub name: Option<NodeName>,

    /// Configuration file [default: config/node.toml, if it exists]
    #[arg(global = true, long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Rule set of the chain, the same in the whole network
    #[arg(global = true, long, value_name = "NAME", value_parser = rules)]
    pub rules: Option<String>,

    /// Leading zeros that a proof's hash needs, 0 to 64; must be the same in the whole network
    #[arg(global = true, long, value_name = "ZEROS", value_parser = difficulty, default_value = "4")]
    #[arg(allow_negative_numbers = true)]
    pub difficulty: Difficulty,

    /// What a miner earns for a block
    #[arg(long, value_name = "AMOUNT", value_parser = Reward::parse, default_value = "1")]
    #[arg(allow_negative_numbers = true)]
    pub mining_reward: Reward,

    /// Threads that search for a proof, 1 to 1024 [default: the number of cores]
    #[arg(long, value_name = "N", value_parser = Threads::parse)]
    #[arg(default_value_t = Threads::default(), hide_default_value = true, allow_negative_numbers = true)]
    pub threads: Threads,

    /// Instructions for the search: avx512, sha-ni, sse2 or portable [default: the fastest that the processor has]
    #[arg(long, default_value_t = Engine::best(), hide_default_value = true)]
    pub engine: Engine,

    /// Mine a block every SECONDS [default: only on request]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub mine_every: Option<Duration>,

    /// Mine a block when payments are waiting, at most one per second
    #[arg(long)]
    pub mine_when_pending: bool,

    /// Ask the neighbours for longer chains every SECONDS [default: only on request]
    #[arg(long, value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub resolve_every: Option<Duration>,

    /// TCP port of the peer-to-peer network; 0 lets the system choose [default: no such network, unless --peer or --discover
    /// is given]
    #[arg(long, value_name = "PORT", value_parser = port, allow_negative_numbers = true)]
    pub p2p_port: Option<u16>,

    /// Peer-to-peer node to stay connected to, host:port or a multiaddr; may be repeated
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    pub peer: Vec<Multiaddr>,

    /// Find peer-to-peer nodes in the local network by mDNS
    #[arg(long)]
    pub discover: bool,

    /// Name of the peer-to-peer network; nodes connect only if name, rules and difficulty are the same
    #[arg(long, value_name = "NAME", value_parser = network, default_value = "tutorial")]
    pub network: String,

    /// Directory for chain, pool, neighbours and wallet; created if missing [default: data/node-PORT]
    #[arg(global = true, long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Keep nothing on disk after the node stops
    #[arg(long, conflicts_with = "data_dir")]
    pub in_memory: bool,

    /// Open a ledger.db whose ledger.db-wal is missing or cut off, and accept the loss of its last changes
    #[arg(global = true, long)]
    pub accept_missing_log: bool,

    /// File with the wallet's private key, PEM or another format [default: wallet.pem in the data directory,
    /// created on first start]
    #[arg(long, value_name = "FILE")]
    pub wallet: Option<PathBuf>,

    /// Create a new wallet if wallet.pem is missing although the chain pays it
    #[arg(long, conflicts_with = "wallet")]
    pub new_wallet: bool,

    /// Access control.
    #[command(flatten)]
    pub access: AccessSettings,

    /// Bytes of payments that may wait for a block, such as 64 MiB; a block holds up to 16 MiB of them
    #[arg(long, value_name = "SIZE", value_parser = Size::parse, default_value = "16 MiB")]
    #[arg(allow_negative_numbers = true)]
    pub pool_limit: Size,

    /// Log a line per request: on, off, or auto, which is on if standard error is a terminal
    #[arg(long, value_name = "WHEN", value_parser = RequestLog::parse, default_value = "auto")]
    pub request_log: RequestLog,

    /// Requests a second from each other machine, costly ones counted as 20; 0 is no limit
    #[arg(long, value_name = "N", value_parser = rate, default_value = "2000", allow_negative_numbers = true)]
    pub request_rate: u32,

    /// Longest silence of a neighbour, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "10")]
    #[arg(allow_negative_numbers = true)]
    pub peer_timeout: Duration,

    /// Longest wait for the start of a neighbour's answer, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "60")]
    #[arg(allow_negative_numbers = true)]
    pub peer_first_byte: Duration,

    /// Longest time to download a neighbour's chain, in seconds
    #[arg(long, value_name = "SECONDS", value_parser = seconds, default_value = "600")]
    #[arg(allow_negative_numbers = true)]
    pub peer_deadline: Duration,
}

impl Settings {
    /// The data directory of the node on a port.
    pub fn directory(&self, port: u16) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(|| PathBuf::from(format!("data/node-{port}")))
    }

    /// Whether the node joins the peer-to-peer network.
    pub fn is_networked(&self) -> bool {
        self.p2p_port.is_some() || !self.peer.is_empty() || self.discover
    }

    /// The rule set that these settings select: the first one if they name none.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] if there is no rule set of that name, or it cannot use a setting.
    pub fn rules(&self, registered: &[Registration]) -> Result<Arc<dyn RuleSet>, SettingsError> {
        let is_meant = |known: &&Registration| self.rules.as_ref().is_none_or(|name| name == known.name);
        let unknown = || SettingsError::UnknownRules {
            name: self.rules.clone().unwrap_or_default(),
            known: registered.iter().map(|known| known.name).collect::<Vec<_>>().join(", "),
        };
        let rules = registered.iter().find(is_meant).ok_or_else(unknown)?;
        let options = Options::new(self.difficulty, self.mining_reward.amount());
        (rules.make)(&options).map_err(SettingsError::Rules)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use ledger_core::classic::Classic;
    use ledger_core::seam::Erased;
    use ledger_core::{ClassicRules, RULE_SETS};

    use super::*;
    use crate::cli::Cli;

    /// A second rule set, which refuses difficulties above 3.
    const OTHER: Registration = Registration {
        name: "other",
        make: |options| match options.difficulty.zeros() {
            0..=3 => Ok(Arc::new(Erased(Classic::new(ClassicRules::new(options.difficulty), 1_u64.into())))),
            zeros => Err(format!("the rules \"other\" have no difficulty {zeros}")),
        },
    };

    fn rules(registered: &[Registration], flags: &[&str]) -> Result<String, String> {
        let settings = Cli::parse_from([&["node"], flags].concat()).flags;
        settings.rules(registered).map(|rules| rules.describe()).map_err(|error| error.to_string())
    }

    #[test]
    fn rule_set_is_the_named_one_or_the_first() {
        let both = [RULE_SETS[0], OTHER];
        assert_eq!(rules(&both, &[]).unwrap(), "difficulty 4");
        assert_eq!(rules(&both, &["--rules=classic", "--difficulty=5"]).unwrap(), "difficulty 5");
        assert_eq!(rules(&both, &["--rules=other", "--difficulty=3"]).unwrap(), "difficulty 3");
        assert_eq!(rules(&both, &["--rules=other"]).unwrap_err(), "the rules \"other\" have no difficulty 4");
        assert_eq!(
            rules(&both, &["--rules=tyo"]).unwrap_err(),
            "unknown rule set \"tyo\"; known rule sets: classic, other"
        );
        assert!(rules(&[OTHER], &[]).is_err());
    }

    fn parsed(flags: &[&str]) -> Settings {
        Cli::parse_from([&["node"], flags].concat()).flags
    }

    #[test]
    fn each_port_has_its_directory_unless_one_is_named() {
        assert_eq!(parsed(&[]).directory(5001), PathBuf::from("data/node-5001"));
        assert_eq!(parsed(&["--data-dir=here"]).directory(5001), PathBuf::from("here"));
    }

    #[test]
    fn any_setting_of_the_network_joins_it() {
        assert!(!parsed(&[]).is_networked());
        for flag in ["--p2p-port=5000", "--peer=localhost:6000", "--discover"] {
            assert!(parsed(&[flag]).is_networked(), "{flag}");
        }
    }
}
