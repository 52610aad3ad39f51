//! A reader of the live feed.

use std::collections::VecDeque;

use serde_json::Value;

use crate::harness::http::Answer;
use crate::harness::node::Node;
use crate::harness::raw::Raw;

/// A connection to `/events`.
pub(crate) struct Feed {
    raw: Raw,
    pub(crate) head: Answer,
    waiting: VecDeque<Event>,
}

/// An event.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) data: Value,
}

impl Feed {
    /// Opens a feed without reading the state of mining or the first event.
    pub(crate) fn open(node: &Node, path: &str, headers: &[&str]) -> Self {
        let mut raw = Raw::open(node);
        raw.request("GET", path, &[&["Host: localhost"], headers].concat(), "");
        let head = raw.head().unwrap();
        Self { raw, head, waiting: VecDeque::new() }
    }

    /// A feed that has read its first event, `ready`.
    pub(crate) fn ready(node: &Node) -> (Self, Event) {
        let mut feed = Self::open(node, "/events", &[]);
        let ready = feed.next("ready");
        (feed, ready)
    }

    /// The next event of this name. Skips others, but fails at a `reset`.
    pub(crate) fn next(&mut self, name: &str) -> Event {
        loop {
            let event = self.any().unwrap_or_else(|| panic!("the feed ended before {name}"));
            if event.name == name {
                return event;
            }
            assert_ne!(event.name, "reset", "while waiting for {name}");
        }
    }

    /// The next event that is not a ping. `None` at the end of the feed.
    pub(crate) fn any(&mut self) -> Option<Event> {
        while self.waiting.is_empty() {
            let chunk = self.raw.chunk().expect("the feed breaks off");
            if chunk.is_empty() {
                return None;
            }
            let events = chunk.strip_suffix("\n\n").expect("a chunk holds whole events").split("\n\n");
            self.waiting.extend(events.map(Event::parse).filter(|event| event.name != "ping"));
        }
        self.waiting.pop_front()
    }
}

impl Event {
    fn parse(text: &str) -> Self {
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
        let data = field("data: ").unwrap();
        Self {
            name: field("event: ").unwrap(),
            id: field("id: "),
            data: serde_json::from_str(&data).unwrap(),
        }
    }
}
