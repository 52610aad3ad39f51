//! A driver that nobody runs, for tests.

use std::{future::ready, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::mpsc;

use super::Driver;
use crate::{
    application::{AnnouncedBlock, Application, ArrivedBlock, Payment, Verdict},
    event::Event,
    identity::Identity,
    ids::BlockId,
    network_id::NetworkId,
    settings::{Limits, Link, Settings, Transport},
    wire::{Branch, Locator, Page, PageRequest, Status},
};

/// A driver over channels in this process, and its events.
pub(in crate::driver) fn driver(limits: Limits) -> (Driver, mpsc::Receiver<Event>) {
    let network = NetworkId::new("test", "classic", 4).unwrap();
    driver_with(Settings {
        listen: vec!["/memory/0".parse().unwrap()],
        transport: Transport::Memory(Link::default()),
        limits,
        ..Settings::new(network, Identity::generate())
    })
}

pub(in crate::driver) fn driver_with(settings: Settings) -> (Driver, mpsc::Receiver<Event>) {
    let (commands, received) = mpsc::channel(1);
    let (happened, events) = mpsc::channel(100);
    let driver = Driver::new(settings, Arc::new(Empty), (commands.downgrade(), received), happened);
    (driver.unwrap(), events)
}

/// Accepts everything, and has no block.
pub(in crate::driver) struct Empty;

impl Application for Empty {
    fn judge_payment(&self, _: Payment) -> BoxFuture<'static, Verdict> {
        ready(Verdict::Accept).boxed()
    }

    fn wants(&self, _: AnnouncedBlock) -> BoxFuture<'static, bool> {
        ready(true).boxed()
    }

    fn judge_block(&self, _: ArrivedBlock) -> BoxFuture<'static, Verdict> {
        ready(Verdict::Accept).boxed()
    }

    fn status(&self) -> BoxFuture<'static, Status> {
        ready(Status { height: 0, tip: BlockId([0; 32]), work: Bytes::new() }).boxed()
    }

    fn branch(&self, _: Locator, _: u32) -> BoxFuture<'static, Option<Branch>> {
        ready(None).boxed()
    }

    fn page(&self, _: PageRequest) -> BoxFuture<'static, Page> {
        ready(Page::default()).boxed()
    }

    fn part(&self, _: BlockId, _: u64, _: u32) -> BoxFuture<'static, Option<Bytes>> {
        ready(None).boxed()
    }
}
