//! `GET /secret` (tutorial, section 7.1).

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;
use tokio::time::timeout;
use utoipa::ToSchema;

use crate::api::ApiError;
use crate::api::doc::Endpoint;
use crate::api::response::ok;
use crate::node::Node;
use crate::system::threads::blocking;

/// The longest wait for the console.
const PATIENCE: Duration = Duration::from_secs(5);

/// The secret was shown.
#[derive(Serialize, ToSchema)]
struct Sent {
    /// Says where.
    message: &'static str,
}

/// Shows the secret on the node's own console, not to the caller. A stopped console blocks one request, and others are refused.
pub(super) async fn secret(node: Data<Node>) -> Result<HttpResponse, ApiError> {
    let busy = |_| ApiError::Busy("the node's console is not being read; is it stopped?");
    let console = timeout(PATIENCE, Arc::clone(&node.console).lock_owned()).await.map_err(busy)?;
    let written = blocking("showing the secret", move || {
        let _console = console;
        show(&node.wallet.secret());
    });
    timeout(PATIENCE, written).await.map_err(busy)??;
    Ok(ok(&Sent { message: "secret sent in console..." }))
}

fn show(secret: &str) {
    let mut out = std::io::stdout().lock();
    // A closed console shows nothing: not an error.
    let _ = writeln!(
        out,
        " [ ----- secret base64 output begins ----- ]\n{secret}\n [ ----- secret base64 output ends ----- ]"
    );
    let _ = out.flush();
}

pub(super) fn doc() -> Endpoint {
    Endpoint::new("The secret itself is not in the answer.")
        .json::<Sent>(200, "The secret is on the console.")
        .refuses(503, &["the node's console is not being read; is it stopped?"])
}
