//! `GET /metrics`: figures for Prometheus.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::metrics::{CONTENT_TYPE, FileSizes, MiningFigures, PeerFigures, PoolFigures, Snapshot};
use crate::miner::Miner;
use crate::node::Node;
use crate::system::threads::blocking;

/// Answers all figures as OpenMetrics text.
pub(super) async fn metrics(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let peers = peers(&node).await;
    let text = blocking("reading the metrics", move || node.metrics.text(snapshot(&node, peers))).await?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(text))
}

/// `None` if the network has ended: counters that fall to 0 would look like a new start.
async fn peers(node: &Node) -> Option<PeerFigures> {
    let Some(network) = &node.network else { return Some(PeerFigures::default()) };
    let info = network.info().await?;
    Some(PeerFigures { connected: info.connected, banned: info.banned, counters: info.counters })
}

fn snapshot(node: &Node, peers: Option<PeerFigures>) -> Snapshot {
    let (takes_changes, files) = (node.ledger.check_takes_changes().is_ok(), node.ledger.file_sizes());
    let files = files.map(|(database, log)| FileSizes { database, log });
    let (mining, connections) = (mining(&node.miner), node.guards.connections());
    let rules = node.ledger.rules().name();
    node.ledger.view(|view| {
        let pool = &view.pool;
        let pool = PoolFigures { payments: pool.len(), bytes: pool.bytes(), limit: pool.limit() };
        let (height, neighbours) = (view.tip.height.get(), view.peers.len());
        Snapshot { rules, height, takes_changes, pool, neighbours, peers, mining, connections, files }
    })
}

fn mining(miner: &Miner) -> MiningFigures {
    let progress = miner.progress();
    let (waiting, tries) = (miner.waiting(), miner.tries());
    let rate = progress.map_or(0, |progress| progress.rate() as u64);
    MiningFigures { is_running: progress.is_some(), waiting, tries, rate }
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new("OpenMetrics 1.0. `docs/metrics.md` lists the figures.").text(
        200,
        CONTENT_TYPE,
        "The figures.",
    )
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use crate::api::testing::{ask, get, node};
    use crate::metrics::CONTENT_TYPE;

    #[actix_web::test]
    async fn figures_are_those_of_the_node() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let registered = vec!["192.0.2.7:5001".parse().unwrap(), "192.0.2.8:5001".parse().unwrap()];
        node.ledger.add_peers(registered).await.unwrap();
        assert_eq!(ask(&node, get("/mine")).await.status, 200);
        let metrics = ask(&node, get("/metrics")).await;
        assert_eq!(metrics.header("content-type"), Some(CONTENT_TYPE));
        for line in ["height 2\n", "neighbours 2\n", "takes_changes 1\n", "mining 0\n"] {
            assert!(metrics.text.contains(line), "{line}: {}", metrics.text);
        }
        node.ledger.close();
        assert!(ask(&node, get("/metrics")).await.text.contains("takes_changes 0\n"));
    }
}
