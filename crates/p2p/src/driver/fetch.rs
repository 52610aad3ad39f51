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

/// Bytes a second that a block must come at, after a while for its verdict. A slower one would hold its slot for ever.
const SLOWEST: f64 = (64 << 10) as f64;

/// What fetching a block needs, away from the driver.
struct FetchAndJudge {
    application: Arc<dyn Application>,
    /// It must not keep the driver running.
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
