//! The answering side of identify: introduces this peer to a node.

use std::io;

use futures_util::{AsyncReadExt, AsyncWriteExt};

use crate::multistream::{MULTISTREAM, Stream, line};

const IDENTIFY: &str = "/ipfs/id/1.0.0";
/// Proposals that are answered on one stream.
const PROPOSALS: usize = 8;

/// Answers a stream that the node opened: sends `introduction` if the node proposes identify, and refuses every other protocol.
pub(crate) async fn introduce(mut stream: Stream, introduction: Vec<u8>) -> io::Result<()> {
    for _ in 0..PROPOSALS {
        let proposed = read_line(&mut stream).await?;
        let answer = if [MULTISTREAM, IDENTIFY].contains(&proposed.as_str()) { &proposed } else { "na" };
        stream.write_all(&line(answer)).await?;
        stream.flush().await?;
        if proposed == IDENTIFY {
            stream.write_all(&introduction).await?;
            return stream.close().await;
        }
    }
    Ok(())
}

async fn read_line(stream: &mut Stream) -> io::Result<String> {
    let mut length = [0];
    stream.read_exact(&mut length).await?;
    let mut text = vec![0; length[0].into()];
    stream.read_exact(&mut text).await?;
    text.pop();
    String::from_utf8(text).map_err(io::Error::other)
}
