use std::io;

use libp2p::{Multiaddr, PeerId, TransportError};
use thiserror::Error;

/// Why the network does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address is in use, or not one of this machine, or not of this transport.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: Multiaddr,
        /// What the system says.
        #[source]
        cause: TransportError<io::Error>,
    },
    /// The clock is set before 1970, where the counters of messages begin.
    #[error("this machine's clock is set before 1970; correct it")]
    Clock,
    /// A limit contradicts another, or is more than the protocol can carry.
    #[error("invalid network limits: {0}")]
    Limits(String),
    /// The system has no thread, no socket, or no DNS settings for us.
    #[error("cannot start the network")]
    System(#[from] io::Error),
}

/// Why a payment or block was not sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PublishError {
    /// It is larger than other nodes accept.
    #[error("too large to send: {bytes} bytes, and other nodes take at most {limit}")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// More payments wait than [`GossipLimits::outbox`](crate::GossipLimits).
    #[error("too many payments wait to be sent: {0}")]
    Full(usize),
    /// The network has ended.
    #[error("the network has ended")]
    Stopped,
}

/// Why a peer is not connected after [`Network::introduce`](crate::Network::introduce).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IntroduceError {
    /// It has the key of this node: it is this node, or one with a copy of its files.
    #[error("it is this node itself, or a node with a copy of its key")]
    Ourselves,
    /// The dial failed.
    #[error("{0}")]
    Dial(String),
    /// The network has ended.
    #[error("the network has ended")]
    Stopped,
}

/// Why a peer's answer is missing or useless.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AskError {
    /// The peer has too many requests to answer.
    #[error("{0} is busy")]
    Busy(PeerId),
    /// No answer within [`SyncLimits::timeout`](crate::SyncLimits).
    #[error("{0} does not answer")]
    Timeout(PeerId),
    /// The connection has ended, or there was none.
    #[error("{0} is not connected")]
    NotConnected(PeerId),
    /// The answer does not fit the request, or is larger than requested. The peer has been charged for it.
    #[error("{peer} sent an invalid answer: {why}")]
    Invalid {
        /// The peer.
        peer: PeerId,
        /// What is wrong.
        why: String,
    },
    /// More requests are open than [`SyncLimits::asking`](crate::SyncLimits).
    #[error("too many open requests: {0}")]
    TooMany(usize),
    /// The network has ended.
    #[error("the network has ended")]
    Stopped,
}
