use std::io;

use libp2p::{
    PeerId,
    core::upgrade::NegotiationError,
    request_response::{Event, Message, OutboundFailure, OutboundRequestId},
};
use tokio::{sync::oneshot, time::Instant};

use super::state::{Ask, Asking, Driver};
use crate::{
    error::AskError,
    event,
    peers::Offence,
    wire::{Branch, Request, Response, Status},
};

impl Driver {
    pub(super) fn ask(&mut self, Ask { peer, request, reply }: Ask) {
        let most = self.settings.limits.sync.asking;
        let refusal = if !self.swarm.is_connected(&peer) {
            AskError::NotConnected(peer)
        } else if self.asking.len() >= most {
            AskError::TooMany(most)
        } else {
            return self.send_request(peer, request, Some(reply));
        };
        // Err: the caller has gone.
        let _ = reply.send(Err(refusal));
    }

    pub(super) fn ask_without_reply(&mut self, peer: PeerId, request: Request) {
        if self.asking.len() < self.settings.limits.sync.asking {
            self.send_request(peer, request, None);
        }
    }

    fn send_request(
        &mut self,
        peer: PeerId,
        request: Request,
        reply: Option<oneshot::Sender<Result<Response, AskError>>>,
    ) {
        let id = self.swarm.behaviour_mut().sync.send_request(&peer, request.clone());
        self.asking.insert(id, Asking { request, reply });
    }

    pub(super) fn on_sync(&mut self, event: Event<Request, Response>) {
        match event {
            Event::Message { peer, message: Message::Request { request_id, request, channel }, .. } => {
                self.on_request(peer, request_id, request, channel);
            }
            Event::Message { peer, message: Message::Response { request_id, response }, .. } => {
                self.on_response(peer, request_id, response);
            }
            Event::OutboundFailure { peer, request_id, error, .. } => {
                self.on_failure(peer, request_id, &error)
            }
            Event::InboundFailure { request_id, .. } | Event::ResponseSent { request_id, .. } => {
                self.serving.end(&request_id);
            }
        }
    }

    fn on_response(&mut self, peer: PeerId, id: OutboundRequestId, response: Response) {
        let Some(Asking { request, reply }) = self.asking.remove(&id) else { return };
        let answer = match response {
            Response::Busy => Err(AskError::Busy(peer)),
            response if is_answer(&request, &response) => Ok(response),
            _ => {
                self.charge(
                    peer,
                    Offence::FalseAnswer,
                    "no answer to the request, or more than was asked for",
                );
                Err(AskError::Invalid {
                    peer,
                    why: "no answer to the request, or more than was asked for".into(),
                })
            }
        };
        match &answer {
            Ok(Response::Status(status) | Response::Branch(Branch { status, .. })) => {
                self.note_status(peer, status.clone());
            }
            Ok(Response::Peers(named)) => self.on_peers_named(peer, named, Instant::now()),
            _ => {}
        }
        if let Some(reply) = reply {
            // Err: the caller has gone.
            let _ = reply.send(answer);
        }
    }

    /// Records the tip that a peer told us, and sends an event.
    pub(super) fn note_status(&mut self, peer: PeerId, status: Status) {
        self.peers.set_status(peer, &status);
        self.events.send(event::Event::Status { peer, status });
    }

    fn on_failure(&mut self, peer: PeerId, id: OutboundRequestId, failure: &OutboundFailure) {
        let Some(Asking { reply, .. }) = self.asking.remove(&id) else { return };
        let error = match failure {
            OutboundFailure::Timeout => {
                self.charge(peer, Offence::Stall, "no answer in time");
                AskError::Timeout(peer)
            }
            // An honest peer of another version. Requests do not wait until the protocol is confirmed, so the refusal comes late.
            OutboundFailure::UnsupportedProtocols => not_spoken(peer),
            OutboundFailure::Io(error) if is_other_protocol(error) => not_spoken(peer),
            OutboundFailure::Io(error) => {
                // A truncated answer was abandoned, or is longer than we read. Anything else is not an answer.
                let offence = if is_broken_off(error.kind()) { Offence::Stall } else { Offence::Malformed };
                self.charge(peer, offence, &error.to_string());
                AskError::Invalid { peer, why: error.to_string() }
            }
            OutboundFailure::DialFailure | OutboundFailure::ConnectionClosed => AskError::NotConnected(peer),
        };
        if let Some(reply) = reply {
            // Err: the caller has gone.
            let _ = reply.send(Err(error));
        }
    }
}

fn not_spoken(peer: PeerId) -> AskError {
    AskError::Invalid { peer, why: "it does not speak our protocol".into() }
}

/// Whether the peer refused the protocol of the request.
fn is_other_protocol(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    matches!(cause, Some(NegotiationError::Failed))
}

/// Whether the answer stopped on its way, and no byte of it is known to be wrong. This happens to slow peers.
fn is_broken_off(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, TimedOut, UnexpectedEof,
    };
    matches!(kind, UnexpectedEof | TimedOut | ConnectionReset | ConnectionAborted | BrokenPipe | NotConnected)
}

/// Whether this is an answer to the request, within the bounds that it set.
fn is_answer(request: &Request, response: &Response) -> bool {
    match (request, response) {
        (Request::Status(_), Response::Status(status)) => status.is_well_formed(),
        (Request::Branch(asked), Response::Branch(branch)) => branch.answers(asked),
        (Request::Page(asked), Response::Page(page)) => page.answers(asked),
        (Request::Part(asked), Response::Part(data)) => {
            data.as_ref().is_none_or(|data| data.len() <= asked.bytes as usize)
        }
        (Request::Peers, Response::Peers(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::{
        driver::state::testing::driver,
        ids::BlockId,
        settings::{Limits, SyncLimits},
        wire::{BranchRequest, Locator, Page, PageRequest, PartRequest},
    };

    #[tokio::test]
    async fn own_requests_without_a_reply_are_limited() {
        let sync = SyncLimits { asking: 2, ..SyncLimits::default() };
        let (mut driver, _events) = driver(Limits { sync, ..Limits::default() });
        (0..5).for_each(|_| driver.ask_without_reply(PeerId::random(), Request::Peers));
        assert_eq!(driver.asking.len(), 2);
    }

    #[test]
    fn refused_protocol_differs_from_other_errors() {
        assert!(is_other_protocol(&io::Error::other(NegotiationError::Failed)));
        assert!(!is_other_protocol(&io::Error::other("another error")));
        assert!(!is_other_protocol(&io::ErrorKind::UnexpectedEof.into()));
    }

    #[test]
    fn response_answers_the_request_of_its_kind_within_its_bounds() {
        let (id, bytes) = (BlockId([7; 32]), 10);
        let status = |work: usize| Status { height: 1, tip: id, work: vec![1; work].into() };
        let page = |bytes: usize| Page { blocks: vec![vec![7; bytes].into()], large: None };
        let branch = |bytes| Branch { status: status(1), fork: None, page: page(bytes) };
        let part = |bytes: usize| Response::Part(Some(vec![7; bytes].into()));
        let requests = [
            Request::Status(status(1)),
            Request::Branch(BranchRequest { locator: Locator::new([id]), bytes: 100 }),
            Request::Page(PageRequest { from: 1, count: 1, bytes }),
            Request::Part(PartRequest { id, offset: 0, bytes }),
            Request::Peers,
        ];
        let responses = [
            Response::Status(status(32)),
            Response::Branch(branch(100)),
            Response::Page(page(10)),
            part(10),
            Response::Peers(Vec::new()),
        ];
        for (at, request) in requests.iter().enumerate() {
            for (other, response) in responses.iter().enumerate() {
                assert_eq!(is_answer(request, response), at == other, "{request:?}: {response:?}");
            }
            assert!(!is_answer(request, &Response::Busy));
        }
        assert!(is_answer(&requests[3], &Response::Part(None)));
        assert!(is_answer(&requests[3], &Response::Part(Some(Bytes::new()))));
        let too_large =
            [Response::Status(status(33)), Response::Branch(branch(101)), Response::Page(page(11)), part(11)];
        for (request, response) in requests.iter().zip(too_large) {
            assert!(!is_answer(request, &response), "{response:?}");
        }
    }

    #[test]
    fn broken_connection_is_not_a_false_answer() {
        use io::ErrorKind::{ConnectionReset, InvalidData, Other, TimedOut, UnexpectedEof};
        assert!([UnexpectedEof, TimedOut, ConnectionReset].into_iter().all(is_broken_off));
        assert!(![InvalidData, Other].into_iter().any(is_broken_off));
    }
}
