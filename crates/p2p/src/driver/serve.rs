use std::future::Future;

use futures_util::FutureExt;
use libp2p::{
    PeerId,
    request_response::{InboundRequestId, ResponseChannel},
};
use tokio::time::{Instant, timeout};

use super::state::{Answer, Done, Driver};
use crate::{
    gate::{is_private, is_tellable},
    peers::Offence,
    wire::{
        Branch, BranchRequest, Locator, NamedPeer, Page, PageRequest, Request, Response, SMALLEST_BLOCK,
        Status,
    },
};

impl Driver {
    pub(super) fn on_request(
        &mut self,
        peer: PeerId,
        id: InboundRequestId,
        request: Request,
        channel: ResponseChannel<Response>,
    ) {
        if !self.serving.begin(peer, id, Instant::now()) {
            self.counts.busy += 1;
            self.charge(peer, Offence::Useless, "more requests than we answer");
            return self.on_answer(Answer { channel, response: Response::Busy });
        }
        match request {
            Request::Status(theirs) => self.serve_status(peer, theirs, channel),
            Request::Branch(asked) => self.serve_branch(peer, asked, channel),
            Request::Page(asked) => self.serve_page(asked, channel),
            Request::Part(asked) => {
                let bytes = asked.bytes.min(self.page_bytes());
                let part = self.application.part(asked.id, asked.offset, bytes);
                self.serve(
                    channel,
                    part.map(move |part| {
                        Response::Part(part.map(|part| part.slice(..part.len().min(bytes as usize))))
                    }),
                );
            }
            Request::Peers => {
                let response = Response::Peers(self.named_for(&peer));
                self.on_answer(Answer { channel, response });
            }
        }
    }

    fn serve_status(&mut self, peer: PeerId, theirs: Status, channel: ResponseChannel<Response>) {
        if theirs.is_well_formed() {
            self.note_status(peer, theirs);
        } else {
            self.charge(peer, Offence::Malformed, "a status with more than 32 bytes of work");
        }
        let status = self.application.status();
        self.serve(channel, status.map(Response::Status));
    }

    fn serve_branch(&mut self, peer: PeerId, asked: BranchRequest, channel: ResponseChannel<Response>) {
        if asked.locator.ids().len() > Locator::MAX {
            return self.charge(peer, Offence::Malformed, "a locator with too many hashes");
        }
        let asked = BranchRequest { bytes: asked.bytes.min(self.page_bytes()), ..asked };
        let page = asked.page_from(0);
        let branch = self.application.branch(asked.locator, asked.bytes);
        let response = move |branch: Option<Branch>| {
            let Some(mut branch) = branch else { return Response::Busy };
            branch.page.truncate(|fits| fits.answers(&page));
            Response::Branch(branch)
        };
        self.serve(channel, branch.map(response));
    }

    fn serve_page(&mut self, asked: PageRequest, channel: ResponseChannel<Response>) {
        let count = asked.count.min(self.page_bytes() / SMALLEST_BLOCK);
        let asked = PageRequest { bytes: asked.bytes.min(self.page_bytes()), count, ..asked };
        let page = self.application.page(asked);
        let within = move |mut page: Page| {
            page.truncate(|page| page.answers(&asked));
            Response::Page(page)
        };
        self.serve(channel, page.map(within));
    }

    fn page_bytes(&self) -> u32 {
        u32::try_from(self.settings.limits.sync.page_bytes).unwrap_or(u32::MAX)
    }

    /// Answers when the application has the answer. If it is late, tells the peer that we are busy.
    fn serve(
        &mut self,
        channel: ResponseChannel<Response>,
        answer: impl Future<Output = Response> + Send + 'static,
    ) {
        let time = self.settings.limits.sync.timeout / 2;
        let work = async move {
            let response = timeout(time, answer).await.unwrap_or(Response::Busy);
            Done::Answer(Answer { channel, response })
        };
        self.work.push(work.boxed());
    }

    pub(super) fn on_answer(&mut self, Answer { channel, response }: Answer) {
        if response != Response::Busy {
            self.counts.answered += 1;
        }
        // Err: the peer has gone, or waits no longer.
        let _ = self.swarm.behaviour_mut().sync.send_response(channel, response);
    }

    /// Peers to name to another. Addresses of a local network are named in that network only.
    fn named_for(&self, asker: &PeerId) -> Vec<NamedPeer> {
        let near = self.peers.address_of(asker).is_some_and(is_private);
        let named = self.peers.to_name(asker, |address| is_tellable(address, near));
        let bytes = |addresses: Vec<libp2p::Multiaddr>| {
            addresses.iter().map(|address| address.to_vec().into()).collect()
        };
        named
            .into_iter()
            .map(|(id, addresses)| NamedPeer { id: id.to_bytes().into(), addresses: bytes(addresses) })
            .collect()
    }
}
