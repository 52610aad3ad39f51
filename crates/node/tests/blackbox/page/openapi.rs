//! The description of the interface for programs.

use std::collections::BTreeSet;

use node::api::ROUTES;
use serde_json::Value;

use crate::harness::made::payments::pay;
use crate::harness::node::Node;

/// Collects the values of all members with this name, at any depth.
fn values<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                if member == name {
                    found.push(value);
                }
                values(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| values(item, name, found)),
        _ => {}
    }
}

/// The names of the members that a schema of this name describes.
fn described<'a>(description: &'a Value, name: &str) -> BTreeSet<&'a str> {
    let schema = &description["components"]["schemas"][name];
    schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
}

fn members(answer: &Value) -> BTreeSet<&str> {
    answer.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn every_route_and_method_is_described() {
    let description = Node::start().get("/openapi.json").json();
    assert_eq!(description["openapi"], "3.1.0");
    for route in ROUTES {
        // Paths have no colons in the description: many programs take them for a format.
        let item = &description["paths"][route.path.replace(':', "-")];
        for method in route.methods.iter().filter(|method| **method != "HEAD") {
            let operation = &item[method.to_lowercase()];
            let name = format!("{method} {}", route.path);
            assert_eq!(operation["summary"], route.about, "{name}");
            assert_eq!(operation["tags"][0], route.access.name(), "{name}");
            let statuses = operation["responses"].as_object().unwrap();
            assert!(statuses.keys().any(|status| status.starts_with('2')), "{name}");
            let parts = route.path.matches('{').count();
            let parameters = operation["parameters"].as_array();
            let described =
                parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(described, parts, "{name}");
            for parameter in parameters.into_iter().flatten() {
                assert_eq!(parameter["required"], parameter["in"] == "path", "{name}: {parameter}");
            }
        }
        assert_eq!(members(item).len(), route.methods.iter().filter(|method| **method != "HEAD").count());
    }
}

#[test]
fn every_reference_leads_to_a_schema_and_every_member_is_explained() {
    let description = Node::start().get("/openapi.json").json();
    let mut references = Vec::new();
    values(&description, "$ref", &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let name = reference.as_str().unwrap().strip_prefix("#/components/schemas/").unwrap();
        assert!(description["components"]["schemas"][name].is_object(), "{name}");
    }
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        for (member, value) in schema["properties"].as_object().into_iter().flatten() {
            // A member that may be null has its description in `oneOf`, beside the reference.
            let either = value["oneOf"].as_array().into_iter().flatten();
            let mut says = either.chain([value]).map(|value| &value["description"]);
            assert!(says.any(Value::is_string), "{name}.{member}");
        }
    }
}

#[test]
fn answers_have_the_members_that_are_described() {
    let node = Node::start();
    let description = node.get("/openapi.json").json();
    node.mine();
    node.accept(&pay("bob", "5"));
    for (path, schema) in [
        ("/chain", "Chain"),
        ("/blocks/latest", "Block"),
        ("/addresses/bob", "Account"),
        ("/mine/last", "Last"),
        ("/transactions", "WaitingPayments"),
        ("/status", "Status"),
        ("/nodes", "Nodes"),
        ("/mine", "MinedBlock"),
    ] {
        assert_eq!(members(&node.get(path).json()), described(&description, schema), "{path}");
    }
}

#[test]
fn page_to_try_the_interface_is_served() {
    let node = Node::start();
    let page = node.get("/docs");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").is_some());
    for script in page.text.split('"').filter(|text| text.starts_with("/page/")) {
        assert_eq!(node.get(script).status, 200, "{script}");
    }
}
