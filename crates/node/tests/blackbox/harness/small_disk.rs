//! A disk of a few megabytes that a node can fill.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::launch::{Ended, Launch};
use super::lines::Lines;
use super::node::Node;

/// A file system in memory that only its nodes can see. Dropping the value removes it.
///
/// A separate process holds it, so that the files outlast a killed node.
pub(crate) struct SmallDisk {
    pub(crate) launch: Launch,
    holder: Child,
}

/// Mounts, prints `ready`, and waits for the end of its input.
const HOLD: &str = "mkdir data && mount -t tmpfs -o \"size=$1\" tmpfs data && echo ready && cat";

impl SmallDisk {
    /// A disk of this many bytes, or kilobytes as in `512k`. Needs `unshare` and the right to mount.
    pub(crate) fn of(size: &str) -> Self {
        let launch = Launch::usual();
        let mut holder = Command::new("unshare");
        holder.args(["--mount", "--propagation", "private", "sh", "-c", HOLD, "sh", size]);
        holder
            .current_dir(launch.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut holder = holder.spawn().expect("unshare is installed");
        let mut ready = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n", "this user may mount");
        Self { launch, holder }
    }

    /// A command in the folder, which sees the disk as `data`.
    fn inside(&self, script: &str) -> Command {
        let mut command = Command::new("nsenter");
        let (holder, script) = (self.holder.id().to_string(), format!("cd \"$1\" && shift && {script}"));
        command.args(["--target", &holder, "--mount", "sh", "-c", &script, "sh"]).arg(self.launch.folder());
        command.env_remove("RUST_LOG").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn spawn(&self) -> (Child, Lines, Lines) {
        let mut node = self.inside("exec \"$@\"");
        node.arg(crate::PROGRAM).args(["--host", "127.0.0.1", "--port", "0", "--difficulty", "2"]);
        let mut child = node.args(["--data-dir", "data", "--wallet", "wallet.pem"]).spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        (child, Lines::of(stdout), Lines::of(stderr))
    }

    /// Starts a node whose data directory is the disk.
    pub(crate) fn start(&self) -> Node {
        let (child, stdout, stderr) = self.spawn();
        Node::new(child, self.launch.clone(), stdout, stderr)
    }

    /// Starts a node that may run out of space. `Err` is how it ended.
    pub(crate) fn try_start(&self) -> Result<Node, Ended> {
        let (mut child, stdout, stderr) = self.spawn();
        if stderr.find("listening on http://").is_some() {
            return Ok(Node::new(child, self.launch.clone(), stdout, stderr));
        }
        let stderr = stderr.to_end();
        Err(Ended { stdout: stdout.to_end(), stderr, code: child.wait().unwrap().code() })
    }

    /// Runs a script in the folder and returns its output.
    pub(crate) fn shell(&self, script: &str) -> String {
        let output = self.inside(script).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Fills the disk except for some kilobytes.
    pub(crate) fn fill_but(&self, kilobytes: u64) {
        self.shell(&format!("cat /dev/zero > data/filling; truncate --size=-{kilobytes}K data/filling"));
    }

    /// Frees what [`fill_but`](Self::fill_but) took.
    pub(crate) fn free(&self) {
        self.shell("rm data/filling");
    }

    /// The number of staging tables, read from a copy outside the mount namespace.
    pub(crate) fn staged(&self) -> i64 {
        let copy = self.launch.folder().join("copy");
        std::fs::create_dir_all(&copy).unwrap();
        self.shell("cp data/ledger.db* copy/");
        let database = rusqlite::Connection::open(copy.join("ledger.db")).unwrap();
        let select = "SELECT count(*) FROM sqlite_master WHERE name GLOB 'staged_*'";
        database.query_row(select, [], |row| row.get(0)).unwrap()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Closing its input ends the holder, which unmounts the disk.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
