//! Answers with parts of blocks, assembled from texts: serde_json refuses the `NaN` of a Python node.

use actix_web::HttpResponse;
use actix_web::http::header::ContentType;
use ledger_core::canonical;
use serde::Serialize;

/// A JSON object that is written member by member.
#[derive(Debug)]
pub(in crate::api) struct Object(String);

impl Object {
    /// An empty object.
    pub(in crate::api) fn new() -> Self {
        Self("{".to_owned())
    }

    /// Adds a member of plain data.
    pub(in crate::api) fn with(self, name: &str, value: &impl Serialize) -> Self {
        self.with_text(
            name,
            &serde_json::to_string(value).expect("answers are plain data, which JSON can write"),
        )
    }

    /// Adds a member with the JSON text of its value.
    pub(in crate::api) fn with_text(mut self, name: &str, json: &str) -> Self {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&canonical::string_text(name));
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    /// The text of the object.
    pub(in crate::api) fn text(mut self) -> String {
        self.0.push('}');
        self.0
    }

    /// An answer with status 200.
    pub(in crate::api) fn answer(self) -> HttpResponse {
        HttpResponse::Ok().content_type(ContentType::json()).body(self.text() + "\n")
    }
}

/// A list from the JSON texts of its elements.
pub(in crate::api) fn list(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(", "))
}
