//! Queues log lines for a thread that writes them to standard error: a stopped terminal (Ctrl-S) or an unread pipe
//! must delay the log only, never a request.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that may wait to be written. Lines beyond are dropped and counted.
const CAPACITY: usize = 1 << 20;

/// Longest wait for the last lines to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// A handle to the queue. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Bytes to write.
    waiting: Vec<u8>,
    /// Lines dropped since that was last reported.
    lost: u64,
    is_writing: bool,
}

impl Lines {
    /// Creates a queue that is written to `out`.
    ///
    /// # Errors
    ///
    /// The system's error if it cannot start a thread.
    pub(super) fn to(out: impl Write + Send + 'static) -> io::Result<Self> {
        let lines = Self::default();
        let shared = Arc::clone(&lines.0);
        std::thread::Builder::new().name("log".into()).spawn(move || shared.write(out))?;
        Ok(lines)
    }

    /// Waits until everything is written, or for [`PATIENCE`].
    pub(super) fn flush(&self) {
        let is_busy = |state: &mut State| state.is_writing || !state.waiting.is_empty() || state.lost > 0;
        let _ = self.0.changed.wait_timeout_while(self.0.state(), PATIENCE, is_busy);
    }
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.0.state();
        if state.waiting.len() + line.len() > CAPACITY {
            state.lost += 1;
        } else {
            state.waiting.extend_from_slice(line);
        }
        drop(state);
        self.0.changed.notify_all();
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, mut out: impl Write) {
        loop {
            let text = self.next();
            // Ignore errors: there is nowhere to report them.
            let _ = out.write_all(&text).and_then(|()| out.flush());
            self.state().is_writing = false;
            self.changed.notify_all();
        }
    }

    /// Waits for lines and takes all of them.
    fn next(&self) -> Vec<u8> {
        let is_idle = |state: &mut State| state.waiting.is_empty() && state.lost == 0;
        let mut state =
            self.changed.wait_while(self.state(), is_idle).unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        let mut text = std::mem::take(&mut state.waiting);
        let lost = std::mem::take(&mut state.lost);
        if lost > 0 {
            text.extend(format!("{lost} log lines dropped: not read in time\n").bytes());
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

    /// A terminal that takes a text when the test does.
    struct Slow(SyncSender<Vec<u8>>);

    impl Write for Slow {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.send(text.to_owned()).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn slow() -> (Lines, Receiver<Vec<u8>>) {
        let (sender, receiver) = sync_channel(0);
        (Lines::to(Slow(sender)).unwrap(), receiver)
    }

    #[test]
    fn lines_arrive_in_order() {
        let (mut lines, terminal) = slow();
        let expected: String = (0..1000).map(|number| format!("line {number}\n")).collect();
        for line in expected.split_inclusive('\n') {
            lines.write_all(line.as_bytes()).unwrap();
        }
        let mut text = Vec::new();
        while text.len() < expected.len() {
            text.extend(terminal.recv().unwrap());
        }
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn stopped_terminal_delays_nobody_and_lost_lines_are_counted() {
        let (mut lines, terminal) = slow();
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        let all = 10 * CAPACITY / line.len();
        (0..all).for_each(|_| lines.write_all(&line).unwrap());
        let (mut written, mut lost) = (0, 0);
        while written + lost < all {
            let text = String::from_utf8(terminal.recv().unwrap()).unwrap();
            for line in text.lines() {
                match line.split_once(" log lines dropped") {
                    Some((number, _)) => lost += number.parse::<usize>().unwrap(),
                    None => written += 1,
                }
            }
        }
        assert_eq!(written + lost, all);
        assert!(written * line.len() <= 2 * CAPACITY && lost > 0, "{written} written, {lost} lost");
    }

    #[test]
    fn flush_waits_for_the_terminal_but_not_forever() {
        let (mut lines, terminal) = slow();
        lines.write_all(b"the last word\n").unwrap();
        lines.flush();
        let reading = std::thread::spawn(move || terminal.recv().unwrap());
        lines.flush();
        assert_eq!(reading.join().unwrap(), b"the last word\n");
    }

    #[test]
    fn closed_terminal_is_no_error() {
        let (mut lines, terminal) = slow();
        drop(terminal);
        lines.write_all(b"nobody reads this\n").unwrap();
        lines.flush();
        assert!(lines.0.state().waiting.is_empty());
    }

    #[test]
    fn queue_is_filled_to_its_last_byte() {
        let mut lines = Lines::default();
        for (bytes, waiting, lost) in
            [(1, 1, 0), (CAPACITY, 1, 1), (CAPACITY - 1, CAPACITY, 1), (1, CAPACITY, 2)]
        {
            lines.write_all(&vec![b'x'; bytes]).unwrap();
            let state = lines.0.state();
            assert_eq!((state.waiting.len(), state.lost), (waiting, lost));
        }
    }

    #[test]
    fn loss_alone_is_reported() {
        let lines = Lines::default();
        lines.0.state().lost = 2;
        assert_eq!(lines.0.next(), b"2 log lines dropped: not read in time\n");
    }

    #[test]
    fn flush_waits_until_a_loss_is_reported_too() {
        let lines = Lines::default();
        let begun = std::time::Instant::now();
        lines.flush();
        assert!(begun.elapsed() < PATIENCE, "there is nothing to wait for");
        lines.0.state().lost = 1;
        let begun = std::time::Instant::now();
        lines.flush();
        assert!(begun.elapsed() >= PATIENCE);
    }
}
