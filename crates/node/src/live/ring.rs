//! The last events, written as they are sent.

use std::collections::VecDeque;

use bytes::Bytes;
use serde_json::Value;

use super::News;
use super::event_id::EventId;

/// Events kept for dropped connections: a few hundred bytes each.
pub(super) const KEPT: usize = 1024;

/// The last events in order.
#[derive(Debug)]
pub(super) struct Ring {
    start: u64,
    /// The number of the newest event.
    newest: u64,
    events: VecDeque<Bytes>,
}

impl Ring {
    /// No events yet. `start` is part of their ids.
    pub(super) fn new(start: u64) -> Self {
        Self { start, newest: 0, events: VecDeque::new() }
    }

    /// The number of the newest event.
    pub(super) fn newest(&self) -> u64 {
        self.newest
    }

    /// Adds an event and forgets the oldest if there are too many. Returns its number.
    pub(super) fn push(&mut self, news: &News) -> u64 {
        self.newest += 1;
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.events.push_back(self.write(news, self.newest));
        self.newest
    }

    /// A numbered event that is not kept.
    pub(super) fn write(&self, news: &News, number: u64) -> Bytes {
        let id = EventId { start: self.start, number };
        format!("id: {id}\n{}", text(news.name(), &news.data())).into()
    }

    /// The number in an id, if all events after it are still kept.
    pub(super) fn position(&self, id: &str) -> Option<u64> {
        let EventId { start, number } = id.parse().ok()?;
        (start == self.start && self.after(number).is_some()).then_some(number)
    }

    /// The events after a number; `None` if some of them are forgotten, or the number is from the future.
    pub(super) fn after(&self, number: u64) -> Option<impl Iterator<Item = &Bytes>> {
        let missed = usize::try_from(self.newest.checked_sub(number)?).ok()?;
        let first = self.events.len().checked_sub(missed)?;
        Some(self.events.range(first..))
    }
}

/// An event without an id, as it is sent. JSON has no line breaks of its own.
pub(super) fn text(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use ledger_core::BlockHash;

    use super::*;
    use crate::live::{Pool, State};

    fn news() -> News {
        let hash = BlockHash::of_text("");
        News::Payment(State { height: 1, hash, neighbours: 0, pool: Pool { bytes: 70, count: 1 } })
    }

    fn after(ring: &Ring, number: u64) -> Option<usize> {
        ring.after(number).map(Iterator::count)
    }

    #[test]
    fn event_is_one_line_of_json_under_its_id() {
        let mut ring = Ring::new(1000);
        ring.push(&news());
        let written = ring.after(0).unwrap().next().unwrap();
        let hash = BlockHash::of_text("");
        let data = format!(
            "{{\"hash\":\"{hash}\",\"height\":1,\"neighbours\":0,\"pool\":{{\"bytes\":70,\"count\":1}}}}"
        );
        assert_eq!(written, &format!("id: 1000-1\nevent: payment\ndata: {data}\n\n"));
    }

    #[test]
    fn kept_events_are_found_and_forgotten_ones_are_not() {
        let mut ring = Ring::new(1000);
        assert_eq!((after(&ring, 0), after(&ring, 1)), (Some(0), None));
        let added = KEPT as u64 + 2;
        (1..=added).for_each(|number| assert_eq!(ring.push(&news()), number));
        assert_eq!((after(&ring, added), after(&ring, added - 1)), (Some(0), Some(1)));
        assert_eq!((after(&ring, 2), after(&ring, 1)), (Some(KEPT), None));
        assert_eq!(after(&ring, added + 1), None);
        assert_eq!(after(&ring, u64::MAX), None);
    }

    #[test]
    fn id_of_another_start_is_unknown() {
        let mut ring = Ring::new(1000);
        ring.push(&news());
        assert_eq!((ring.position("1000-0"), ring.position("1000-1")), (Some(0), Some(1)));
        for id in ["1000-2", "999-1", "", "1", "x-1", "1000-1; x"] {
            assert_eq!(ring.position(id), None, "{id}");
        }
    }
}
