use p2p::{Identity, IntroduceError, Multiaddr};
use tokio::net::TcpListener;

use crate::harness::{Node, tcp};

#[tokio::test]
async fn introduction_during_another_dial_fails_with_it() {
    let node = Node::spawn(tcp());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let address: Multiaddr = format!("/ip4/127.0.0.1/tcp/{port}").parse().unwrap();
    let peer = Identity::generate().peer_id();
    let introduce = || node.network.introduce(peer, vec![address.clone()]);
    let closes = async { drop(listener.accept().await.unwrap()) };
    let (first, second, ()) = tokio::join!(introduce(), introduce(), closes);
    for outcome in [first, second] {
        assert!(matches!(outcome, Err(IntroduceError::Dial(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn introduction_during_another_dial_succeeds_with_it() {
    let nodes = [Node::spawn(tcp()), Node::spawn(tcp())];
    let addresses = vec![nodes[1].address().await];
    let introduce = || nodes[0].network.introduce(nodes[1].id(), addresses.clone());
    assert_eq!(tokio::join!(introduce(), introduce()), (Ok(()), Ok(())));
    assert!(nodes[0].is_connected(nodes[1].id()).await);
}
