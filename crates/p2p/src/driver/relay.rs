use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use libp2p::gossipsub::{self, Message, MessageAcceptance};
use tokio::time::{Instant, timeout};

use super::state::{Done, Driver, Judged};
use crate::{
    application::{ArrivedBlock, Payment, Verdict},
    error::PublishError,
    gossip::{Kind, Refusal},
    ids::{BlockId, RelayId},
    peers::Offence,
    random,
    wire::BlockMessage,
};

impl Driver {
    pub(super) fn on_gossip(&mut self, event: gossipsub::Event) {
        match event {
            gossipsub::Event::Message { propagation_source, message_id, message } => {
                let judged = Judged { message: message_id, from: propagation_source };
                self.on_message(judged, message);
            }
            gossipsub::Event::GossipsubNotSupported { peer_id } => {
                self.charge(peer_id, Offence::Useless, "it does not speak gossipsub");
            }
            gossipsub::Event::Subscribed { .. } => self.send_payments(),
            _ => {}
        }
    }

    fn on_message(&mut self, judged: Judged, message: Message) {
        let (now, from) = (Instant::now(), judged.from);
        if self.admission.message(from, message.data.len(), now).is_err() {
            self.refuse(&judged, Refusal::Flood);
            return self.charge(from, Offence::Flood, "more messages than any honest peer relays");
        }
        let own = *self.swarm.local_peer_id();
        let (Some(kind), Some(origin), Some(counter)) =
            (self.topics.kind(&message.topic), message.source, message.sequence_number)
        else {
            self.report(&judged, Verdict::Reject);
            return;
        };
        match kind {
            _ if origin == own => self.refuse(&judged, Refusal::Again),
            Kind::Payment => self.on_payment(judged, RelayId { origin, counter }, message.data.into(), now),
            Kind::Block => self.on_block(judged, message.data.into()),
        }
    }

    fn on_payment(&mut self, judged: Judged, relay: RelayId, data: Bytes, now: Instant) {
        if let Err(refusal) = self.admission.payment(judged.from, relay, now) {
            return self.refuse(&judged, refusal);
        }
        let verdict = self.application.judge_payment(Payment { data, relay, from: judged.from });
        self.await_verdict(verdict, move |verdict| Done::Payment { judged, verdict });
    }

    pub(super) fn on_payment_judged(&mut self, judged: &Judged, verdict: Verdict) {
        self.admission.judged_payment(judged.from);
        self.report(judged, verdict);
        if verdict == Verdict::Reject {
            self.charge(judged.from, Offence::InvalidPayment, "it breaks a rule");
        }
    }

    fn on_block(&mut self, judged: Judged, data: Bytes) {
        let Some(message) = BlockMessage::read(data) else {
            self.report(&judged, Verdict::Reject);
            return self.charge(judged.from, Offence::Malformed, "no block, and no announcement of one");
        };
        match message {
            BlockMessage::Whole(data) => self.judge_block(judged, data),
            BlockMessage::Announced { id, length, .. } => self.fetch(judged, id, length),
        }
    }

    fn judge_block(&mut self, judged: Judged, data: Bytes) {
        if let Err(refusal) = self.admission.block(judged.from) {
            return self.refuse(&judged, refusal);
        }
        let verdict = self.application.judge_block(ArrivedBlock { data, from: judged.from });
        self.await_verdict(verdict, move |verdict| Done::Block { judged, verdict });
    }

    /// Waits for the application's verdict. If it comes too late, the message is ignored.
    fn await_verdict(
        &mut self,
        verdict: BoxFuture<'static, Verdict>,
        done: impl FnOnce(Verdict) -> Done + Send + 'static,
    ) {
        let time = self.settings.limits.gossip.verdict_time;
        let work = async move { done(timeout(time, verdict).await.unwrap_or(Verdict::Ignore)) };
        self.work.push(work.boxed());
    }

    pub(super) fn on_block_judged(&mut self, judged: &Judged, verdict: Verdict) {
        self.admission.judged_block(judged.from);
        self.report(judged, verdict);
        if verdict == Verdict::Reject {
            self.charge(judged.from, Offence::InvalidBlock, "it breaks a rule");
        }
    }

    /// Passes the verdict on a message to gossipsub. Returns false if the message has left the history, and is not relayed.
    pub(super) fn report(&mut self, judged: &Judged, verdict: Verdict) -> bool {
        let (acceptance, count) = match verdict {
            Verdict::Accept => (MessageAcceptance::Accept, &mut self.counts.accepted),
            Verdict::Ignore => (MessageAcceptance::Ignore, &mut self.counts.ignored),
            Verdict::Reject => (MessageAcceptance::Reject, &mut self.counts.rejected),
        };
        *count += 1;
        self.swarm.behaviour_mut().gossip.report_message_validation_result(
            &judged.message,
            &judged.from,
            acceptance,
        )
    }

    /// Drops a message without a verdict.
    pub(super) fn refuse(&mut self, judged: &Judged, refusal: Refusal) {
        tracing::trace!("message of {} not judged: {refusal:?}", judged.from);
        self.counts.not_judged += 1;
        let gossip = &mut self.swarm.behaviour_mut().gossip;
        gossip.report_message_validation_result(&judged.message, &judged.from, MessageAcceptance::Ignore);
    }

    pub(super) fn publish_payment(&mut self, data: Bytes) -> Result<(), PublishError> {
        let limits = &self.settings.limits.gossip;
        if data.len() > limits.payment_bytes {
            return Err(PublishError::TooLarge {
                bytes: data.len() as u64,
                limit: limits.payment_bytes as u64,
            });
        }
        if !self.outbox.add(data) {
            return Err(PublishError::Full(limits.outbox));
        }
        self.send_payments();
        Ok(())
    }

    /// Sends payments that wait, as far as the rate allows. While nobody listens, they keep waiting.
    pub(super) fn send_payments(&mut self) {
        while self.is_heard()
            && let Some(payment) = self.outbox.next(Instant::now())
        {
            let topic = self.topics.payments.clone();
            self.send(topic, payment.into());
        }
    }

    /// Whether there is anybody to send payments to.
    pub(super) fn is_heard(&self) -> bool {
        self.swarm.behaviour().gossip.mesh_peers(&self.topics.payments.hash()).next().is_some()
    }

    pub(super) fn publish_block(&mut self, id: BlockId, data: Bytes) -> Result<(), PublishError> {
        let (limits, bytes) = (&self.settings.limits.gossip, data.len() as u64);
        if bytes > limits.block_bytes {
            return Err(PublishError::TooLarge { bytes, limit: limits.block_bytes });
        }
        if data.len() <= limits.whole_block_bytes {
            self.send_block(&BlockMessage::Whole(data));
        } else {
            self.announce(id, bytes);
        }
        Ok(())
    }

    pub(super) fn announce(&mut self, id: BlockId, length: u64) {
        self.send_block(&BlockMessage::Announced { id, length, nonce: random::number() });
    }

    fn send_block(&mut self, message: &BlockMessage) {
        let topic = self.topics.blocks.clone();
        self.send(topic, message.to_bytes());
    }

    /// Sends a message of our own. It is not an error if nobody listens: peers that come later ask for our status.
    fn send(&mut self, topic: gossipsub::IdentTopic, data: Vec<u8>) {
        match self.swarm.behaviour_mut().gossip.publish(topic, data) {
            Ok(_) => self.counts.published += 1,
            Err(error) => tracing::debug!("not sent: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use libp2p::{PeerId, gossipsub::MessageId};

    use super::*;
    use crate::{
        driver::state::testing::driver,
        settings::{GossipLimits, Limits},
    };

    fn with(gossip: GossipLimits) -> Limits {
        Limits { gossip, ..Limits::default() }
    }

    #[tokio::test]
    async fn verdicts_are_counted() {
        let (mut driver, _events) = driver(Limits::default());
        let judged = Judged { message: MessageId::from(&[7][..]), from: PeerId::random() };
        for (times, verdict) in [(1, Verdict::Accept), (2, Verdict::Ignore), (3, Verdict::Reject)] {
            let relayed = (0..times).filter(|_| driver.report(&judged, verdict)).count();
            assert_eq!(relayed, 0, "gossipsub does not know the message");
        }
        (0..4).for_each(|_| driver.refuse(&judged, Refusal::Again));
        let counts = driver.counts;
        let counted = [counts.accepted, counts.ignored, counts.rejected, counts.not_judged];
        assert_eq!(counted, [1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn payments_are_bounded_in_size_and_number() {
        let limits = GossipLimits { payment_bytes: 10, outbox: 1, ..GossipLimits::default() };
        let (mut driver, _events) = driver(with(limits));
        let mut publish = |bytes| driver.publish_payment(vec![7; bytes].into());
        assert_eq!(publish(11), Err(PublishError::TooLarge { bytes: 11, limit: 10 }));
        assert_eq!(publish(10), Ok(()));
        assert_eq!(publish(10), Err(PublishError::Full(1)));
    }

    #[tokio::test]
    async fn blocks_are_bounded_in_size() {
        let limits = GossipLimits { whole_block_bytes: 5, block_bytes: 10, ..GossipLimits::default() };
        let (mut driver, _events) = driver(with(limits));
        let mut publish = |bytes| driver.publish_block(BlockId([7; 32]), vec![7; bytes].into());
        assert_eq!(publish(11), Err(PublishError::TooLarge { bytes: 11, limit: 10 }));
        assert_eq!([1, 5, 6, 10].map(publish), [Ok(()), Ok(()), Ok(()), Ok(())]);
    }
}
