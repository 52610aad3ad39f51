//! `GET /` and `GET /page/{file}`: the node's web page.

use actix_web::guard::GuardContext;
use actix_web::http::header::{
    ACCEPT, AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETag, Encoding,
    EntityTag, Header, IfNoneMatch, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};

use crate::api::ApiError;
use crate::api::doc::{Endpoint, string};
use crate::api::request::PathText;
use crate::page::{self, File};

/// What the page may load: its own files, and the node's answers. No inline script or style, no other host, no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/// A browser keeps the file, but checks it each time: another version of the node may serve this address next.
const CHECKED: &str = "no-cache";

/// A browser keeps the file for a year without asking (RFC 8246): the path names its version.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Whether the client asks for a web page, as browsers do.
pub(in crate::api::handlers) fn wants_page(context: &GuardContext<'_>) -> bool {
    let accepted = context.head().headers().get_all(ACCEPT);
    accepted.filter_map(|value| value.to_str().ok()).any(|value| value.contains("text/html"))
}

/// Answers the page's first document.
pub(in crate::api::handlers) async fn home(request: HttpRequest) -> Result<HttpResponse, ApiError> {
    document(&request, "index.html")
}

/// Answers a file of the page.
pub(in crate::api::handlers) async fn file(
    PathText(path): PathText,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (name, is_current) = page::without_version(&path);
    answer(&request, name, if is_current { FOR_EVER } else { CHECKED })
}

pub(super) fn document(request: &HttpRequest, name: &str) -> Result<HttpResponse, ApiError> {
    answer(request, name, CHECKED)
}

fn answer(request: &HttpRequest, name: &str, caching: &'static str) -> Result<HttpResponse, ApiError> {
    let none = || ApiError::NotFound(format!("the page has no file {name}; it begins at /"));
    let file = page::find(name).ok_or_else(none)?;
    Ok(with_file(request, file, caching))
}

fn with_file(request: &HttpRequest, file: &File, caching: &'static str) -> HttpResponse {
    // Weak: the compressed and the plain file share a tag.
    let tag = EntityTag::new_weak(file.tag.to_owned());
    if is_held(request, &tag) {
        return with_headers(&mut HttpResponse::NotModified(), tag, caching).finish();
    }
    let mut answer = HttpResponse::Ok();
    with_headers(&mut answer, tag, caching).content_type(file.kind);
    if takes_gzip(request) {
        return answer.insert_header((CONTENT_ENCODING, "gzip")).body(file.packed);
    }
    answer.body(file.content().expect("the build script compressed it"))
}

fn with_headers<'a>(
    answer: &'a mut HttpResponseBuilder,
    tag: EntityTag,
    caching: &'static str,
) -> &'a mut HttpResponseBuilder {
    answer
        .insert_header(ETag(tag))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, "Accept, Accept-Encoding"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
}

fn is_held(request: &HttpRequest, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|held| held.weak_eq(tag)),
        Err(_) => false,
    }
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let known = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .is_ok_and(|accepted| accepted.negotiate(known.iter()) == Some(Encoding::gzip()))
}

pub(in crate::api::handlers) fn home_doc() -> Endpoint {
    Endpoint::new("Only if the header `Accept` has `text/html`.")
        .text(200, "text/html", "The page.")
        .empty(304, "The client has it.")
        .refuses(404, &["there is nothing here; try …"])
}

pub(in crate::api::handlers) fn file_doc() -> Endpoint {
    Endpoint::new("Compressed if `Accept-Encoding` has `gzip`.")
        .path("file", "The file's path.", string())
        .text(200, "*/*", "The file.")
        .empty(304, "The client has it.")
        .refuses(404, &["the page has no file x.js; it begins at /"])
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use tempfile::tempdir;

    use super::*;
    use crate::api::testing::{ask, get, node};

    #[actix_web::test]
    async fn file_is_sent_with_its_headers() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let file = ask(&node, get("/page/index.html")).await;
        assert_eq!((file.status, file.header("cache-control")), (200, Some("no-cache")));
        for (name, value) in [
            ("content-security-policy", POLICY),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("vary", "Accept, Accept-Encoding"),
            ("content-type", "text/html; charset=utf-8"),
        ] {
            assert_eq!(file.header(name), Some(value), "{name}");
        }
        let path = file.text.split('"').find(|text| text.starts_with("/page/")).unwrap();
        assert_eq!(ask(&node, get(path)).await.header("cache-control"), Some(FOR_EVER));
        let none = ask(&node, get("/page/x.js")).await;
        assert_eq!((none.status, &*none.text), (404, "the page has no file x.js; it begins at /"));
    }

    #[actix_web::test]
    async fn held_file_is_not_sent_again() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let tag = ask(&node, get("/page/index.html")).await.header("etag").unwrap().to_owned();
        assert!(tag.starts_with("W/"), "{tag}");
        for held in [&*tag, "*", &format!("\"other\", {tag}"), &tag[2..]] {
            let answer = ask(&node, get("/page/index.html").insert_header(("If-None-Match", held))).await;
            assert_eq!(
                (answer.status, &*answer.text, answer.header("etag")),
                (304, "", Some(&*tag)),
                "{held}"
            );
        }
        for held in ["\"other\"", "no tag"] {
            let answer = ask(&node, get("/page/index.html").insert_header(("If-None-Match", held))).await;
            assert_eq!(answer.status, 200, "{held}");
        }
    }

    #[actix_web::test]
    async fn documents_are_answered_at_their_paths() {
        let directory = tempdir().unwrap();
        let node = node(&directory);
        let docs = ask(&node, get("/docs")).await;
        assert_eq!(docs.text, ask(&node, get("/page/docs.html")).await.text);
        let openapi = ask(&node, get("/openapi.json")).await;
        assert_eq!(openapi.header("cache-control"), Some("no-cache"));
        assert_eq!(openapi.json()["openapi"], "3.1.0");
    }

    #[test]
    fn gzip_is_sent_to_those_who_prefer_it() {
        for (accepted, is_packed) in [
            ("gzip", true),
            ("br, gzip", true),
            ("gzip;q=0", false),
            ("identity", false),
            ("identity, gzip;q=0.5", false),
        ] {
            let request =
                TestRequest::default().insert_header(("Accept-Encoding", accepted)).to_http_request();
            assert_eq!(takes_gzip(&request), is_packed, "{accepted}");
            let file = page::find("index.html").unwrap();
            let answer = with_file(&request, file, CHECKED);
            assert_eq!(answer.headers().contains_key(CONTENT_ENCODING), is_packed, "{accepted}");
        }
        assert!(!takes_gzip(&TestRequest::default().to_http_request()));
    }
}
