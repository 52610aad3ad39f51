//! Sorts the members of objects by name, at every level. Of several members with one name, the last one counts.
//!
//! Members that arrive in order, as Python's nodes send them, stay in place. For the others only their positions
//! are kept, and the text is assembled once at the end: moving members as each object ends would copy deep values
//! once per level.

use std::cmp::Ordering;
use std::ops::Range;

use memchr::memchr2;

use super::string::RawString;

/// Positions of members in a text that is being written.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// For each open object: its start, and the index in `begins` of its first member.
    open: Vec<(u32, usize)>,
    /// Where the members of open objects start, at the quote of their names.
    begins: Vec<u32>,
    /// Objects to be sorted.
    unsorted: Vec<Unsorted>,
    /// Their members in order, as ranges.
    sorted: Vec<(u32, u32)>,
}

#[derive(Debug)]
struct Unsorted {
    begin: u32,
    end: u32,
    /// Its members, as a range in `sorted`.
    members: Range<usize>,
}

/// A range still to be copied.
enum Step {
    Copy(u32, u32),
    Members(Range<usize>),
}

impl Members {
    /// Records that an object starts here.
    pub(super) fn open(&mut self, at: usize) {
        self.open.push((place(at), self.begins.len()));
    }

    /// Records that a member starts here.
    pub(super) fn begin(&mut self, at: usize) {
        self.begins.push(place(at));
    }

    /// Ends the innermost open object, which ends where the text does. Sorts its members if they are not in order.
    pub(super) fn close(&mut self, text: &str) {
        let Some((begin, first)) = self.open.pop() else { return };
        let begins = &self.begins[first..];
        let names_ascend = |pair: &[u32]| name(text, pair[0]).compare(name(text, pair[1])) == Ordering::Less;
        if !begins.windows(2).all(names_ascend) {
            let end = place(text.len());
            // A member ends before the comma and space of the next one; the last one ends before the brace.
            let ends = begins[1..].iter().map(|next| next - 2).chain([end - 1]);
            let mut members: Vec<(u32, u32)> = begins.iter().copied().zip(ends).collect();
            members.sort_by(|one, other| name(text, one.0).compare(name(text, other.0)));
            let from = self.sorted.len();
            for member in members {
                match self.sorted[from..].last_mut() {
                    Some(last) if name(text, last.0).compare(name(text, member.0)).is_eq() => *last = member,
                    _ => self.sorted.push(member),
                }
            }
            self.unsorted.push(Unsorted { begin, end, members: from..self.sorted.len() });
        }
        self.begins.truncate(first);
    }

    /// The text with all members in order.
    pub(super) fn arrange(mut self, text: String) -> String {
        if self.unsorted.is_empty() {
            return text;
        }
        self.unsorted.sort_unstable_by_key(|object| object.begin);
        let mut arranged = String::with_capacity(text.len());
        let mut steps = vec![Step::Copy(0, place(text.len()))];
        while let Some(step) = steps.pop() {
            match step {
                Step::Copy(from, to) => self.copy(&text, from, to, &mut arranged, &mut steps),
                Step::Members(mut rest) => match rest.next() {
                    None => arranged.push('}'),
                    Some(member) => {
                        // `arranged` ends in this brace only before the first member.
                        arranged.push_str(if arranged.ends_with('{') { "" } else { ", " });
                        let (from, to) = self.sorted[member];
                        steps.extend([Step::Members(rest), Step::Copy(from, to)]);
                    }
                },
            }
        }
        arranged
    }

    /// Copies up to the first object to be sorted; the rest is left for later steps.
    fn copy(&self, text: &str, from: u32, to: u32, arranged: &mut String, steps: &mut Vec<Step>) {
        let next = self.unsorted.partition_point(|object| object.begin < from);
        match self.unsorted.get(next) {
            Some(object) if object.begin < to => {
                arranged.push_str(&text[from as usize..object.begin as usize]);
                arranged.push('{');
                steps.extend([Step::Copy(object.end, to), Step::Members(object.members.clone())]);
            }
            _ => arranged.push_str(&text[from as usize..to as usize]),
        }
    }
}

/// The name of the member that starts here.
fn name(text: &str, begin: u32) -> RawString<'_> {
    let begin = begin as usize + 1;
    let mut end = begin;
    while let Some(found) = memchr2(b'"', b'\\', &text.as_bytes()[end..]) {
        end += found;
        if text.as_bytes()[end] == b'"' {
            break;
        }
        end += 2;
    }
    RawString::checked(&text[begin..end])
}

fn place(at: usize) -> u32 {
    at.try_into().expect("a reader takes no text that is too long for 32 bits")
}
