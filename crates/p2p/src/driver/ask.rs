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

    /// A peer told where its chain stands.
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
            // An honest peer of another version. Requests do not wait for the protocol to be confirmed, so they hear it late.
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

/// Whether the answer stopped on its way, and no byte of it is known to be wrong. It happens to slow peers.
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
    use super::*;

    #[test]
    fn broken_connections_are_no_false_answers() {
        use io::ErrorKind::{ConnectionReset, InvalidData, Other, TimedOut, UnexpectedEof};
        assert!([UnexpectedEof, TimedOut, ConnectionReset].into_iter().all(is_broken_off));
        assert!(![InvalidData, Other].into_iter().any(is_broken_off));
    }
}
