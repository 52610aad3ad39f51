//! A running node and its requests.

use std::net::SocketAddr;
use std::process::{Child, Command};

use ledger_core::{ChainReader, Members, StreamError, Transaction};
use serde::Deserialize;
use serde_json::{Value, json};

use super::http::{Answer, get, post};
use super::launch::{Ended, Launch};
use super::lines::Lines;
use super::made::payments::Payment;
use super::{eventually, short};

/// A node process. Dropping the value kills it.
pub(crate) struct Node {
    pub(crate) stdout: Lines,
    pub(crate) log: Lines,
    pub(crate) launch: Launch,
    pub(crate) address: SocketAddr,
    child: Child,
}

/// What a refused request must not change.
#[derive(Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) chain: Vec<Members<'static>>,
    pub(crate) pool: Vec<Transaction<'static>>,
    pub(crate) nodes: Vec<String>,
}

impl Node {
    /// Starts a usual node.
    pub(crate) fn start() -> Self {
        Launch::usual().start()
    }

    pub(crate) fn new(mut child: Child, launch: Launch, stdout: Lines, log: Lines) -> Self {
        let Some(line) = log.find("listening on http://") else {
            let _ = child.wait();
            panic!("the node did not start: {:#?}", log.to_end());
        };
        // For a wildcard address, the line ends with one that clients can open.
        let address = line.rsplit_once("listening on http://").unwrap().1;
        let address = address.split(';').next().unwrap().trim_end().parse().unwrap();
        Self { stdout, log, launch, address, child }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        get(&self.url(path))
    }

    pub(crate) fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        post(&self.url(path), body.as_ref())
    }

    pub(crate) fn submit(&self, payment: &Payment) -> Answer {
        self.post("/transactions/new", payment.json())
    }

    /// The owner's token, from the node's file.
    pub(crate) fn owner_token(&self) -> String {
        let file = self.launch.folder().join("data/owner-token");
        std::fs::read_to_string(file).unwrap().trim_end().to_owned()
    }

    /// Submits a payment that must be accepted.
    pub(crate) fn accept(&self, payment: &Payment) -> Transaction<'static> {
        let answer = self.submit(payment);
        assert_eq!(answer.status, 201, "{}", short(&answer.text));
        payment.transaction()
    }

    /// Mines a block and returns the answer.
    pub(crate) fn mine(&self) -> Value {
        let answer = self.get("/mine");
        assert_eq!(answer.status, 200, "{}", short(&answer.text));
        answer.json()
    }

    pub(crate) fn register(&self, nodes: &[&str]) -> Answer {
        self.post("/nodes/register", json!({ "nodes": nodes }).to_string())
    }

    /// Resolves. Returns whether the chain was replaced.
    pub(crate) fn resolve(&self) -> bool {
        let answer = self.get("/nodes/resolve");
        assert_eq!(answer.status, 200, "{}", short(&answer.text));
        // A chain may hold NaN, which serde_json does not read.
        let says = |message: &str| answer.text.contains(&format!("\"message\": \"{message}\""));
        match (says("Our chain was replaced"), says("Our chain is authoritative")) {
            (true, false) => true,
            (false, true) => false,
            _ => panic!("{}", short(&answer.text)),
        }
    }

    pub(crate) fn chain(&self) -> Vec<Members<'static>> {
        let answer = self.get("/chain");
        assert_eq!(answer.status, 200);
        let mut chain = Vec::new();
        let mut reader = ChainReader::new(1 << 30);
        let read = reader.feed(answer.text.as_bytes(), |json| {
            chain.push(Members::from_json(json).unwrap().into_owned());
            Ok::<(), StreamError>(())
        });
        read.and_then(|()| reader.finish()).unwrap();
        assert!(
            answer.text.trim_end().ends_with(&format!("\"length\": {}}}", chain.len())),
            "{}",
            short(&answer.text)
        );
        chain
    }

    pub(crate) fn pool(&self) -> Vec<Transaction<'static>> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Pool {
            length: usize,
            transactions: Vec<Transaction<'static>>,
        }
        let pool: Pool = serde_json::from_str(&self.get("/transactions").text).unwrap();
        assert_eq!(pool.length, pool.transactions.len());
        pool.transactions
    }

    pub(crate) fn nodes(&self) -> Vec<String> {
        serde_json::from_value(self.get("/nodes").json()["nodes"].take()).unwrap()
    }

    pub(crate) fn state(&self) -> State {
        State { chain: self.chain(), pool: self.pool(), nodes: self.nodes() }
    }

    /// The payments of chain and pool, sorted, without rewards.
    pub(crate) fn payments(&self) -> Vec<String> {
        let chain = self.chain();
        let blocks = chain.iter().flat_map(|block| block.transactions.clone());
        sorted(blocks.chain(self.pool()).filter(|payment| !payment.is_reward()))
    }

    /// Sends a signal by its name for `kill`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the process to end.
    pub(crate) fn ended(mut self) -> Ended {
        let (stderr, stdout) = (self.log.to_end(), self.stdout.to_end());
        Ended { code: self.child.wait().unwrap().code(), stdout, stderr }
    }

    /// Stops the node as its owner would, and waits for its end.
    pub(crate) fn stop(self) -> Ended {
        self.signal("TERM");
        self.ended()
    }

    /// The files that the process has open.
    #[cfg(target_os = "linux")]
    pub(crate) fn open_files(&self) -> Vec<std::path::PathBuf> {
        let open = std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        open.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok()).collect()
    }

    /// Memory in use, in KiB. `None` if the system has no such figure.
    pub(crate) fn memory(&self) -> Option<u64> {
        self.status("VmRSS:")
    }

    /// Peak memory, in KiB. `None` if the system has no such figure.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        self.status("VmHWM:")
    }

    /// Resets [`peak_memory`](Self::peak_memory). False if the system cannot.
    pub(crate) fn reset_peak_memory(&self) -> bool {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").is_ok()
    }

    /// A figure of `/proc/PID/status`, in KiB.
    fn status(&self, name: &str) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// Open file descriptors. `None` if the system has no such figure.
    pub(crate) fn descriptors(&self) -> Option<usize> {
        Some(std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).ok()?.count())
    }

    /// Bytes on disk of the files in the data directory.
    pub(crate) fn disk_bytes(&self) -> u64 {
        let files = std::fs::read_dir(self.launch.folder().join("data")).unwrap();
        files.filter_map(|file| file.ok()?.metadata().ok()).map(|file| file.len()).sum()
    }

    /// Processor time used, in ticks.
    #[cfg(target_os = "linux")]
    pub(crate) fn cpu_ticks(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    }

    /// Tries of the running search. `None` if there is none.
    pub(crate) fn tries(&self) -> Option<u64> {
        self.get("/mine/progress").json()["tries"].as_u64()
    }

    /// Waits until the node searches for a proof.
    pub(crate) fn until_mining(&self) {
        eventually("the node mines", || self.tries().is_some_and(|tries| tries > 0));
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Transactions as sorted texts, to compare them as multisets.
pub(crate) fn sorted(transactions: impl IntoIterator<Item = Transaction<'static>>) -> Vec<String> {
    let text = |transaction| ledger_core::canonical::transaction_text(&transaction);
    let mut texts: Vec<String> = transactions.into_iter().map(text).collect();
    texts.sort();
    texts
}
