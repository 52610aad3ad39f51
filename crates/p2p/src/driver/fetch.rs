use futures_util::FutureExt;
use tokio::time::timeout;

use super::{
    client::fetch_block,
    state::{Done, Driver, Judged},
};
use crate::{
    application::{ArrivedBlock, Verdict},
    error::AskError,
    ids::BlockId,
    peers::Offence,
};

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
        let (application, commands) = (self.application.clone(), self.own_commands.clone());
        let (time, part, from) = (limits.verdict_time, self.settings.limits.sync.page_bytes, judged.from);
        let work = async move {
            let verdict = async {
                if !timeout(time, application.wants(id)).await.unwrap_or(false) {
                    return Ok(Verdict::Ignore);
                }
                let commands = commands.upgrade().ok_or(AskError::Stopped)?;
                let data = fetch_block(&commands, from, id, length, part).await?;
                let verdict = application.judge_block(ArrivedBlock { data, from });
                Ok(timeout(time, verdict).await.unwrap_or(Verdict::Ignore))
            };
            let verdict = verdict.await;
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
