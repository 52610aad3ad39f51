//! `GET /transactions` and `POST /transactions/new` (tutorial, sections 4.1 and 4.2).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, Data, Payload};
use ledger_core::{Amount, SignedTransaction, Transaction, VerifiedTransaction};
use serde::Serialize;
use serde_json::value::RawValue;
use wallet::VerifyError;

use super::members::Members;
use super::{ApiError, body, created, line, transactions_json};
use crate::ledger::{Ledger, Refused};
use crate::server::Node;

/// The members of a payment that is submitted.
const MEMBERS: [&str; 4] = ["sender", "recipient", "amount", "signature"];

#[derive(Serialize)]
struct Pool {
    length: usize,
    transactions: Box<RawValue>,
}

#[derive(Serialize)]
struct Accepted {
    message: String,
}

pub(super) async fn pool(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let version = node.ledger.view(|view| view.version);
    if let Some(body) = node.answers.pool.get(&version) {
        return Ok(shown(body));
    }
    // A full pool takes milliseconds to write, which other requests should not wait for.
    let body = web::block(move || {
        let (version, body) = write(&node.ledger);
        node.answers.pool.keep(version, body.clone());
        body
    });
    Ok(shown(body.await.map_err(|_| ApiError::Failed)?))
}

/// The payments that wait, written as an answer, and the version of the view that it shows.
fn write(ledger: &Ledger) -> (u64, Bytes) {
    let (version, payments): (u64, Vec<Arc<VerifiedTransaction>>) = ledger
        .view(|view| (view.version, view.pool.entries().map(|(_, payment)| Arc::clone(payment)).collect()));
    let transactions = transactions_json(payments.iter().map(|payment| payment.transaction()));
    (version, line(&Pool { length: payments.len(), transactions }).into())
}

fn shown(body: Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type(ContentType::json()).body(body)
}

pub(super) async fn submit(node: Data<Node>, payload: Payload) -> Result<HttpResponse, ApiError> {
    let payment = parse(&body::read(payload).await?)?;
    let index = node.payments.submit(payment).await.map_err(refused)?;
    Ok(created(&Accepted { message: format!("Transaction will be added to Block {index}") }))
}

fn parse(body: &[u8]) -> Result<SignedTransaction, ApiError> {
    let members = Members::parse(body)?;
    if !MEMBERS.iter().all(|name| members.has(name)) {
        return Err(ApiError::MissingValues);
    }
    members.only(&MEMBERS)?;
    let bad = |error: &dyn std::fmt::Display| ApiError::Bad(error.to_string());
    let amount = Amount::from_json(members.json("amount")).map_err(|error| bad(&error))?;
    let transaction =
        Transaction { amount, recipient: members.text("recipient")?, sender: members.text("sender")? };
    SignedTransaction::new(transaction, members.text("signature")?).map_err(|error| bad(&error))
}

/// A refusal in the tutorial's words; of a wrong signature no more is said than that.
fn refused(refused: Refused) -> ApiError {
    match refused {
        Refused::Unverified(VerifyError::Address(error)) => {
            ApiError::Bad(named("sender", &error.to_string()))
        }
        Refused::Unverified(_) => ApiError::Signature,
        other => other.into(),
    }
}

/// A sentence about a member that names it.
fn named(member: &str, says: &str) -> String {
    if says.starts_with(member) { says.to_owned() } else { format!("{member}: {says}") }
}
