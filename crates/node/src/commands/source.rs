//! The file of an import, read on a thread of its own, so that Ctrl-C ends an import whose source says nothing.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::{Context, anyhow, bail};

use crate::system::disk_error::plain;
use crate::system::signals;

/// How many bytes are read together.
const PIECE: usize = 1 << 20;

/// How many pieces may wait.
const AHEAD: usize = 2;

/// A chain as it is read.
pub(super) struct Source {
    events: Receiver<Event>,
    /// The bytes that a file has.
    pub(super) size: Option<u64>,
}

enum Event {
    Read(io::Result<Vec<u8>>),
    Interrupted,
}

impl Source {
    /// Begins to read a file, or standard input.
    pub(super) fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let (source, size): (Box<dyn Read + Send>, _) = match file {
            None => (Box::new(io::stdin()), None),
            Some(path) => {
                let file = File::open(path)
                    .map_err(|error| anyhow!("cannot read {}: {}", path.display(), plain(&error)))?;
                let size = file.metadata().ok().map(|file| file.len());
                (Box::new(file), size)
            }
        };
        let (sender, events) = sync_channel(AHEAD);
        let interrupted = sender.clone();
        spawn("signals", move || wait_for_signal(&interrupted))?;
        spawn("source", move || read(source, &sender))?;
        Ok(Self { events, size })
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    ///
    /// One line if they cannot be read, or if a signal says that no more are wanted.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        match self.events.recv() {
            Ok(Event::Read(read)) => {
                let piece = read.map_err(|error| anyhow!("cannot read the chain: {}", plain(&error)))?;
                Ok(Some(piece).filter(|piece| !piece.is_empty()))
            }
            Ok(Event::Interrupted) => bail!("interrupted; none of the chain was taken"),
            Err(_) => bail!("a thread of the import failed"),
        }
    }
}

/// Reads pieces until nobody wants more; the last one is empty.
fn read(mut source: impl Read, events: &SyncSender<Event>) {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = source.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        let is_last = read.as_ref().map_or(true, |length| *length == 0);
        if events.send(Event::Read(read.map(|_| piece))).is_err() || is_last {
            return;
        }
    }
}

/// Waits for a signal; a second one ends the process at once.
fn wait_for_signal(events: &SyncSender<Event>) {
    let runtime = actix_web::rt::System::new();
    let Ok(signal) = runtime.block_on(async { signals::stop() }) else { return };
    runtime.block_on(async {
        signal.await;
        let _ = events.send(Event::Interrupted);
        std::future::pending::<()>().await;
    });
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> anyhow::Result<()> {
    let thread = std::thread::Builder::new().name(name.into()).spawn(work);
    thread.map(drop).with_context(|| format!("cannot start the thread {name:?}"))
}
