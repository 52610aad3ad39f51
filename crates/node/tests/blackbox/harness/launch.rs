//! How a node is to be started: in a folder of its own, with an environment of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use super::lines::Lines;
use super::made::payments::miner;
use super::node::Node;

/// A folder, flags and variables. Starting it twice starts two nodes in the same folder.
#[derive(Clone)]
pub(crate) struct Launch {
    flags: BTreeMap<&'static str, String>,
    switches: Vec<String>,
    variables: BTreeMap<&'static str, String>,
    folder: Arc<TempDir>,
    /// What a shell does first, in whose place the process then is.
    before: Option<String>,
}

/// What a process that has ended left behind.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: Vec<String>,
}

impl Launch {
    /// A node for most tests: any port, loopback, difficulty 2, a wallet that is there already.
    pub(crate) fn usual() -> Self {
        Self::bare().flag("difficulty", "2").ready_wallet().flag("port", "0")
    }

    /// A node with an empty folder, that listens on loopback; all else is left to it.
    pub(crate) fn bare() -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let bare = Self {
            flags: BTreeMap::new(),
            switches: Vec::new(),
            variables: BTreeMap::new(),
            folder,
            before: None,
        };
        bare.flag("host", "127.0.0.1").flag("data-dir", "data")
    }

    /// Gives the node a wallet, which spares it the time to make one.
    pub(crate) fn ready_wallet(self) -> Self {
        self.file("wallet.pem", &miner().to_pem()).flag("wallet", "wallet.pem")
    }

    pub(crate) fn flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.insert(name, value.to_owned());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.flags.remove(name);
        self
    }

    /// Lets the process have so many files open.
    pub(crate) fn open_files(self, files: u32) -> Self {
        self.under(&format!("ulimit -n {files}"))
    }

    /// Starts the process from a shell that has run these commands: limits, ignored signals.
    pub(crate) fn under(mut self, commands: &str) -> Self {
        self.before = Some(commands.to_owned());
        self
    }

    /// An argument that stands as it is.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.switches.push(argument.to_owned());
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// Writes a file, readable by its owner alone, into the folder.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        use std::os::unix::fs::OpenOptionsExt;
        let path = self.folder().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts a node and waits until it listens.
    pub(crate) fn start(&self) -> Node {
        let (child, stdout, stderr) = self.spawn();
        Node::new(child, self.clone(), stdout, stderr)
    }

    /// Runs a node that is expected to end by itself.
    pub(crate) fn end(&self) -> Ended {
        let (mut child, stdout, stderr) = self.spawn();
        let stderr = stderr.to_end();
        Ended { stdout: stdout.to_end(), stderr, code: child.wait().unwrap().code() }
    }

    fn spawn(&self) -> (Child, Lines, Lines) {
        let program = env!("CARGO_BIN_EXE_node");
        let mut command = Command::new(if self.before.is_some() { "sh" } else { program });
        if let Some(before) = &self.before {
            command.args(["-c", &format!("{before} && exec \"$@\""), "sh", program]);
        }
        // The engine passes, so that all tests can be run with each.
        let ours =
            |name: &str| (name.starts_with("LEDGER_") && name != "LEDGER_ENGINE") || name == "RUST_LOG";
        for (name, _) in std::env::vars_os().filter(|(name, _)| ours(&name.to_string_lossy())) {
            command.env_remove(name);
        }
        for (name, value) in &self.flags {
            command.arg(format!("--{name}")).arg(value);
        }
        command.args(&self.switches).envs(&self.variables).current_dir(self.folder());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        (child, Lines::of(stdout), Lines::of(stderr))
    }
}
