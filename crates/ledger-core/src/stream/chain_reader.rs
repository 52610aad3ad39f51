//! Splits a chain into blocks as it arrives.

use super::error::StreamError;
use super::part::BlockPart;
use super::state::{Other, State, Target};
use crate::json::{JsonText, Scan};

/// Maximum bytes of a member other than `chain`; `length` needs twenty.
const MAX_OTHER_MEMBER: usize = 64 << 10;

/// Maximum bytes between two blocks, before the first or after the last: far more than white space and other
/// members need.
const MAX_OUTSIDE: u64 = 1 << 20;

/// Reads `{"chain": [block, block, …], "length": N}`, the response to `GET /chain`, from pieces of any size.
///
/// Buffers only the one incomplete block, so a chain of any length takes constant memory. Passes on each block's
/// JSON unparsed. Members may come in any order and layout. `chain` must occur once; others are ignored, so a
/// peer's `length` is never trusted.
///
/// # Examples
///
/// ```
/// use ledger_core::{ChainReader, StreamError};
///
/// let mut blocks = Vec::new();
/// let mut reader = ChainReader::new(1_000);
/// for piece in [&b"{\"chain\": [{\"index\""[..], b": 1}, {\"index\": 2}],", b" \"length\": 2}"] {
///     reader.feed(piece, |block| {
///         blocks.push(String::from_utf8_lossy(block).into_owned());
///         Ok::<(), StreamError>(())
///     })?;
/// }
/// reader.finish()?;
/// assert_eq!(blocks, [r#"{"index": 1}"#, r#"{"index": 2}"#]);
/// # Ok::<(), StreamError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChainReader {
    state: State,
    /// Bytes of the current key or value from earlier pieces.
    partial: Vec<u8>,
    /// Bytes of the current block from earlier pieces, for [`feed`](Self::feed).
    block: Vec<u8>,
    /// Bytes of the current value so far.
    captured: usize,
    scan: Scan,
    seen_chain: bool,
    max_block: usize,
    offset: u64,
    block_bytes: u64,
    /// Where the last block ended.
    last_block: u64,
}

impl ChainReader {
    /// A reader that refuses blocks of more than `max_block` bytes.
    #[must_use]
    pub fn new(max_block: usize) -> Self {
        Self {
            state: State::Start,
            partial: Vec::new(),
            block: Vec::new(),
            captured: 0,
            scan: Scan::default(),
            seen_chain: false,
            max_block,
            offset: 0,
            block_bytes: 0,
            last_block: 0,
        }
    }

    /// Takes the next piece. Calls `block` with each block that it completes.
    ///
    /// # Errors
    ///
    /// [`StreamError`] for anything but a chain, or the error of `block`. The reader is unusable afterwards.
    pub fn feed<E: From<StreamError>>(
        &mut self,
        piece: &[u8],
        mut block: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut partial = std::mem::take(&mut self.block);
        self.feed_parts(piece, |part| match part {
            BlockPart::More(bytes) => {
                partial.extend_from_slice(bytes);
                Ok(())
            }
            BlockPart::Last(bytes) if partial.is_empty() => block(bytes),
            BlockPart::Last(bytes) => {
                partial.extend_from_slice(bytes);
                block(&partial)?;
                partial.clear();
                Ok(())
            }
        })?;
        self.block = partial;
        Ok(())
    }

    /// Like [`feed`](Self::feed), for a caller that assembles blocks itself: passes on their bytes as they arrive.
    ///
    /// # Errors
    ///
    /// As [`feed`](Self::feed).
    pub fn feed_parts<E: From<StreamError>>(
        &mut self,
        mut piece: &[u8],
        mut part: impl FnMut(BlockPart<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        while !piece.is_empty() {
            let used = match self.state {
                State::Capture(Target::Block) => self.capture_block(piece, &mut part)?,
                State::Capture(Target::Other(other)) => self.capture_other(other, piece)?,
                _ => self.step(piece[0])?,
            };
            self.offset += used as u64;
            if self.offset - self.last_block > MAX_OUTSIDE {
                return Err(StreamError::NoBlock { offset: self.offset, limit: MAX_OUTSIDE }.into());
            }
            piece = &piece[used..];
        }
        Ok(())
    }

    /// Bytes so far outside blocks: white space and other members.
    #[must_use]
    pub fn outside_blocks(&self) -> u64 {
        self.offset - self.block_bytes
    }

    /// Ends the stream.
    ///
    /// # Errors
    ///
    /// [`StreamError::Truncated`] or [`StreamError::NoChain`].
    pub fn finish(&self) -> Result<(), StreamError> {
        match self.state {
            State::End if self.seen_chain => Ok(()),
            State::End => Err(StreamError::NoChain),
            _ => Err(StreamError::Truncated { offset: self.offset }),
        }
    }

    /// Handles one byte between values. Returns the bytes it used: none if a value starts here.
    fn step(&mut self, byte: u8) -> Result<usize, StreamError> {
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return Ok(1);
        }
        let next = match (self.state, byte) {
            (State::Start, b'{') => State::FirstKey,
            (State::FirstKey | State::AfterMember, b'}') => State::End,
            (State::FirstKey | State::Key, b'"') => return self.begin(Target::Other(Other::Key)),
            (State::Colon { chain }, b':') => {
                if chain {
                    State::ChainStart
                } else {
                    State::Value
                }
            }
            (State::Value, _) => return self.begin(Target::Other(Other::Value)),
            (State::AfterMember, b',') => State::Key,
            (State::ChainStart, b'[') => State::FirstBlock,
            (State::FirstBlock | State::AfterBlock, b']') => State::AfterMember,
            (State::FirstBlock | State::Block, b'{') => return self.begin(Target::Block),
            (State::AfterBlock, b',') => State::Block,
            (state, _) => return Err(self.unexpected(state.expected())),
        };
        self.state = next;
        Ok(1)
    }

    fn begin(&mut self, target: Target) -> Result<usize, StreamError> {
        self.state = State::Capture(target);
        self.scan = Scan::default();
        self.captured = 0;
        Ok(0)
    }

    fn capture_block<E: From<StreamError>>(
        &mut self,
        piece: &[u8],
        part: &mut impl FnMut(BlockPart<'_>) -> Result<(), E>,
    ) -> Result<usize, E> {
        let end = self.scan(piece, self.max_block)?;
        let used = end.unwrap_or(piece.len());
        self.block_bytes += used as u64;
        self.last_block = self.offset + used as u64;
        if end.is_none() {
            part(BlockPart::More(piece))?;
        } else {
            part(BlockPart::Last(&piece[..used]))?;
            self.state = State::AfterBlock;
        }
        Ok(used)
    }

    fn capture_other(&mut self, other: Other, piece: &[u8]) -> Result<usize, StreamError> {
        let end = self.scan(piece, MAX_OTHER_MEMBER)?;
        let used = end.unwrap_or(piece.len());
        self.partial.extend_from_slice(&piece[..used]);
        if end.is_some() {
            let value = std::mem::take(&mut self.partial);
            self.state = match other {
                Other::Key => self.key(&value)?,
                Other::Value => self.value(&value)?,
            };
        }
        Ok(used)
    }

    /// Finds where the current value ends, if in this piece, and counts its bytes.
    fn scan(&mut self, piece: &[u8], limit: usize) -> Result<Option<usize>, StreamError> {
        let end = self.scan.end_of_value(piece);
        self.captured += end.unwrap_or(piece.len());
        if self.captured > limit {
            return Err(StreamError::TooLong { offset: self.offset, limit });
        }
        Ok(end)
    }

    fn value(&self, json: &[u8]) -> Result<State, StreamError> {
        JsonText::parse(json).map_err(|_| self.unexpected("a JSON value"))?;
        Ok(State::AfterMember)
    }

    fn key(&mut self, json: &[u8]) -> Result<State, StreamError> {
        let name = JsonText::parse(json).map_err(|_| self.unexpected("the name of a member"))?;
        let chain = name.as_str() == "\"chain\"";
        if chain && std::mem::replace(&mut self.seen_chain, true) {
            return Err(StreamError::NoChain);
        }
        Ok(State::Colon { chain })
    }

    fn unexpected(&self, expected: &'static str) -> StreamError {
        StreamError::Syntax { offset: self.offset, expected }
    }
}

#[cfg(test)]
mod tests;
