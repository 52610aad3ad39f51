use bytes::{Bytes, BytesMut};
use libp2p::PeerId;
use tokio::sync::{mpsc, oneshot};

use super::state::{Ask, Command};
use crate::{
    error::AskError,
    ids::BlockId,
    wire::{PartRequest, Request, Response},
};

/// Fetches a block in parts of `part` bytes.
pub(crate) async fn fetch_block(
    commands: &mpsc::Sender<Command>,
    peer: PeerId,
    id: BlockId,
    length: u64,
    part: usize,
) -> Result<Bytes, AskError> {
    let mut block = BytesMut::new();
    while (block.len() as u64) < length {
        let offset = block.len() as u64;
        let bytes = (length - offset).min(part as u64) as u32;
        let request = Request::Part(PartRequest { id, offset, bytes });
        match ask(commands, peer, request).await? {
            Response::Part(Some(data)) if !data.is_empty() => block.extend_from_slice(&data),
            _ => return Err(AskError::Invalid { peer, why: format!("it does not have block {id}") }),
        }
    }
    Ok(block.freeze())
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
