//! A peer's chain, read block by block as its bytes arrive.

mod scan;

pub(crate) use scan::Scan;

use crate::json::JsonText;

/// The most bytes a member other than `chain` may have; `length` needs twenty.
const MAX_OTHER_MEMBER: usize = 64 << 10;

/// The most bytes between two blocks, before the first or after the last: far more than white space and other members
/// need.
const MAX_OUTSIDE: u64 = 1 << 20;

/// Reads `{"chain": [block, block, …], "length": N}`, the answer to `GET /chain`, from pieces of any size.
///
/// It holds at most the one block that has not arrived in full, so a chain of any length is read in constant memory. It
/// hands out each block's JSON as it stands; what the blocks say is not its concern. Members may come in any order and
/// layout; `chain` must be there once, others are passed over, so a peer's `length` is never believed.
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
    /// The bytes of the value being captured that came with earlier pieces.
    partial: Vec<u8>,
    scan: Scan,
    seen_chain: bool,
    max_block: usize,
    offset: u64,
    block_bytes: u64,
    /// Where the last block's bytes ended.
    last_block: u64,
}

/// Why the bytes are not a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// Something other than what the format has at this place.
    #[error("at byte {offset}: expected {expected}")]
    Syntax {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// What should stand there.
        expected: &'static str,
    },
    /// A block or another member is too long.
    #[error("at byte {offset}: a block or member has more than {limit} bytes")]
    TooLong {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// The most bytes it may have.
        limit: usize,
    },
    /// There is much, but no block.
    #[error("at byte {offset}: {limit} bytes without a block")]
    NoBlock {
        /// The place in the whole stream, from 0.
        offset: u64,
        /// The most bytes there may be.
        limit: u64,
    },
    /// The stream ended before the chain did.
    #[error("the answer ended after {offset} bytes, before the chain did")]
    Truncated {
        /// How many bytes came.
        offset: u64,
    },
    /// There is no member `chain`, or there are two.
    #[error("the answer must have one member \"chain\"")]
    NoChain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    /// After `{`, where the object may end.
    FirstKey,
    Key,
    Colon {
        chain: bool,
    },
    Value,
    AfterMember,
    ChainStart,
    /// After `[`, where the list may end.
    FirstBlock,
    Block,
    AfterBlock,
    End,
    Capture(Target),
}

/// What is being captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Key,
    Value,
    Block,
}

impl ChainReader {
    /// A reader that refuses blocks of more than `max_block` bytes.
    pub fn new(max_block: usize) -> Self {
        Self {
            state: State::Start,
            partial: Vec::new(),
            scan: Scan::default(),
            seen_chain: false,
            max_block,
            offset: 0,
            block_bytes: 0,
            last_block: 0,
        }
    }

    /// Takes the next piece and hands each block that is complete with it to `block`.
    ///
    /// # Errors
    ///
    /// [`StreamError`] for what is not a chain, or the error of `block`; the reader is of no use afterwards.
    pub fn feed<E: From<StreamError>>(
        &mut self,
        mut piece: &[u8],
        mut block: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        while !piece.is_empty() {
            let used = match self.state {
                State::Capture(target) => self.capture(target, piece, &mut block)?,
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

    /// How many of the bytes taken so far are of no block: white space, and other members.
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

    /// Handles one byte between values and answers how many bytes it used: none when a capture begins with it.
    fn step(&mut self, byte: u8) -> Result<usize, StreamError> {
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return Ok(1);
        }
        let next = match (self.state, byte) {
            (State::Start, b'{') => State::FirstKey,
            (State::FirstKey | State::AfterMember, b'}') => State::End,
            (State::FirstKey | State::Key, b'"') => return self.begin(Target::Key),
            (State::Colon { chain }, b':') => {
                if chain {
                    State::ChainStart
                } else {
                    State::Value
                }
            }
            (State::Value, _) => return self.begin(Target::Value),
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
        self.partial.clear();
        Ok(0)
    }

    fn capture<E: From<StreamError>>(
        &mut self,
        target: Target,
        piece: &[u8],
        block: &mut impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let end = self.scan.end_of_value(piece);
        let used = end.unwrap_or(piece.len());
        let limit = if target == Target::Block { self.max_block } else { MAX_OTHER_MEMBER };
        if self.partial.len() + used > limit {
            return Err(StreamError::TooLong { offset: self.offset, limit }.into());
        }
        if target == Target::Block {
            self.block_bytes += used as u64;
            self.last_block = self.offset + used as u64;
        }
        if end.is_none() {
            self.partial.extend_from_slice(piece);
            return Ok(used);
        }
        let mut partial = std::mem::take(&mut self.partial);
        let value = if partial.is_empty() {
            &piece[..used]
        } else {
            partial.extend_from_slice(&piece[..used]);
            &partial
        };
        match target {
            Target::Block => {
                block(value)?;
                self.state = State::AfterBlock;
            }
            Target::Key => self.state = self.key(value)?,
            Target::Value => {
                JsonText::parse(value).map_err(|_| self.unexpected("a JSON value"))?;
                self.state = State::AfterMember;
            }
        }
        self.partial = partial;
        Ok(used)
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

impl State {
    fn expected(self) -> &'static str {
        match self {
            Self::Start => "a JSON object with the members chain and length",
            Self::FirstKey | Self::Key => "the name of a member",
            Self::Colon { .. } => "a colon",
            Self::AfterMember => "a comma or the end of the object",
            Self::ChainStart => "a list of blocks",
            Self::FirstBlock | Self::Block => "a block, which is a JSON object",
            Self::AfterBlock => "a comma or the end of the list",
            Self::End => "the end",
            Self::Value | Self::Capture(_) => "a JSON value",
        }
    }
}
