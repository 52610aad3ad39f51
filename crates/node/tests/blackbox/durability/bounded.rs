//! A chain of 20,000 blocks and more than 100 MB is adopted, served and verified in little memory.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use ledger_core::ClassicRules;

use crate::harness::durable::{error, long_chain, peak_memory_in, run, serve, staged};
use crate::harness::launch::Launch;
use crate::harness::made::chains::at_difficulty;
use crate::harness::node::Node;
use crate::harness::{PATIENCE, eventually};

const LENGTH: u64 = 20_000;

/// Limit of the node's peak memory, in KiB.
const MEMORY: u64 = 128 << 10;

fn easy() -> ClassicRules {
    at_difficulty(1)
}

fn launch() -> Launch {
    Launch::usual().flag("difficulty", "1")
}

static CHAIN: LazyLock<Arc<Vec<u8>>> = LazyLock::new(|| Arc::new(long_chain(easy(), LENGTH)));

/// Offset of block `index` in the long chain's text.
fn start_of(index: u64) -> usize {
    let mark = format!("{{\"index\": {index}, \"previous_hash\"");
    CHAIN.windows(mark.len()).position(|window| window == mark.as_bytes()).unwrap()
}

fn node_with_peer(launch: &Launch, bytes: Arc<Vec<u8>>, promised: usize) -> Node {
    let node = launch.start();
    node.register(&[&serve(bytes, promised)]);
    node
}

fn assert_little_memory(node: &Node, when: &str) {
    let memory = peak_memory_in(&node.launch).unwrap_or_default();
    eprintln!("peak memory {memory} kB {when}");
    assert!(memory <= MEMORY, "{memory} kB {when}");
}

#[test]
fn long_chain_takes_little_memory() {
    let launch = launch();
    let node = node_with_peer(&launch, Arc::clone(&CHAIN), CHAIN.len());
    sync_promptly(&node);
    assert_little_memory(&node, "after the sync");
    assert_served(&node);
    assert_little_memory(&node, "after it was served");
    assert_eq!(node.stop().code, Some(0));
    let node = launch.start();
    assert_eq!(node.get("/blocks/latest").json()["index"], LENGTH + 1);
    node.log.find("checking all").expect("most blocks are checked while it serves");
    let log = node.stop().stderr;
    let at = |words: &str| log.iter().position(|line| line.contains(words));
    assert!(at("listening on") < at("checking all"), "{log:#?}");
    assert_commands(&launch);
}

/// Resolves while small requests run: none may take a quarter of the sync's time.
fn sync_promptly(node: &Node) {
    let done = AtomicBool::new(false);
    let (slowest, whole) = thread::scope(|threads| {
        let asking = threads.spawn(|| {
            let mut slowest = Duration::ZERO;
            while !done.load(Ordering::Relaxed) {
                for path in ["/blocks/latest", "/transactions"] {
                    let began = Instant::now();
                    assert_eq!(node.get(path).status, 200);
                    slowest = slowest.max(began.elapsed());
                }
            }
            slowest
        });
        let began = Instant::now();
        let answer = node.get("/nodes/resolve").text;
        let whole = began.elapsed();
        done.store(true, Ordering::Relaxed);
        assert!(answer.starts_with("{\"message\": \"Our chain was replaced\", \"neighbours\": ["));
        (asking.join().unwrap(), whole)
    });
    eprintln!("the slowest small request took {slowest:?}, the sync {whole:?}");
    assert!(4 * slowest < whole, "{slowest:?} of {whole:?}");
}

/// Checks that a slow and a fast reader both get every byte.
fn assert_served(node: &Node) {
    let mut slow = TcpStream::connect(node.address).unwrap();
    slow.set_read_timeout(Some(PATIENCE)).unwrap();
    slow.write_all(b"GET /chain HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n").unwrap();
    let mut body = read_part(&mut slow, 1 << 20);
    node.mine();
    let answer = node.get("/chain").text;
    assert!(answer.ends_with(&format!("], \"length\": {}}}\n", LENGTH + 1)));
    let whole = CHAIN.len() - format!("], \"length\": {LENGTH}}}\n").len();
    assert!(answer.as_bytes()[..whole] == CHAIN[..whole], "the chain is served as it came");
    drop(answer);
    slow.read_to_end(&mut body).unwrap();
    let head = body.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    assert!(joined(&body[head..]) == CHAIN[..], "a slow reader gets the chain as of its request");
}

/// Decodes a chunked body (RFC 9112, section 7.1).
fn joined(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|end| end == b"\r\n").unwrap();
        let length = std::str::from_utf8(&chunks[..line]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return body;
        }
        body.extend_from_slice(&chunks[line + 2..][..length]);
        chunks = &chunks[line + 2 + length + 2..];
    }
}

fn read_part(stream: &mut TcpStream, length: u64) -> Vec<u8> {
    let mut part = Vec::new();
    stream.take(length).read_to_end(&mut part).unwrap();
    part
}

/// Checks `verify`, and that `export` and `import` keep every byte.
fn assert_commands(launch: &Launch) {
    let on = |directory: &str, command: &str| {
        let flags = ["--difficulty", "1", "--data-dir", directory];
        let output = run(launch.folder(), &[flags.as_slice(), &[command]].concat(), b"");
        assert!(output.status.success(), "{command}: {}", error(&output));
        output.stdout
    };
    on("data", "verify");
    let program = env!("CARGO_BIN_EXE_node");
    let pipe =
        format!("'{program}' export --data-dir data | '{program}' import --data-dir other --difficulty 1");
    let piped = std::process::Command::new("sh").args(["-c", &pipe]).current_dir(launch.folder()).output();
    let piped = piped.unwrap();
    assert!(piped.status.success(), "{}", error(&piped));
    assert!(on("data", "export") == on("other", "export"), "the imported chain differs");
}

#[test]
fn refused_long_chain_leaves_nothing_behind() {
    let middle = start_of(15_000) + 200;
    let cut = Arc::new(CHAIN[..middle].to_vec());
    let mut faulty = CHAIN.to_vec();
    let recipient = start_of(14_999) + faulty[start_of(14_999)..].windows(13).position(is_recipient).unwrap();
    faulty[recipient + 15] = b'!';
    assert_skipped(cut, "before the answer was complete");
    assert_skipped(Arc::new(faulty), "block 15000: previous_hash is ");
}

fn is_recipient(window: &[u8]) -> bool {
    window == b"\"recipient\": "
}

fn assert_skipped(bytes: Arc<Vec<u8>>, why: &str) {
    let launch = launch();
    let node = node_with_peer(&launch, bytes, CHAIN.len());
    node.mine();
    let state = node.state();
    assert!(!node.resolve());
    let line = node.log.find("skipping peer").unwrap();
    assert!(line.contains(why), "{line}");
    assert!(node.state() == state, "a refused chain changed something");
    eventually("the refused chain is discarded", || staged(&launch) == 0);
    assert_little_memory(&node, "after a refused chain");
}
