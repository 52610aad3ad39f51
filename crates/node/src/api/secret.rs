//! `GET /secret` (tutorial, section 7.1).

use std::io::Write;

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::Serialize;

use super::ok;
use crate::server::Node;

#[derive(Serialize)]
struct Sent {
    message: &'static str,
}

/// Shows the secret on the node's own console, to whoever sits there, and not to the caller.
pub(super) async fn secret(node: Data<Node>) -> HttpResponse {
    let secret = node.wallet.secret();
    let mut out = std::io::stdout().lock();
    // A console that is closed shows nothing, and that is no reason to fail.
    let _ = writeln!(
        out,
        " [ ----- secret base64 output begins ----- ]\n{}\n [ ----- secret base64 output ends ----- ]",
        secret.as_str()
    );
    let _ = out.flush();
    ok(&Sent { message: "secret sent in console..." })
}
