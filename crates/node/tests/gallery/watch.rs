//! Measures how slow answers become during an attack.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::cases::Stop;
use crate::harness::node::Node;

/// The pause between two requests.
const PAUSE: Duration = Duration::from_millis(5);

/// The slowest of many requests.
#[derive(Clone, Copy)]
pub(crate) struct Slowest {
    /// `/chain?limit=1` of the node.
    pub(crate) answer: Duration,
    /// A byte to a thread of this process and back. The attackers slow it, too: they run on this machine.
    pub(crate) machine: Duration,
}

/// Measures until the attack is over.
pub(crate) fn slowest(node: &Node, stop: &Stop) -> Slowest {
    let mut echo = echo();
    thread::scope(|scope| {
        let answer = scope.spawn(|| worst(stop, || assert_eq!(node.get("/chain?limit=1").status, 200)));
        let machine = worst(stop, || {
            echo.write_all(&[7]).unwrap();
            echo.read_exact(&mut [0]).unwrap();
        });
        Slowest { answer: answer.join().unwrap(), machine }
    })
}

fn worst(stop: &Stop, mut request: impl FnMut()) -> Duration {
    let mut slowest = Duration::ZERO;
    while !stop.is_cancelled() {
        let begun = Instant::now();
        request();
        slowest = slowest.max(begun.elapsed());
        sleep(PAUSE);
    }
    slowest
}

/// A connection whose other side sends back each byte.
fn echo() -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (far, _) = listener.accept().unwrap();
    near.set_nodelay(true).unwrap();
    far.set_nodelay(true).unwrap();
    thread::spawn(move || std::io::copy(&mut &far, &mut &far));
    near
}
