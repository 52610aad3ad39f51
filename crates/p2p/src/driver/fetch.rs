use std::{sync::Arc, time::Duration};

use futures_util::FutureExt;
use libp2p::PeerId;
use tokio::{sync::mpsc, time::timeout};

use super::{
    client::{fetch_block, fetch_part},
    state::{Command, Done, Driver, Judged},
};
use crate::{
    application::{AnnouncedBlock, Application, ArrivedBlock, Verdict},
    error::AskError,
    ids::BlockId,
    peers::Offence,
};

/// Bytes of a block that the application sees before it decides whether to fetch the rest.
const BEGINNING: u32 = 256;

/// Minimum bytes a second of a block on its way, besides the time for a verdict. A slower one would hold its slot for ever.
const SLOWEST: f64 = (64 << 10) as f64;

/// What fetching and judging a block needs from the driver.
struct FetchAndJudge {
    application: Arc<dyn Application>,
    /// Weak: it must not keep the driver running.
    commands: mpsc::WeakSender<Command>,
    time: Duration,
    part: usize,
}

impl FetchAndJudge {
    async fn run(self, from: PeerId, id: BlockId, length: u64) -> Result<Verdict, AskError> {
        let Self { application, commands, time, part } = self;
        let commands = || commands.upgrade().ok_or(AskError::Stopped);
        let beginning = fetch_part(&commands()?, from, id, (0, BEGINNING)).await?;
        let announced = AnnouncedBlock { id, beginning: beginning.clone(), from };
        if !timeout(time, application.wants(announced)).await.unwrap_or(false) {
            return Ok(Verdict::Ignore);
        }
        let longest = time + Duration::from_secs_f64(length as f64 / SLOWEST);
        let sender = commands()?;
        let Ok(data) = timeout(longest, fetch_block(&sender, from, (id, length), beginning, part)).await
        else {
            let why = "its block comes too slowly".to_owned();
            // Err: the driver has ended.
            let _ =
                sender.send(Command::Report { peer: from, offence: Offence::Stall, why: why.clone() }).await;
            return Err(AskError::Invalid { peer: from, why });
        };
        drop(sender);
        let data = data?;
        let verdict = application.judge_block(ArrivedBlock { data, from });
        Ok(timeout(time, verdict).await.unwrap_or(Verdict::Ignore))
    }
}

impl Driver {
    /// Fetches a block that a peer announced, if the application wants it, and has it judged.
    pub(super) fn fetch(&mut self, judged: Judged, id: BlockId, length: u64) {
        let limits = &self.settings.limits.gossip;
        if length <= limits.whole_block_bytes as u64 || length > limits.block_bytes {
            self.report(&judged, Verdict::Ignore);
            return self.charge(
                judged.from,
                Offence::Malformed,
                "it announced a block of an impossible size",
            );
        }
        if let Err(refusal) = self.admission.fetch(judged.from) {
            return self.refuse(&judged, refusal);
        }
        let fetch = FetchAndJudge {
            application: self.application.clone(),
            commands: self.own_commands.clone(),
            time: limits.verdict_time,
            part: self.settings.limits.sync.page_bytes,
        };
        let work = async move {
            let verdict = fetch.run(judged.from, id, length).await;
            Done::Fetched { judged, id, length, verdict }
        };
        self.work.push(work.boxed());
    }

    pub(super) fn on_fetched(
        &mut self,
        judged: &Judged,
        id: BlockId,
        length: u64,
        verdict: Result<Verdict, AskError>,
    ) {
        self.admission.fetched_block(judged.from);
        let verdict = verdict.unwrap_or_else(|error| {
            tracing::debug!("block {id} not fetched: {error}");
            Verdict::Ignore
        });
        let relayed = self.report(judged, verdict);
        match verdict {
            // Fetching took longer than gossipsub remembers the announcement: ours takes its place.
            Verdict::Accept if !relayed => self.announce(id, length),
            Verdict::Reject => self.charge(judged.from, Offence::InvalidBlock, "it breaks a rule"),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use libp2p::gossipsub::MessageId;
    use tokio::time::sleep;

    use super::*;
    use crate::{
        driver::state::{
            Ask,
            testing::{Empty, driver},
        },
        settings::{GossipLimits, Limits},
        wire::{Request, Response},
    };

    /// Answers requests for parts: the first at once, the others after this time.
    async fn serve(mut commands: mpsc::Receiver<Command>, time: Duration) {
        while let Some(command) = commands.recv().await {
            if let Command::Ask(Ask { request: Request::Part(asked), reply, .. }) = command {
                sleep(if asked.offset > 0 { time } else { Duration::ZERO }).await;
                // Err: the fetch has been given up.
                let _ = reply.send(Ok(Response::Part(Some(vec![7; asked.bytes as usize].into()))));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn block_has_the_time_of_a_verdict_and_a_second_for_each_64_kib() {
        let (time, length) = (Duration::from_secs(10), 10 * (64 << 10));
        for (seconds, comes) in [(19, true), (21, false)] {
            let (commands, received) = mpsc::channel(9);
            let fetch = FetchAndJudge {
                application: Arc::new(Empty),
                commands: commands.downgrade(),
                time,
                part: length as usize,
            };
            tokio::spawn(serve(received, Duration::from_secs(seconds)));
            let verdict = fetch.run(PeerId::random(), BlockId([7; 32]), length).await;
            assert_eq!(verdict.is_ok(), comes, "{verdict:?}");
        }
    }

    #[tokio::test]
    async fn only_blocks_of_a_possible_size_are_fetched() {
        for (length, is_fetched) in [(5, false), (6, true), (10, true), (11, false)] {
            let gossip = GossipLimits { whole_block_bytes: 5, block_bytes: 10, ..GossipLimits::default() };
            let (mut driver, _events) = driver(Limits { gossip, ..Limits::default() });
            let judged = Judged { message: MessageId::from(&[7][..]), from: PeerId::random() };
            driver.fetch(judged, BlockId([7; 32]), length);
            let offences = driver.counts.offences[Offence::Malformed as usize];
            assert_eq!((driver.work.len(), offences), if is_fetched { (1, 0) } else { (0, 1) }, "{length}");
        }
    }
}
