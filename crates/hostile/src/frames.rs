//! The bytes of gossipsub's and identify's messages, in protobuf. Gossipsub's come without a length, so that a test can
//! send several in one [`frame`].

use libp2p::identity::Keypair;

/// A message of gossipsub that its claimed sender has not signed.
#[must_use]
pub fn forged(topic: &str, from: &[u8], counter: u64, data: &[u8]) -> Vec<u8> {
    let message = [
        bytes(1, from),
        bytes(2, data),
        bytes(3, &counter.to_be_bytes()),
        bytes(4, topic.as_bytes()),
        bytes(5, &[7; 64]),
    ];
    bytes(2, &message.concat())
}

/// A message of gossipsub, signed by its sender.
///
/// # Panics
///
/// If the key cannot sign. Ed25519 keys can.
#[must_use]
pub fn signed(topic: &str, key: &Keypair, counter: u64, data: &[u8]) -> Vec<u8> {
    let from = key.public().to_peer_id().to_bytes();
    let message =
        [bytes(1, &from), bytes(2, data), bytes(3, &counter.to_be_bytes()), bytes(4, topic.as_bytes())];
    let message = message.concat();
    let signature = key.sign(&[b"libp2p-pubsub:", &message[..]].concat()).expect("an Ed25519 key signs");
    bytes(2, &[message, bytes(5, &signature)].concat())
}

/// Claims to have messages with these ids.
#[must_use]
pub fn has<'a>(topic: &str, ids: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let ids: Vec<u8> = ids.into_iter().flat_map(|id| bytes(2, id)).collect();
    bytes(3, &bytes(1, &[bytes(1, topic.as_bytes()), ids].concat()))
}

/// Asks for messages with these ids.
#[must_use]
pub fn wants<'a>(ids: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let ids: Vec<u8> = ids.into_iter().flat_map(|id| bytes(1, id)).collect();
    bytes(3, &bytes(2, &ids))
}

/// Does not want messages with these ids.
#[must_use]
pub fn does_not_want<'a>(ids: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let ids: Vec<u8> = ids.into_iter().flat_map(|id| bytes(1, id)).collect();
    bytes(3, &bytes(5, &ids))
}

/// Joins the mesh of a topic.
#[must_use]
pub fn graft(topic: &str) -> Vec<u8> {
    bytes(3, &bytes(3, &bytes(1, topic.as_bytes())))
}

/// Leaves the mesh of a topic, and asks not to be grafted again for this many seconds.
#[must_use]
pub fn prune(topic: &str, seconds: u64) -> Vec<u8> {
    bytes(3, &bytes(4, &[bytes(1, topic.as_bytes()), number(3, seconds)].concat()))
}

/// Subscribes to a topic.
#[must_use]
pub fn subscribe(topic: &str) -> Vec<u8> {
    bytes(1, &[number(1, 1), bytes(2, topic.as_bytes())].concat())
}

/// The message of identify: the network's root, a key, and the addresses to listen on in libp2p's binary form.
#[must_use]
pub fn identify(root: &str, key: &Keypair, addresses: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let protocols = ["sync", "kad"].map(|what| bytes(3, format!("{root}/{what}/1").as_bytes())).concat();
    let addresses: Vec<u8> = addresses.into_iter().flat_map(|address| bytes(2, &address)).collect();
    let key = bytes(1, &key.public().encode_protobuf());
    frame(&[key, addresses, protocols, bytes(5, root.as_bytes()), bytes(6, b"hostile")].concat())
}

/// Bytes with their length before them.
#[must_use]
pub fn frame(bytes: &[u8]) -> Vec<u8> {
    [varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), frame(value)].concat()
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut to = Vec::new();
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_seven_bits_a_byte() {
        assert_eq!(frame(&[7; 3]), [3, 7, 7, 7]);
        assert_eq!(frame(&[7; 300])[..3], [0xac, 0x02, 7]);
    }

    #[test]
    fn prune_is_encoded_as_in_gossipsub() {
        assert_eq!(prune("t", 300), [0x1a, 8, 0x22, 6, 0x0a, 1, b't', 0x18, 0xac, 0x02]);
    }
}
