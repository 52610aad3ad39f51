//! Helpers of the durability tests: the database file, the program's commands, long chains and a server for them.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;

use ledger_core::classic::Classic;
use ledger_core::seam::{Erased, Proofs, RuleSet};
use ledger_core::{Block, BlockHash, ClassicRules, Members, PreviousHash, Search, Timestamp, Transaction};
use rusqlite::Connection;
use ureq::Agent;

use super::PATIENCE;
use super::launch::{Ended, Launch};

/// The path of a usual node's database.
pub(crate) fn database(launch: &Launch) -> PathBuf {
    launch.folder().join("data/ledger.db")
}

/// Opens the existing database.
pub(crate) fn open(launch: &Launch) -> Connection {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    Connection::open_with_flags(database(launch), flags).unwrap()
}

/// Changes a block hash in its index but not in the row, as a failing disk might. SQL cannot do that. The log must be
/// checkpointed first.
pub(crate) fn corrupt_hash_index(launch: &Launch, height: u64) {
    let select = "SELECT hash FROM blocks WHERE height = ?1";
    let hash: String = open(launch).query_row(select, [height], |row| row.get(0)).unwrap();
    let mut bytes = std::fs::read(database(launch)).unwrap();
    let places: Vec<usize> =
        (0..bytes.len() - 64).filter(|at| bytes[*at..].starts_with(hash.as_bytes())).collect();
    for at in places {
        // Split pages leave stale copies: change those too. A changed last digit keeps the order.
        let (row, text) = (&bytes[at + 64..], bytes[at - 1]);
        if !row.starts_with(b"{") && text != b'"' {
            bytes[at + 63] = if bytes[at + 63] == b'0' { b'1' } else { b'0' };
        }
    }
    std::fs::write(database(launch), bytes).unwrap();
}

/// The number of staging tables. Each exists only while a peer's chain arrives.
pub(crate) fn staged(launch: &Launch) -> i64 {
    let select = "SELECT count(*) FROM sqlite_master WHERE name GLOB 'staged_*'";
    open(launch).query_row(select, [], |row| row.get(0)).unwrap()
}

/// Checks that the program failed with one line that has these words.
pub(crate) fn assert_one_line(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(1), "{:#?}", ended.stderr);
    let [line] = ended.stderr.as_slice() else { panic!("not one line: {:#?}", ended.stderr) };
    assert!(line.starts_with("node: "), "{line}");
    words.iter().for_each(|words| assert!(line.contains(words), "no {words:?} in {line}"));
}

/// Runs the program in a folder with only these arguments and this input.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut command = Command::new(crate::PROGRAM);
    command.args(arguments).current_dir(folder).env_remove("RUST_LOG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // The program may close its input early.
    let writing = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    output
}

/// The standard error of [`run`].
pub(crate) fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim_end().to_owned()
}

/// A client that keeps its connection open. Its node may die at any moment.
pub(crate) struct Client(Agent, SocketAddr);

impl Client {
    pub(crate) fn of(address: SocketAddr) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        Self(config.build().into(), address)
    }

    /// Returns status and text. `None` if the answer is missing or incomplete.
    pub(crate) fn get(&self, path: &str) -> Option<(u16, String)> {
        read(self.0.get(format!("http://{}{path}", self.1)).call().ok()?)
    }

    /// Returns status and text. `None` if the answer is missing or incomplete.
    pub(crate) fn post(&self, path: &str, body: &str) -> Option<(u16, String)> {
        read(self.0.post(format!("http://{}{path}", self.1)).send(body.as_bytes()).ok()?)
    }
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Option<(u16, String)> {
    let text = answer.body_mut().with_config().limit(u64::MAX).read_to_string().ok()?;
    Some((answer.status().as_u16(), text))
}

/// The answer to `GET /chain` with blocks of four payments and a reward, between addresses of full length.
pub(crate) fn long_chain(rules: ClassicRules, length: u64) -> Vec<u8> {
    let mut chain = Arc::new(Erased(Classic::new(rules, 1_u64.into()))).begin(Proofs::Checked);
    let mut block = Block::new(super::made::chains::genesis());
    let mut bytes = b"{\"chain\": [".to_vec();
    for index in 1..=length {
        if index > 1 {
            block = Block::new(long_block(rules, &block));
            bytes.extend_from_slice(b", ");
        }
        let text = block.text().as_bytes();
        chain.push(text, Timestamp::from_micros(0)).unwrap();
        bytes.extend_from_slice(text);
    }
    bytes.extend_from_slice(format!("], \"length\": {length}}}\n").as_bytes());
    bytes
}

fn long_block(rules: ClassicRules, last: &Block<'_>) -> Members<'static> {
    let index = last.index + 1;
    let puzzle = rules.puzzle(last.proof, last.hash());
    let search = puzzle.search(0..u64::MAX, |_| ControlFlow::Continue(()));
    let Search::Found(proof) = search else { panic!("no proof") };
    let payments = (0..4).map(|number| Transaction {
        amount: (index % 100 + 1).into(),
        recipient: long_address(index * 7 + number).into(),
        sender: long_address(index * 13 + number * 5).into(),
    });
    Members {
        index,
        previous_hash: PreviousHash::Hash(last.hash()),
        proof,
        timestamp: Timestamp::try_from(1_506_057_200.25 + index as f64).unwrap(),
        transactions: payments.chain([Transaction::reward(long_address(0), 1_u64)]).collect(),
    }
}

/// One of a thousand texts with the length of an address.
fn long_address(number: u64) -> String {
    let mut text = BlockHash::of_text(&(number % 1000).to_string()).to_string().repeat(10);
    text.truncate(600);
    text
}

/// Answers every request with these bytes until the tests end. Returns the server's `host:port`.
///
/// Announces `length` bytes and hangs up after the last one.
pub(crate) fn serve(bytes: Arc<Vec<u8>>, length: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let bytes = Arc::clone(&bytes);
            thread::spawn(move || answer(stream, &bytes, length));
        }
    });
    address
}

fn answer(mut stream: TcpStream, bytes: &[u8], length: usize) {
    let mut request = Vec::new();
    let mut piece = [0; 512];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut piece) {
            Ok(length) if length > 0 => request.extend_from_slice(&piece[..length]),
            _ => return,
        }
    }
    // The node may hang up early.
    let _ = stream.write_all(super::peer::head(length).as_bytes()).and_then(|()| stream.write_all(bytes));
}

/// Peak memory in KiB of the node in this folder. `None` if the system has no such figure.
pub(crate) fn peak_memory_in(launch: &Launch) -> Option<u64> {
    let is_ours = |process: &PathBuf| {
        let folder = std::fs::read_link(process.join("cwd")).is_ok_and(|folder| folder == launch.folder());
        folder && std::fs::read_to_string(process.join("comm")).is_ok_and(|name| name.trim_end() == "node")
    };
    let processes = std::fs::read_dir("/proc").ok()?.flatten().map(|entry| entry.path());
    let status = std::fs::read_to_string(processes.into_iter().find(is_ours)?.join("status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}
