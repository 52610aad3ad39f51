//! One endpoint's requests and answers.

use std::collections::BTreeMap;

use utoipa::ToSchema;
use utoipa::openapi::path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder, Schema};

/// One endpoint's requests and answers.
#[derive(Default)]
pub(in crate::api) struct Endpoint {
    details: String,
    parameters: Vec<Parameter>,
    body: Option<(String, RefOr<Schema>)>,
    answers: BTreeMap<u16, Answer>,
    /// Schemas that are referred to, by name.
    pub(super) schemas: Vec<(String, RefOr<Schema>)>,
}

#[derive(Default)]
struct Answer {
    description: String,
    contents: Vec<(&'static str, RefOr<Schema>)>,
}

impl Endpoint {
    /// An endpoint, with details that its line in the table lacks.
    pub(in crate::api) fn new(details: &str) -> Self {
        Self { details: details.to_owned(), ..Self::default() }
    }

    /// Adds a path parameter.
    pub(in crate::api) fn path(self, name: &str, says: &str, schema: Object) -> Self {
        self.parameter(name, says, schema, ParameterIn::Path)
    }

    /// Adds an optional query parameter.
    pub(in crate::api) fn query(self, name: &str, says: &str, schema: Object) -> Self {
        self.parameter(name, says, schema, ParameterIn::Query)
    }

    fn parameter(mut self, name: &str, says: &str, schema: Object, place: ParameterIn) -> Self {
        let required = if place == ParameterIn::Path { Required::True } else { Required::False };
        let parameter = ParameterBuilder::new().name(name).description(Some(says)).parameter_in(place);
        // After `parameter_in`: until then it counts as a path parameter, which is always required.
        self.parameters.push(parameter.required(required).schema(Some(schema)).build());
        self
    }

    /// Adds a body: a JSON object.
    pub(in crate::api) fn body<T: ToSchema>(mut self, says: &str) -> Self {
        self.body = Some((says.to_owned(), self.refer::<T>()));
        self
    }

    /// Adds an answer in JSON.
    pub(in crate::api) fn json<T: ToSchema>(mut self, status: u16, says: &str) -> Self {
        let schema = self.refer::<T>();
        self.answer(status, says, Some(("application/json", schema)))
    }

    /// Adds an answer that is a text of this media type.
    pub(in crate::api) fn text(self, status: u16, kind: &'static str, says: &str) -> Self {
        self.answer(status, says, Some((kind, string().into())))
    }

    /// Adds an answer without a body.
    pub(in crate::api) fn empty(self, status: u16, says: &str) -> Self {
        self.answer(status, says, None)
    }

    /// Adds a refusal with one of these messages.
    pub(in crate::api) fn refuses(self, status: u16, sentences: &[&str]) -> Self {
        let says = sentences.iter().map(|sentence| format!("- `{sentence}`")).collect::<Vec<_>>().join("\n");
        self.answer(status, &says, Some(("text/plain", string().into())))
    }

    /// Adds a possible answer. Joins the descriptions of the same status.
    fn answer(mut self, status: u16, says: &str, content: Option<(&'static str, RefOr<Schema>)>) -> Self {
        let answer = self.answers.entry(status).or_default();
        answer.description += if answer.description.is_empty() { "" } else { "\n" };
        answer.description += says;
        let is_known = |kind| answer.contents.iter().any(|(known, _)| *known == kind);
        if let Some((kind, schema)) = content
            && !is_known(kind)
        {
            answer.contents.push((kind, schema));
        }
        self
    }

    fn refer<T: ToSchema>(&mut self) -> RefOr<Schema> {
        self.schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(T::name()).into()
    }

    /// Whether it has parameters in the path or the query.
    pub(super) fn has_parameters(&self) -> bool {
        !self.parameters.is_empty()
    }

    pub(super) fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// The operation, for one of the route's methods.
    pub(super) fn operation(&self, summary: &str) -> OperationBuilder {
        let mut operation = OperationBuilder::new().summary(Some(summary));
        if !self.details.is_empty() {
            operation = operation.description(Some(&*self.details));
        }
        for parameter in &self.parameters {
            operation = operation.parameter(parameter.clone());
        }
        if let Some((says, schema)) = &self.body {
            let content = ContentBuilder::new().schema(Some(schema.clone())).build();
            let body = RequestBodyBuilder::new().description(Some(&**says)).required(Some(Required::True));
            operation = operation.request_body(Some(body.content("application/json", content).build()));
        }
        for (status, Answer { description, contents }) in &self.answers {
            let mut answer = ResponseBuilder::new().description(description);
            for (kind, schema) in contents {
                answer = answer.content(*kind, ContentBuilder::new().schema(Some(schema.clone())).build());
            }
            operation = operation.response(status.to_string(), answer.build());
        }
        operation
    }
}

/// A whole number from `least` to `most`, by default the largest one of 64 bits.
pub(in crate::api) fn whole(least: u64, most: Option<u64>) -> Object {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least));
    number.maximum(Some(most.unwrap_or(u64::MAX))).build()
}

/// Any text.
pub(in crate::api) fn string() -> Object {
    Object::with_type(Type::String)
}

/// A text in a named format that no schema can describe.
pub(in crate::api) fn of_format(name: &str) -> Object {
    let format = SchemaFormat::Custom(name.to_owned());
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build()
}

/// A text that matches this regular expression.
pub(in crate::api) fn pattern(form: &str) -> Object {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(form)).build()
}
