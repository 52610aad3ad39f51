//! `GET /addresses/{address}`: what an address was paid and has paid.

use std::sync::Arc;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::value::RawValue;

use super::encoding::PathText;
use super::{ApiError, ok, query};
use crate::server::Node;
use crate::store::account::{self, Account, Total};

/// How many payments an answer has if the question does not say.
const DEFAULT: u64 = 100;

/// The most payments an answer may have.
const MAX: u64 = 1000;

#[derive(Serialize)]
struct Answer {
    address: String,
    length: u64,
    next: Option<u64>,
    payments: Vec<Payment>,
    received: Box<RawValue>,
    sent: Box<RawValue>,
    sum: Box<RawValue>,
}

#[derive(Serialize)]
struct Payment {
    block: u64,
    transaction: Box<RawValue>,
}

/// Answers an address's payments, `limit` of them from number `from` on, counting from 0, and the totals of all.
pub(super) async fn address(
    node: Data<Node>,
    PathText(address): PathText,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let from = query::number(&request, "from", 0..=u64::MAX, 0)?;
    let limit = query::number(&request, "limit", 1..=MAX, DEFAULT)?;
    let readers = Arc::clone(node.ledger.readers());
    let read = web::block(move || {
        let account = readers.snapshot(|snapshot| account::read(snapshot, &address, from, limit))?;
        Ok::<_, ApiError>(answer(address, account))
    });
    Ok(ok(&read.await.map_err(|_| ApiError::Failed)??))
}

fn answer(address: String, account: Account) -> Answer {
    let payments = account.payments.iter().map(|(block, transaction)| Payment {
        block: *block,
        transaction: raw(ledger_core::canonical::transaction_text(transaction)),
    });
    Answer {
        address,
        length: account.length,
        next: account.next,
        payments: payments.collect(),
        received: total(account.received),
        sent: total(account.sent),
        sum: total(account.received - account.sent),
    }
}

fn total(total: Total) -> Box<RawValue> {
    raw(total.to_string())
}

fn raw(json: String) -> Box<RawValue> {
    RawValue::from_string(json).expect("canonical texts and numbers are JSON")
}
