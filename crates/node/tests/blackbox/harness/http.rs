//! Ordinary requests.

use std::sync::LazyLock;

use serde_json::Value;
use ureq::Agent;

use super::{PATIENCE, short};

/// An answer to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Headers, with names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", short(&self.text)))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Checks that this is a refusal with a sentence for the user.
    pub(crate) fn assert_refusal(&self, what: &str) {
        let text = short(&self.text);
        assert!((400..500).contains(&self.status), "{what}: {} {text}", self.status);
        assert!(self.text.trim().len() > 8, "{what}: {} without a sentence: {text:?}", self.status);
        assert!(self.text.len() < 1500, "{what}: {} characters are no sentence", self.text.len());
        assert!(self.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "{what}");
    }

    /// Checks the status and the whole text.
    pub(crate) fn assert_says(&self, status: u16, words: &str) {
        assert_eq!((self.status, self.text.trim_end()), (status, words), "{}", short(&self.text));
    }
}

/// Opens a connection per request, so that tests do not share any.
static AGENT: LazyLock<Agent> = LazyLock::new(|| {
    let config = Agent::config_builder().http_status_as_error(false).max_idle_connections(0);
    config.timeout_global(Some(PATIENCE)).build().into()
});

pub(crate) fn get(url: &str) -> Answer {
    read(AGENT.get(url).call())
}

/// Posts a body with a content type other than JSON.
pub(crate) fn post(url: &str, body: &[u8]) -> Answer {
    read(AGENT.post(url).send(body))
}

pub(crate) fn post_as(url: &str, content_type: &str, body: &[u8]) -> Answer {
    read(AGENT.post(url).content_type(content_type).send(body))
}

/// A request of any method, without a body.
pub(crate) fn request(method: &str, url: &str) -> Answer {
    read(AGENT.run(ureq::http::Request::builder().method(method).uri(url).body(()).unwrap()))
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let (head, body) = answer.unwrap().into_parts();
    let header = |(name, value): (&ureq::http::HeaderName, &ureq::http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let headers = head.headers.iter().map(header).collect();
    let text = body.into_with_config().limit(u64::MAX).read_to_string().unwrap();
    Answer { status: head.status.as_u16(), headers, text }
}
