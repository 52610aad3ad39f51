//! `GET /wallets`: the wallets that the chain names, found by fingerprint or by the name of their node.

use std::collections::HashMap;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::{Endpoint, string, whole};
use crate::api::handlers::peers;
use crate::api::request::query;
use crate::api::response::ok;
use crate::node::Node;
use crate::store::Wallet;
use crate::system::threads::blocking;

/// Wallets in an answer if the request sets no limit.
const DEFAULT: u64 = 10;

/// The most wallets in an answer.
const MAX: u64 = 100;

/// Wallets.
#[derive(Serialize, ToSchema)]
struct Wallets {
    /// Their number in this answer.
    length: usize,
    /// Those with the largest balances first.
    wallets: Vec<Found>,
}

/// A wallet that the chain names.
#[derive(Serialize, ToSchema)]
struct Found {
    /// Its address.
    address: String,
    /// What it received in the chain, less what it paid; null if that is out of range.
    #[schema(value_type = Option<f64>, required)]
    balance: Box<RawValue>,
    /// Its fingerprint: the first 16 hex digits of the SHA-256 of its key.
    fingerprint: String,
    /// The index of the first block that names it.
    first: u64,
    /// The number of blocks that it has mined.
    mined: u64,
    /// The name of its node, if this node knows it. What others say of themselves is not checked.
    #[schema(required)]
    name: Option<String>,
}

/// Answers the wallets that a request looks for, or those with the largest balances.
pub(in crate::api::handlers) async fn wallets(
    node: Data<Node>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let wanted = query::text(&request, "find")?.unwrap_or_default();
    let limit = query::number(&request, "limit", 1..=MAX, DEFAULT)?;
    let names = peers::names(&node).await;
    let digits: String = wanted.chars().filter(|digit| *digit != ' ').collect::<String>().to_lowercase();
    let is_named = {
        let names = names.clone();
        move |fingerprint: &str| names.get(fingerprint).is_some_and(|name| name.starts_with(&wanted))
    };
    let is_meant =
        move |wallet: &Wallet| wallet.fingerprint.starts_with(&digits) || is_named(&wallet.fingerprint);
    let found = find(node, is_meant, usize::try_from(limit).unwrap_or(usize::MAX)).await?;
    let wallets: Vec<Found> = found.into_iter().map(|wallet| Found::new(wallet, &names)).collect();
    Ok(ok(&Wallets { length: wallets.len(), wallets }))
}

/// At most `most` of the wallets that `is_meant` accepts, those with the largest balances first.
pub(in crate::api::handlers) async fn find(
    node: Data<Node>,
    is_meant: impl Fn(&Wallet) -> bool + Send + 'static,
    most: usize,
) -> Result<Vec<Wallet>, ApiError> {
    let mut wallets = node.cached.wallets.lock().await;
    let read = blocking("reading the wallets of the chain", move || {
        let (readers, rules) = (node.ledger.readers(), &**node.ledger.rules());
        // In several short snapshots: a long one keeps the write-ahead log from restarting.
        while !readers.snapshot_for_client(|snapshot| wallets.advance(snapshot, rules))? {}
        Ok::<_, ApiError>(wallets.find(is_meant, most))
    });
    read.await?
}

/// A wallet's balance as JSON.
pub(in crate::api::handlers) fn sum(wallet: &Wallet) -> Box<RawValue> {
    RawValue::from_string(wallet.balance().to_string()).expect("a sum is JSON")
}

impl Found {
    fn new(wallet: Wallet, names: &HashMap<String, String>) -> Self {
        Self {
            balance: sum(&wallet),
            name: names.get(&wallet.fingerprint).cloned(),
            address: wallet.address.to_string(),
            fingerprint: wallet.fingerprint,
            first: wallet.first,
            mined: wallet.mined,
        }
    }
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new(
        "Only keys count as wallets, not other texts that are paid. At most 10,000 wallets are known: those that the chain named \
         first.",
    )
    .query("find", "The start of a fingerprint or of a node's name; all wallets without it.", string())
    .query("limit", "The most wallets to send.", whole(1, Some(MAX)))
    .json::<Wallets>(200, "Wallets.")
    .refuses(400, &["limit must be a whole number from 1 to 100"])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tempfile::tempdir;

    use crate::api::testing::{ask, get, json};
    use crate::node::testing;

    #[actix_web::test]
    async fn wallet_is_found_by_fingerprint_or_name() {
        let directory = tempdir().unwrap();
        let node = testing::node(directory.path(), &["--difficulty", "0", "--name", "heron"]);
        let node = actix_web::web::Data::new(node);
        for _ in 0..2 {
            assert_eq!(ask(&node, get("/mine")).await.status, 200);
        }
        let print = node.wallet.address().fingerprint();
        let found = json!({"length": 1, "wallets": [{
            "address": node.wallet.address().as_str(), "balance": 2, "fingerprint": print, "first": 2, "mined": 2,
            "name": "heron",
        }]});
        let upper = print[..8].to_uppercase();
        let (begin, end) = upper.split_at(4);
        let spaced = format!("/wallets?find={begin}%20{end}");
        for path in ["/wallets", "/wallets?find=heron", "/wallets?find=her", &spaced] {
            assert_eq!(json(&node, path).await, found, "{path}");
        }
        let others: [&str; 3] = ["/wallets?find=eron", "/wallets?find=Heron", "/wallets?find=x"];
        for path in others {
            assert_eq!(json(&node, path).await, json!({"length": 0, "wallets": []}), "{path}");
        }
        for path in ["/wallets?limit=0", "/wallets?limit=101"] {
            assert_eq!(ask(&node, get(path)).await.status, 400, "{path}");
        }
    }

    #[actix_web::test]
    async fn richest_wallets_come_first() {
        let directory = tempdir().unwrap();
        let node = actix_web::web::Data::new(testing::node(directory.path(), &["--difficulty", "0"]));
        let wallets = [(); 3].map(|()| wallet::Wallet::generate().unwrap().address().to_string());
        let ledger = node.ledger.clone();
        let paid = [0, 1, 1, 2, 2, 2].map(|which: usize| wallets[which].clone());
        crate::system::threads::blocking("appending", move || {
            for wallet in &paid {
                let block = crate::ledger::testing::rewards(wallet, 1);
                crate::ledger::testing::stage(&ledger, ledger.tip(), block).adopt().unwrap().unwrap();
            }
        })
        .await
        .unwrap();
        let found = json(&node, "/wallets?limit=2").await;
        let addresses: Vec<&Value> =
            found["wallets"].as_array().unwrap().iter().map(|found| &found["address"]).collect();
        assert_eq!(addresses, [&wallets[2], &wallets[1]]);
        assert_eq!((&found["length"], &found["wallets"][0]["name"]), (&json!(2), &json!(null)));
    }
}
