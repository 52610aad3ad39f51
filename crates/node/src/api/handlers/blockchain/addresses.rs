//! `GET /addresses/{address}`: an address's payments and their sums.

use std::sync::Arc;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use ledger_core::Address;

use crate::api::ApiError;
use crate::api::doc::shapes::Account as AccountShape;
use crate::api::doc::{Endpoint, string, whole};
use crate::api::request::{PathText, query};
use crate::api::response::{Object, object};
use crate::http::Usage;
use crate::node::Node;
use crate::store::account::{self, Account};
use crate::system::threads::blocking;

/// Payments in an answer if the request sets no limit.
const DEFAULT: u64 = 100;

/// The most payments in an answer.
const MAX: u64 = 1000;

/// Answers `limit` payments of an address from number `from` on, counted from 0, and the sums of all.
pub(in crate::api::handlers) async fn address(
    node: Data<Node>,
    PathText(address): PathText,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 0..=u64::MAX, 0)?;
    let limit = query::number(&request, "limit", 1..=MAX, DEFAULT)?;
    let permit = node.guards.addresses.enter_as(1, request.conn_data::<Arc<Usage>>()).await?;
    let address = Address::from(address);
    let read = blocking("reading an address", move || {
        let _permit = permit;
        let (readers, tallies) = (node.ledger.readers(), &node.cached.tallies);
        let (rules, numbers) = (&**node.ledger.rules(), from..from.saturating_add(limit));
        let read = |snapshot: &_| account::read(snapshot, rules, tallies, &address, numbers);
        let account = readers.snapshot_for_client(|snapshot| read(snapshot))?;
        Ok::<_, ApiError>(answer(&address, &account))
    });
    Ok(read.await??.answer())
}

fn answer(address: &Address, account: &Account) -> Object {
    let payments = account
        .payments
        .iter()
        .map(|(block, payment)| Object::new().with("block", block).with_text("transaction", payment).text());
    Object::new()
        .with("address", &&**address)
        .with("length", &account.length)
        .with("next", &account.next)
        .with_text("payments", &object::list(payments))
        .with_text("received", &account.received.to_string())
        .with_text("sent", &account.sent.to_string())
        .with_text("sum", &(account.received - account.sent).to_string())
        .with("uncounted", &account.uncounted)
}

pub(in crate::api::handlers) fn doc() -> Endpoint {
    Endpoint::new("Payments in the chain; those in the pool are not among them. An address that was never paid has none.")
        .path("address", "The address, encoded as part of a URL.", string())
        .query("from", "The number of the first payment to send, counted from 0.", whole(0, None))
        .query("limit", "The most payments to send.", whole(1, Some(MAX)))
        .json::<AccountShape>(200, "Payments and sums.")
        .refuses(400, &["from must be a whole number from 0 on", "limit must be a whole number from 1 to 1000"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::tempdir;

    use crate::api::testing::{ask, get, json, node};

    #[actix_web::test]
    async fn payments_of_an_address_are_answered_in_pages() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        for _ in 0..3 {
            assert_eq!(ask(&node, get("/mine")).await.status, 200);
        }
        let address = node.wallet.address().as_str();
        let path = format!("/addresses/{}", address.replace('+', "%2B").replace('/', "%2F"));
        let payment = |block: u64| json!({"block": block, "transaction": {"amount": 1, "recipient": address, "sender": "0"}});
        let whole = json!({
            "address": address, "length": 3, "next": null, "payments": [payment(2), payment(3), payment(4)],
            "received": 3, "sent": 0, "sum": 3, "uncounted": 0,
        });
        assert_eq!(json(&node, &path).await, whole);
        for (query, payments, next) in [
            ("?from=1&limit=1", json!([payment(3)]), json!(2)),
            ("?from=2", json!([payment(4)]), json!(null)),
            ("?from=3", json!([]), json!(null)),
        ] {
            let part = json(&node, &format!("{path}{query}")).await;
            assert_eq!(
                (&part["payments"], &part["next"], &part["sum"]),
                (&payments, &next, &json!(3)),
                "{query}"
            );
        }
        for query in ["?limit=0", "?limit=1001", "?from=x"] {
            assert_eq!(ask(&node, get(&format!("{path}{query}"))).await.status, 400, "{query}");
        }
        assert_eq!(json(&node, "/addresses/nobody").await["length"], 0);
    }
}
