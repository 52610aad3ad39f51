//! The input of an import, read on its own thread so that Ctrl-C works even if the source never delivers.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::{Context, anyhow, bail};

use super::console;
use crate::system::disk_error::plain;
use crate::system::signals;

/// Bytes read at a time.
const PIECE: usize = 1 << 20;

/// Pieces read ahead.
const AHEAD: usize = 2;

/// The input of an import.
pub(super) struct Source {
    events: Receiver<Event>,
    /// Size in bytes, if it is a file.
    pub(super) size: Option<u64>,
}

enum Event {
    Read(io::Result<Vec<u8>>),
    Interrupted,
}

impl Source {
    /// Starts reading a file, or standard input.
    pub(super) fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let (source, size): (Box<dyn Read + Send>, _) = match file {
            None => {
                if io::stdin().is_terminal() {
                    console::note(
                        "note: reading the chain from the terminal; give a file, or redirect the input",
                    );
                }
                (Box::new(io::stdin()), None)
            }
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
    /// A failed read, or a signal.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        match self.events.recv() {
            Ok(Event::Read(read)) => {
                let piece = read.map_err(|error| anyhow!("cannot read the chain: {}", plain(&error)))?;
                Ok(Some(piece).filter(|piece| !piece.is_empty()))
            }
            Ok(Event::Interrupted) => bail!("interrupted; nothing was imported"),
            Err(_) => bail!("a thread of the import failed"),
        }
    }
}

/// Sends the source in pieces until the receiver is gone, and an empty piece at its end.
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

/// Reports the first signal. A second one ends the process at once.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn source(events: Receiver<Event>) -> Source {
        Source { events, size: None }
    }

    /// A source that gives its bytes, then fails.
    struct Broken(&'static [u8]);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(io::ErrorKind::StaleNetworkFileHandle.into()),
                length => Ok(length),
            }
        }
    }

    #[test]
    fn input_is_read_in_pieces_up_to_its_end() {
        let (sender, events) = sync_channel(9);
        read(&*vec![7; PIECE + 5], &sender);
        let mut source = source(events);
        let mut next = || source.next().unwrap().map(|piece| piece.len());
        assert_eq!([next(), next(), next()], [Some(PIECE), Some(5), None]);
        drop(sender);
        assert_eq!(source.next().unwrap_err().to_string(), "a thread of the import failed");
    }

    #[test]
    fn failed_read_is_reported_and_is_the_last() {
        let (sender, events) = sync_channel(9);
        read(Broken(b"{"), &sender);
        let mut source = source(events);
        let failed = source.next().unwrap_err().to_string();
        assert!(failed.starts_with("cannot read the chain: "), "{failed}");
        assert!(source.events.try_recv().is_err());
    }

    #[test]
    fn reading_ends_with_the_import() {
        let (sender, events) = sync_channel(1);
        drop(events);
        read(io::repeat(7), &sender);
    }

    #[test]
    fn interrupted_import_says_so() {
        let (sender, events) = sync_channel(1);
        sender.send(Event::Interrupted).unwrap();
        let interrupted = source(events).next().unwrap_err().to_string();
        assert_eq!(interrupted, "interrupted; nothing was imported");
    }

    #[test]
    fn thread_has_the_given_name() {
        let (sender, name) = std::sync::mpsc::channel();
        spawn("source", move || sender.send(std::thread::current().name().map(str::to_owned)).unwrap())
            .unwrap();
        assert_eq!(name.recv().unwrap().as_deref(), Some("source"));
    }
}
