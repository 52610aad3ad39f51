//! `GET /transactions` and `POST /transactions/new` (tutorial, sections 4.1 and 4.2).

use std::sync::Arc;

use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use ledger_core::VerifiedPayment;
use ledger_core::seam::Movement;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;
use wallet::{NotBase64, VerifyError};

use crate::api::ApiError;
use crate::api::doc::shapes::{SentPayment, WaitingPayments};
use crate::api::doc::{Endpoint, string, whole};
use crate::api::request::{body, payment, query};
use crate::api::response::{created, with_permit};
use crate::http::{Busy, PATIENCE, Permit, Usage};
use crate::ledger::{Ledger, Source};
use crate::node::Node;
use crate::payments::{OVERLOADED, SubmitError};
use crate::system::threads::blocking;

/// The node accepted a payment.
#[derive(Serialize, ToSchema)]
struct Message {
    /// Names the block that will hold it, unless a reorg comes first.
    message: String,
}

/// The most payments of a part of the pool, and the most bytes of their texts.
const MAX_PART: (u64, usize) = (1000, 1 << 20);

pub(super) async fn pool(node: Data<Node>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let limit = query::number(&request, "limit", 1..=MAX_PART.0, MAX_PART.0)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if let Some(address) = query::text(&request, "address")? {
        return of_address(node, &request, address, limit).await;
    }
    if query::text(&request, "limit")?.is_some() {
        let text = part(&node.ledger, limit);
        return Ok(HttpResponse::Ok().content_type(ContentType::json()).body(text));
    }
    let body = match cached(&node) {
        Some(body) => body,
        None => written(&node).await?,
    };
    // From here on, a client that reads its answer slowly may be cut off.
    let holder = request.conn_data::<Arc<Usage>>().map(|usage| node.guards.pool_answers.hold(usage));
    let answer = HttpResponse::Ok().content_type(ContentType::json()).body(body);
    Ok(with_permit(answer, holder.unwrap_or_default()))
}

/// Writes the current answer, one request at a time. Permits limit how many versions are in memory.
async fn written(node: &Data<Node>) -> Result<Bytes, ApiError> {
    let lock = timeout(PATIENCE, Arc::clone(&node.cached.pool_lock).lock_owned()).await.map_err(|_| Busy)?;
    if let Some(body) = cached(node) {
        return Ok(body);
    }
    node.cached.pool.forget();
    let permit = node.guards.pool_answers.enter(1).await?;
    // A full pool takes milliseconds to write: do not block other requests.
    let node = node.clone();
    let body = blocking("writing the waiting payments", move || {
        let _lock = lock;
        let (version, text) = write(&node.ledger);
        let body = Bytes::from_owner(HeldText { text, _permit: permit });
        node.cached.pool.keep(version, body.clone());
        body
    });
    Ok(body.await?)
}

/// A text that holds a permit until its last reader is done.
struct HeldText {
    text: String,
    _permit: Permit,
}

impl AsRef<[u8]> for HeldText {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// The cached answer, if nothing has changed since.
fn cached(node: &Node) -> Option<Bytes> {
    node.cached.pool.get(&node.ledger.view(|view| view.version))
}

/// Writes the waiting payments as an answer. Returns it with the view's version.
fn write(ledger: &Ledger) -> (u64, String) {
    let (version, payments) = all(ledger);
    (version, text(payments.len(), &payments))
}

/// The waiting payments, and the view's version.
fn all(ledger: &Ledger) -> (u64, Vec<Arc<VerifiedPayment>>) {
    ledger.view(|view| (view.version, view.pool.entries().map(|(_, payment)| Arc::clone(payment)).collect()))
}

/// Writes the first payments, fewer than `limit` if they are large, and the number of all.
fn part(ledger: &Ledger, limit: usize) -> String {
    let (length, payments): (usize, Vec<_>) = ledger.view(|view| {
        let first = view.pool.up_to(MAX_PART.1).take(limit);
        (view.pool.len(), first.map(|(_, payment)| Arc::clone(payment)).collect())
    });
    text(length, &payments)
}

/// Answers the first payments that an address sends or receives, and the number of all of them.
async fn of_address(
    node: Data<Node>,
    request: &HttpRequest,
    address: String,
    limit: usize,
) -> Result<HttpResponse, ApiError> {
    let permit = node.guards.addresses.enter_as(1, request.conn_data::<Arc<Usage>>()).await?;
    // A full pool takes a tenth of a second to read.
    let read = blocking("reading an address's waiting payments", move || {
        let _permit = permit;
        let rules = node.ledger.rules();
        let names = |movement: Movement<'_>| {
            [movement.payer, movement.payee].contains(&Some(address.as_str().into()))
        };
        let mut payments = all(&node.ledger).1;
        payments.retain(|payment| rules.movement(payment.text()).is_ok_and(names));
        let mut bytes = 0;
        let shown = payments.iter().take(limit).take_while(|payment| {
            bytes += payment.text().len();
            bytes <= MAX_PART.1
        });
        text(payments.len(), &payments[..shown.count()])
    });
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(read.await?))
}

/// An answer as one text, since a full pool is large.
fn text(length: usize, payments: &[Arc<VerifiedPayment>]) -> String {
    let mut body = format!("{{\"length\":{length},\"transactions\":[");
    for (position, payment) in payments.iter().enumerate() {
        body.push_str(if position > 0 { ", " } else { "" });
        body.push_str(payment.text());
    }
    body.push_str("]}\n");
    body
}

pub(super) async fn submit(node: Data<Node>, payload: Payload) -> Result<HttpResponse, ApiError> {
    let rules = &**node.ledger.rules();
    let (payment, suspicion) = payment::read(&body::read(payload).await?, rules)?;
    let submitted = node.payments.submit(payment, Source::User).await;
    let index = submitted.map_err(|refusal| refused(refusal, suspicion, rules.payment_form().signer))?;
    Ok(created(&Message { message: format!("Transaction will be added to Block {index}") }))
}

/// A refusal in the tutorial's words. Gives no details about an invalid signature, unless its text does not look like base64.
fn refused(error: SubmitError, suspicion: Option<NotBase64>, signer: &str) -> ApiError {
    match (error, suspicion) {
        (SubmitError::Unverified(VerifyError::Address(error)), _) => {
            ApiError::Bad(named(signer, &error.to_string()))
        }
        (SubmitError::Unverified(_), Some(suspicion)) => ApiError::Bad(suspicion.to_string()),
        (SubmitError::Unverified(_), None) => ApiError::Signature,
        (SubmitError::Busy, _) => ApiError::Busy(OVERLOADED),
        (SubmitError::Change(refused), _) => refused.into(),
    }
}

/// The message, with the member's name before it unless it begins with that name.
fn named(member: &str, says: &str) -> String {
    if says.starts_with(member) { says.to_owned() } else { format!("{member}: {says}") }
}

pub(super) fn pool_doc() -> Endpoint {
    Endpoint::new(
        "With `limit` or `address`, the answer holds the first payments only; fewer if they have more than a mebibyte.",
    )
    .query("limit", "The most payments to send; all if it is missing, or 1000 with `address`.", whole(1, Some(MAX_PART.0)))
    .query("address", "Only the payments that this address sends or receives. `length` counts all of these.", string())
    .json::<WaitingPayments>(200, "The pool.")
    .refuses(400, &["limit must be a whole number from 1 to 1000"])
}

pub(super) fn submit_doc() -> Endpoint {
    Endpoint::new("The payment waits in the pool until a block holds it.")
        .body::<SentPayment>("The payment.")
        .json::<Message>(201, "The payment waits.")
        .refuses(
            400,
            &[
                "Missing values",
                "recipient must be a text",
                "amount must …",
                "sender: the address …",
                "signature is …",
            ],
        )
        .refuses(401, &["Signature verification failure"])
        .refuses(
            503,
            &["overloaded: too many payments waiting for verification; retry later", "the pool is full: …"],
        )
        .refuses(507, &["the disk is full; nothing was changed"])
}

#[cfg(test)]
mod tests;
