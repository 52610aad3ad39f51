//! `GET /transactions` and `POST /transactions/new` (tutorial, sections 4.1 and 4.2).

use std::sync::Arc;

use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use ledger_core::{Amount, SignedPayment, SignedTransaction, Transaction, VerifiedPayment};
use serde::Serialize;
use tokio::time::timeout;
use wallet::{NotBase64, Signature, SignatureText, VerifyError, is_private_key};

use crate::api::ApiError;
use crate::api::request::{Members, body};
use crate::api::response::{created, with};
use crate::http::{Busy, PATIENCE, Pass, Usage};
use crate::ledger::Ledger;
use crate::node::Node;
use crate::payments::{OVERLOADED, SubmitError};
use crate::system::threads::blocking;

/// The members of a payment that is submitted.
const MEMBERS: [&str; 4] = ["sender", "recipient", "amount", "signature"];

/// What is posted for a payment.
const EXAMPLE: &str = r#"{"sender": "LS0t…", "recipient": "bob", "amount": 5, "signature": "R0fR…"}"#;

#[derive(Serialize)]
struct Accepted {
    message: String,
}

pub(super) async fn pool(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let body = match kept(&node) {
        Some(body) => body,
        None => written(&node).await?,
    };
    // Whoever still waits for an answer holds none.
    let holder = request.conn_data::<Arc<Usage>>().map(|usage| node.guards.pool_answers.hold(usage));
    let answer = HttpResponse::Ok().content_type(ContentType::json()).body(body);
    Ok(with(answer, holder.unwrap_or_default()))
}

/// The answer of this moment. One request at a time writes it, and of those that clients still read there are few.
async fn written(node: &Data<Node>) -> Result<Bytes, ApiError> {
    let turn = timeout(PATIENCE, Arc::clone(&node.cached.pool_lock).lock_owned()).await.map_err(|_| Busy)?;
    if let Some(body) = kept(node) {
        return Ok(body);
    }
    node.cached.pool.forget();
    let place = node.guards.pool_answers.enter(1).await?;
    // A full pool takes milliseconds to write, which other requests should not wait for.
    let node = node.clone();
    let body = blocking("writing the waiting payments", move || {
        let _turn = turn;
        let (version, text) = write(&node.ledger);
        let body = Bytes::from_owner(Held { text, _place: place });
        node.cached.pool.keep(version, body.clone());
        body
    });
    Ok(body.await?)
}

/// A text that has a place as long as somebody reads it.
struct Held {
    text: String,
    _place: Pass,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// The answer that was written last, if nothing has changed since.
fn kept(node: &Node) -> Option<Bytes> {
    node.cached.pool.get(&node.ledger.view(|view| view.version))
}

/// The payments that wait, written as an answer, and the version of the view that it shows.
fn write(ledger: &Ledger) -> (u64, String) {
    let (version, payments): (u64, Vec<Arc<VerifiedPayment>>) = ledger
        .view(|view| (view.version, view.pool.entries().map(|(_, payment)| Arc::clone(payment)).collect()));
    // Written in one piece: a full pool is large.
    let mut body = format!("{{\"length\":{},\"transactions\":[", payments.len());
    for (position, payment) in payments.iter().enumerate() {
        body.push_str(if position > 0 { ", " } else { "" });
        body.push_str(payment.text());
    }
    body.push_str("]}\n");
    (version, body)
}

pub(super) async fn submit(node: Data<Node>, payload: Payload) -> Result<HttpResponse, ApiError> {
    let (payment, doubt) = parse(&body::read(payload).await?)?;
    let submitted = node.payments.submit(payment).await;
    let index = submitted.map_err(|refusal| refused(refusal, doubt))?;
    Ok(created(&Accepted { message: format!("Transaction will be added to Block {index}") }))
}

/// Reads a payment. Its signature is taken as a Python node takes it, and the reason to give if it does not fit comes
/// with it.
fn parse(body: &[u8]) -> Result<(SignedPayment, Option<NotBase64>), ApiError> {
    let members = Members::parse(body, EXAMPLE)?;
    if !MEMBERS.iter().all(|name| members.has(name)) {
        return Err(ApiError::MissingValues);
    }
    members.only(&MEMBERS)?;
    let recipient = members.text("recipient")?;
    if is_private_key(&recipient) {
        return Err(published_key("recipient", "an address or a name"));
    }
    let amount = amount(&members)?;
    let transaction =
        Transaction { amount, recipient: recipient.into(), sender: members.text("sender")?.into() };
    let SignatureText { signature, doubt } =
        Signature::read(members.text("signature")?).map_err(|error| ApiError::Bad(error.to_string()))?;
    let payment = SignedTransaction::new(transaction, signature.into_string());
    Ok((payment.map_err(|error| ApiError::Bad(error.to_string()))?.into(), doubt))
}

/// Reads the amount; what is no amount is shown in the refusal, unless it is a private key.
fn amount(members: &Members<'_>) -> Result<Amount<'static>, ApiError> {
    let amount = Amount::from_json(members.json("amount"));
    let payable = amount.and_then(|amount| amount.check_payable().map(|()| amount));
    payable.map_err(|error| match members.text("amount") {
        Ok(text) if is_private_key(&text) => published_key("amount", "a number"),
        _ => ApiError::Bad(error.to_string()),
    })
}

/// The refusal of a private key that a block would have published.
fn published_key(member: &str, expected: &str) -> ApiError {
    ApiError::Bad(format!(
        "{member} is a private key: never hand it out, whoever sees it can spend your money; \
         the {member} is {expected}, and this key should not be used again"
    ))
}

/// A refusal in the tutorial's words. Of a signature that does not fit no more is said than that, unless it is no
/// signature's text at all.
fn refused(error: SubmitError, doubt: Option<NotBase64>) -> ApiError {
    match (error, doubt) {
        (SubmitError::Unverified(VerifyError::Address(error)), _) => {
            ApiError::Bad(named("sender", &error.to_string()))
        }
        (SubmitError::Unverified(_), Some(doubt)) => ApiError::Bad(doubt.to_string()),
        (SubmitError::Unverified(_), None) => ApiError::Signature,
        (SubmitError::Busy, _) => ApiError::Busy(OVERLOADED),
        (SubmitError::Change(refused), _) => refused.into(),
    }
}

/// A sentence about a member that names it.
fn named(member: &str, says: &str) -> String {
    if says.starts_with(member) { says.to_owned() } else { format!("{member}: {says}") }
}
