use bytes::{Bytes, BytesMut};
use libp2p::PeerId;
use tokio::sync::{mpsc, oneshot};

use super::state::{Ask, Command};
use crate::{
    error::AskError,
    ids::BlockId,
    wire::{PartRequest, Request, Response},
};

/// Fetches a block after its first bytes, in parts of `part` bytes.
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

/// Asks the driver to ask a peer.
pub(crate) async fn ask(
    commands: &mpsc::Sender<Command>,
    peer: PeerId,
    request: Request,
) -> Result<Response, AskError> {
    let (reply, answer) = oneshot::channel();
    commands.send(Command::Ask(Ask { peer, request, reply })).await.map_err(|_| AskError::Stopped)?;
    answer.await.map_err(|_| AskError::Stopped)?
}
