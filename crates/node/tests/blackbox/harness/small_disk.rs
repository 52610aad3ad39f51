//! A disk of a few megabytes, which a node can fill.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::launch::{Ended, Launch};
use super::lines::Lines;
use super::node::Node;

/// A file system in memory that only this process and the nodes on it can see. It ends with this value.
///
/// A process of its own holds it, so that a node can be killed and another find the same files.
pub(crate) struct SmallDisk {
    pub(crate) launch: Launch,
    holder: Child,
}

/// Mounts, says so, and waits until its input ends.
const HOLD: &str = "mkdir data && mount -t tmpfs -o \"size=$1\" tmpfs data && echo ready && cat";

impl SmallDisk {
    /// A disk of so many bytes, or kilobytes like `512k`. A test that asks for one needs `unshare` and the right to mount.
    pub(crate) fn of(size: &str) -> Self {
        let launch = Launch::usual();
        let mut holder = Command::new("unshare");
        holder.args(["--mount", "--propagation", "private", "sh", "-c", HOLD, "sh", size]);
        holder
            .current_dir(launch.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut holder = holder.spawn().expect("unshare is there");
        let mut ready = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n", "this user may mount");
        Self { launch, holder }
    }

    /// A command that runs in the folder and sees the disk as `data`.
    fn inside(&self, script: &str) -> Command {
        let mut command = Command::new("nsenter");
        let (holder, script) = (self.holder.id().to_string(), format!("cd \"$1\" && shift && {script}"));
        command.args(["--target", &holder, "--mount", "sh", "-c", &script, "sh"]).arg(self.launch.folder());
        command.env_remove("RUST_LOG").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn spawn(&self) -> (Child, Lines, Lines) {
        let mut node = self.inside("exec \"$@\"");
        node.arg(env!("CARGO_BIN_EXE_node")).args([
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--difficulty",
            "2",
        ]);
        let mut child = node.args(["--data-dir", "data", "--wallet", "wallet.pem"]).spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        (child, Lines::of(stdout), Lines::of(stderr))
    }

    /// Starts a node whose data directory is the disk.
    pub(crate) fn start(&self) -> Node {
        let (child, stdout, stderr) = self.spawn();
        Node::new(child, self.launch.clone(), stdout, stderr)
    }

    /// Starts a node that may find too little room; how it ended if it did.
    pub(crate) fn try_start(&self) -> Result<Node, Ended> {
        let (mut child, stdout, stderr) = self.spawn();
        if stderr.find("listening on http://").is_some() {
            return Ok(Node::new(child, self.launch.clone(), stdout, stderr));
        }
        let stderr = stderr.to_end();
        Err(Ended { stdout: stdout.to_end(), stderr, code: child.wait().unwrap().code() })
    }

    /// Runs a script in the folder; answers what it printed.
    pub(crate) fn shell(&self, script: &str) -> String {
        let output = self.inside(script).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    /// Fills the disk but for some kilobytes.
    pub(crate) fn fill_but(&self, kilobytes: u64) {
        self.shell(&format!("cat /dev/zero > data/filling; truncate --size=-{kilobytes}K data/filling"));
    }

    /// Takes back what [`fill_but`](Self::fill_but) took.
    pub(crate) fn free(&self) {
        self.shell("rm data/filling");
    }

    /// How many tables of a peer's chain there are, as a program outside sees it through the disk's copy.
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
        // The end of its input ends the holder, and with it the disk.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
