//! How to start a node: its own folder and environment.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use super::lines::Lines;
use super::made::payments::miner;
use super::node::Node;

/// Folder, flags and variables. Starting twice starts two nodes in one folder.
#[derive(Clone)]
pub(crate) struct Launch {
    flags: BTreeMap<&'static str, String>,
    switches: Vec<String>,
    variables: BTreeMap<&'static str, String>,
    folder: Arc<TempDir>,
    /// Shell commands to run before `exec` of the node.
    before: Option<String>,
}

/// The result of an ended process.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<String>,
    pub(crate) stderr: Vec<String>,
}

impl Launch {
    /// A node for most tests: any port, loopback, difficulty 2, a ready wallet.
    pub(crate) fn usual() -> Self {
        Self::bare().flag("difficulty", "2").ready_wallet().flag("port", "0")
    }

    /// A node in an empty folder on loopback, with defaults otherwise.
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

    /// Gives the node a wallet, as generating one takes time.
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

    /// Limits the open files of the process.
    pub(crate) fn open_files(self, files: u32) -> Self {
        self.after_commands(&format!("ulimit -n {files}"))
    }

    /// Runs these shell commands first: limits, ignored signals.
    pub(crate) fn after_commands(mut self, commands: &str) -> Self {
        self.before = Some(commands.to_owned());
        self
    }

    /// Adds an argument as it is.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.switches.push(argument.to_owned());
        self
    }

    /// Removes the arguments that were added as they are.
    pub(crate) fn without_arguments(mut self) -> Self {
        self.switches.clear();
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.insert(name, value.to_owned());
        self
    }

    /// Writes a file into the folder, readable only by its owner.
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

    /// Runs a node that must end by itself.
    pub(crate) fn end(&self) -> Ended {
        let (mut child, stdout, stderr) = self.spawn();
        let stderr = stderr.to_end();
        Ended { stdout: stdout.to_end(), stderr, code: child.wait().unwrap().code() }
    }

    fn spawn(&self) -> (Child, Lines, Lines) {
        let program = crate::PROGRAM;
        let mut command = Command::new(if self.before.is_some() { "sh" } else { program });
        if let Some(before) = &self.before {
            command.args(["-c", &format!("{before} && exec \"$@\""), "sh", program]);
        }
        // Keep the engine, so that the tests can run with each one.
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
