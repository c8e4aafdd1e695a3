//! The OpenAPI 3.1 document, generated from the table of operations and their types.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use super::api::needs_no_login;
use super::idempotency::LONGEST_KEY;
use super::problem::Problem;
use super::query::{Parameter, ParameterKind};
use super::route::{BASE, Content, Group, Method, Route};
use crate::vendors::Registry;

/// What a server answered to the story of `tests/openapi/story.rs`: for each operation the values of
/// its parameters, its body and its answer.
const EXAMPLES: &str = include_str!("examples.json");

/// The document of these operations, with the webhooks of these vendors.
pub fn document(groups: &[Group], registry: Registry) -> Json {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Problem>();
    let examples: Json = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let mut paths: Map<String, Json> = Map::new();
    for group in groups {
        for route in &group.routes {
            let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
            let mut operation = operation(group.name, route, &mut generator);
            show(&mut operation, &examples[route.id]);
            path[route.method.name().to_lowercase()] = operation;
        }
    }
    let mut schemas = generator.take_definitions(true);
    let webhooks = webhooks(registry, &mut schemas);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Standin",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Controls a server that plays vendors",
            "description": "Drives accounts at simulated vendors, and shows the requests to the receiver and its answers.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": BASE }],
        "security": [{}, { "adminToken": [] }],
        "tags": tags(groups),
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "adminToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Required if the server was started with `--admin-token`.",
                },
            },
            "responses": {
                "Problem": {
                    "description": "What was wrong",
                    "content": { "application/problem+json": { "schema": problem } },
                },
            },
        },
    })
}

fn tags(groups: &[Group]) -> Json {
    groups.iter().map(|group| json!({ "name": group.name, "description": group.about })).collect()
}

fn operation(group: &str, route: &Route, generator: &mut SchemaGenerator) -> Json {
    let in_path =
        route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = in_path.map(|name| {
        json!({
            "name": name, "in": "path", "required": true, "schema": { "type": "string", "minLength": 1 },
        })
    });
    let in_query = route.query.iter().map(parameter);
    let key = writes(route).then(idempotency_key);
    let parameters: Vec<Json> = in_path.chain(in_query).chain(key).collect();
    let mut json = json!({
        "operationId": route.id,
        "summary": route.about,
        "tags": [group],
        "parameters": parameters,
        "responses": responses(route, generator),
    });
    if let Some(body) = route.body {
        json["requestBody"] = json!({
            "required": true,
            "content": { "application/json": { "schema": body(generator) } },
        });
    }
    if needs_no_login(route.path) {
        json["security"] = json!([]);
    }
    json
}

/// Shows an operation's example.
fn show(operation: &mut Json, example: &Json) {
    for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
        let place = parameter["in"].as_str().unwrap_or_default();
        let name = parameter["name"].as_str().unwrap_or_default();
        if let Some(value) = example[place].get(name) {
            parameter["example"] = value.clone();
        }
    }
    if let Some(body) = example.get("body") {
        operation["requestBody"]["content"]["application/json"]["example"] = body.clone();
    }
    let Some(answer) = example.get("answer") else { return };
    for response in operation["responses"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        let content = response.get_mut("content").and_then(Json::as_object_mut);
        for content in content.into_iter().flat_map(Map::values_mut) {
            content["example"] = answer.clone();
        }
    }
}

/// Whether a request with an `Idempotency-Key` is carried out once.
fn writes(route: &Route) -> bool {
    route.method != Method::Get
}

fn idempotency_key() -> Json {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "required": false,
        "description": "The same request with the same key is carried out once and gets the same answer. 409: it is being carried out; 422: the key was used for another request",
        "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_KEY },
    })
}

fn parameter(parameter: &Parameter) -> Json {
    let schema = match parameter.kind {
        ParameterKind::Text => json!({ "type": "string", "minLength": 1 }),
        ParameterKind::Integer(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        ParameterKind::Choice(choices) => json!({ "type": "string", "enum": choices }),
    };
    json!({
        "name": parameter.name,
        "in": "query",
        "required": false,
        "description": parameter.about,
        "schema": schema,
    })
}

fn responses(route: &Route, generator: &mut SchemaGenerator) -> Json {
    let mut responses = Map::new();
    let mut answer = json!({ "description": route.answer.about });
    match &route.answer.content {
        Content::None => {}
        Content::Json(schema) => {
            answer["content"] = json!({ "application/json": { "schema": schema(generator) } });
        }
        Content::Events => {
            answer["content"] = json!({ "text/event-stream": { "schema": { "type": "string" } } });
        }
    }
    responses.insert(route.answer.status.to_string(), answer);
    let body: &[u16] = if route.body.is_some() { &[413, 415] } else { &[] };
    let login: &[u16] = if needs_no_login(route.path) { &[] } else { &[401] };
    let key: &[u16] = if writes(route) { &[409, 422] } else { &[] };
    let mut problems: Vec<u16> = vec![400, 403];
    problems.extend(key);
    problems.extend(login);
    problems.extend(body);
    problems.extend(route.problems);
    problems.sort_unstable();
    problems.dedup();
    for status in problems {
        let reference = json!({ "$ref": "#/components/responses/Problem" });
        responses.insert(status.to_string(), reference);
    }
    Json::Object(responses)
}

/// The webhooks of all vendors, each with the schema of its body in the default profile.
fn webhooks(registry: Registry, schemas: &mut Map<String, Json>) -> Json {
    let mut webhooks = Map::new();
    for vendor in registry.vendors() {
        let catalogue = vendor.catalogue();
        let profile = catalogue.default_profile();
        for trigger in catalogue.triggers {
            let Some(schema) = vendor.schema(profile, trigger.name) else { continue };
            let name = format!("{}.{}", catalogue.vendor, trigger.name);
            schemas.insert(name.clone(), schema);
            let webhook = json!({
                "post": {
                    "operationId": format!("receive.{name}"),
                    "summary": trigger.about,
                    "tags": ["events"],
                    "security": [],
                    "requestBody": {
                        "required": true,
                        "content": {
                            "application/json": {
                                "schema": { "$ref": format!("#/components/schemas/{name}") },
                            },
                        },
                    },
                    "responses": { "2XX": { "description": "The receiver accepts the webhook" } },
                },
            });
            webhooks.insert(name, webhook);
        }
    }
    Json::Object(webhooks)
}
