//! The output of a running process, line by line.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex};

use super::PATIENCE;

/// The lines so far, and whether more may come.
#[derive(Default)]
struct Seen {
    lines: Vec<String>,
    ended: bool,
    hung_up: bool,
    is_paused: bool,
}

/// Collects lines on its own thread.
#[derive(Clone)]
pub(crate) struct Lines(Arc<(Mutex<Seen>, Condvar)>);

impl Lines {
    /// Starts collecting.
    pub(crate) fn of(output: impl Read + Send + 'static) -> Self {
        let lines = Self(Arc::default());
        let shared = lines.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                shared.change(|seen| seen.lines.push(String::from_utf8_lossy(&line).into_owned()));
                drop(shared.0.1.wait_while(shared.0.0.lock().unwrap(), |seen| seen.is_paused).unwrap());
                if shared.0.0.lock().unwrap().hung_up {
                    break;
                }
            }
            shared.change(|seen| seen.ended = true);
        });
        lines
    }

    fn change(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    /// Waits for a line with these words. `None` if the output ends without one.
    pub(crate) fn find(&self, words: &str) -> Option<String> {
        let found = |seen: &Seen| seen.lines.iter().find(|line| line.contains(words)).cloned();
        let seen = self.wait(|seen| seen.ended || found(seen).is_some(), words);
        found(&seen)
    }

    /// Waits for the end and returns all lines.
    pub(crate) fn to_end(&self) -> Vec<String> {
        self.wait(|seen| seen.ended, "the end of the output").lines.clone()
    }

    /// Stops or resumes reading, like a stopped terminal.
    pub(crate) fn pause(&self, is_paused: bool) {
        self.change(|seen| seen.is_paused = is_paused);
    }

    /// Closes the pipe after one more line.
    pub(crate) fn hang_up(&self) {
        self.change(|seen| seen.hung_up = true);
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.0.0.lock().unwrap().ended
    }

    fn wait(&self, ready: impl Fn(&Seen) -> bool, what: &str) -> std::sync::MutexGuard<'_, Seen> {
        let (seen, changed) = &*self.0;
        let waiting = changed.wait_timeout_while(seen.lock().unwrap(), PATIENCE, |seen| !ready(seen));
        let (seen, timeout) = waiting.unwrap();
        assert!(!timeout.timed_out(), "timed out: no {what:?} in {:#?}", seen.lines);
        seen
    }
}
