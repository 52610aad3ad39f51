//! The whole description, built from the table of routes.

use bytes::Bytes;
use utoipa::openapi::path::{HttpMethod, Operation, PathItemBuilder, PathsBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, LicenseBuilder, OpenApiBuilder};

use super::Endpoint;
use crate::access::Access;
use crate::api::route::Route;

/// The name of the owner's token among the security schemes.
const TOKEN: &str = "owner";

const ABOUT: &str = "A node of a proof-of-work ledger. Answers with status 200 and 201 are JSON, all others a sentence of plain \
    text. A body is read as JSON whatever its type says. The owner's requests are those made on the node's own machine, or with the \
    owner's token; docs/http-api.md says more.";

/// The description, as JSON.
#[derive(Clone, Debug)]
pub(in crate::api) struct Document(pub(in crate::api) Bytes);

/// Describes these routes.
pub(in crate::api) fn document(routes: &[Route]) -> Document {
    let (mut paths, mut components) = (PathsBuilder::new(), ComponentsBuilder::new());
    for route in routes {
        let endpoint = common(route, (route.doc)());
        for (name, schema) in &endpoint.schemas {
            components = components.schema(name, schema.clone());
        }
        let mut item = PathItemBuilder::new();
        for method in route.methods.iter().filter_map(|method| http_method(method)) {
            item = item.operation(method.clone(), operation(route, &endpoint, method));
        }
        paths = paths.path(described(route.path), item.build());
    }
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The owner's token"));
    components = components.security_scheme(TOKEN, SecurityScheme::Http(token.build()));
    let licence =
        LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build();
    let info = InfoBuilder::new().title("Ledger node").version(env!("CARGO_PKG_VERSION"));
    let info = info.description(Some(ABOUT)).license(Some(licence)).build();
    let document = OpenApiBuilder::new().info(info).paths(paths.build()).components(Some(components.build()));
    let document = document.tags(Some(tags())).build();
    let json = document.to_json().expect("a description is plain data, which JSON can write");
    Document(json.into())
}

/// A path, or the name of its part, in the description's form: many programs read a colon in a name as a format.
fn described(path: &str) -> String {
    path.replace(':', "-")
}

fn tags() -> [utoipa::openapi::Tag; 3] {
    [
        (Access::Read, "Everyone may ask."),
        (Access::Submit, "Everyone may ask, except pages of other sites."),
        (Access::Owner, "The node's owner may ask."),
    ]
    .map(|(access, says)| TagBuilder::new().name(access.name()).description(Some(says)).build())
}

/// Adds the refusals that many endpoints share.
fn common(route: &Route, endpoint: Endpoint) -> Endpoint {
    let mut endpoint = endpoint
        .refuses(500, &["internal error; the node's log says why"])
        .refuses(429, &["too many requests from your address: …"])
        .refuses(503, &["overloaded: too many clients; retry later"]);
    if endpoint.has_parameters() {
        endpoint = endpoint.refuses(400, &["the path is ill-formed: …", "the query is ill-formed: …"]);
    }
    if endpoint.has_body() {
        endpoint = endpoint
            .refuses(400, &["the body is not JSON …", "unknown member …", "the body did not arrive in full"])
            .refuses(413, &["the body has more than 262144 bytes, which no request needs"]);
    }
    match route.access {
        Access::Read => endpoint,
        Access::Submit => endpoint.refuses(403, &["a page of another site may not do this; …"]),
        Access::Owner => endpoint
            .refuses(
                403,
                &["only the owner of the node may do this: …", "a page of another site may not do this; …"],
            )
            .refuses(507, &["the disk is full; nothing was changed"]),
    }
}

fn operation(route: &Route, endpoint: &Endpoint, method: HttpMethod) -> Operation {
    let id = format!("{}{}", described(route.path), if method == HttpMethod::Get { "" } else { "-changes" });
    let mut operation = endpoint.operation(route.about).tag(route.access.name()).operation_id(Some(id));
    if route.access == Access::Owner {
        // Callers on this machine need no token.
        let either = [SecurityRequirement::default(), SecurityRequirement::new(TOKEN, [] as [&str; 0])];
        operation = operation.securities(Some(either));
    }
    operation.build()
}

/// The method to describe. HEAD works wherever GET does and is not described.
fn http_method(name: &str) -> Option<HttpMethod> {
    match name {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    }
}
