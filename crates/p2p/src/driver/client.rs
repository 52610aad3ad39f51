use bytes::{Bytes, BytesMut};
use libp2p::PeerId;
use tokio::sync::{mpsc, oneshot};

use super::state::{Ask, Command};
use crate::{
    error::AskError,
    ids::BlockId,
    wire::{PartRequest, Request, Response},
};

/// Fetches the rest of a block after its first bytes, in parts of `part` bytes.
pub(crate) async fn fetch_block(
    commands: &mpsc::Sender<Command>,
    peer: PeerId,
    (id, length): (BlockId, u64),
    beginning: Bytes,
    part: usize,
) -> Result<Bytes, AskError> {
    let mut block = BytesMut::from(beginning);
    while (block.len() as u64) < length {
        let offset = block.len() as u64;
        let bytes = (length - offset).min(part as u64) as u32;
        block.extend_from_slice(&fetch_part(commands, peer, id, (offset, bytes)).await?);
    }
    Ok(block.freeze())
}

/// Fetches bytes of a block from an offset on: at least one.
pub(crate) async fn fetch_part(
    commands: &mpsc::Sender<Command>,
    peer: PeerId,
    id: BlockId,
    (offset, bytes): (u64, u32),
) -> Result<Bytes, AskError> {
    match ask(commands, peer, Request::Part(PartRequest { id, offset, bytes })).await? {
        Response::Part(Some(data)) if !data.is_empty() => Ok(data),
        _ => Err(AskError::Invalid { peer, why: format!("it does not have block {id}") }),
    }
}

/// Sends a request to a peer through the driver, and waits for the answer.
pub(crate) async fn ask(
    commands: &mpsc::Sender<Command>,
    peer: PeerId,
    request: Request,
) -> Result<Response, AskError> {
    let (reply, answer) = oneshot::channel();
    commands.send(Command::Ask(Ask { peer, request, reply })).await.map_err(|_| AskError::Stopped)?;
    answer.await.map_err(|_| AskError::Stopped)?
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: BlockId = BlockId([7; 32]);

    /// Fetches a block of 25 bytes in parts of ten after its first ten, from a peer that answers like this.
    async fn fetched(answer: impl Fn(PartRequest) -> Response) -> Result<Bytes, AskError> {
        let (commands, mut asked) = mpsc::channel(1);
        let beginning = Bytes::from_static(&[0; 10]);
        let fetch = fetch_block(&commands, PeerId::random(), (ID, 25), beginning, 10);
        let answering = async {
            while let Some(Command::Ask(Ask { request: Request::Part(asked), reply, .. })) =
                asked.recv().await
            {
                assert_eq!(asked.id, ID);
                reply.send(Ok(answer(asked))).unwrap();
            }
        };
        tokio::select! {
            block = fetch => block,
            () = answering => panic!("another command"),
        }
    }

    #[tokio::test]
    async fn block_is_fetched_to_its_last_byte() {
        let part =
            |asked: PartRequest| Response::Part(Some(vec![asked.offset as u8; asked.bytes as usize].into()));
        let expected = [[0; 10].as_slice(), &[10; 10], &[20; 5]].concat();
        assert_eq!(fetched(part).await, Ok(expected.into()));
    }

    #[tokio::test]
    async fn peer_without_the_rest_ends_the_fetch() {
        for answer in [Response::Part(None), Response::Part(Some(Bytes::new())), Response::Busy] {
            let fetched = fetched(|_| answer.clone()).await;
            assert!(matches!(fetched, Err(AskError::Invalid { .. })), "{answer:?}: {fetched:?}");
        }
    }

    #[tokio::test]
    async fn request_to_a_stopped_driver_fails() {
        let (commands, asked) = mpsc::channel(1);
        drop(asked);
        let stopped = fetch_part(&commands, PeerId::random(), ID, (0, 1)).await;
        assert!(matches!(stopped, Err(AskError::Stopped)), "{stopped:?}");
    }
}
