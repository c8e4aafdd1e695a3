//! JSON Schemas that follow the renderer: the schema of a type, narrowed by samples.
//!
//! A key that is in all samples is required. A key that is in none is not allowed. A value that is
//! never null must not be null. So schemas and bodies cannot differ.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

/// The schema of a type, narrowed by these samples.
pub fn narrowed<T: JsonSchema>(samples: &[Json]) -> Json {
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    narrow(&mut schema, samples);
    schema
}

/// Narrows an object schema, and the schemas inside it.
fn narrow(schema: &mut Json, samples: &[Json]) {
    let objects: Vec<&Map<String, Json>> = samples.iter().filter_map(Json::as_object).collect();
    let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) else {
        return narrow_choice(schema, samples);
    };
    let seen: BTreeSet<&String> = objects.iter().flat_map(|object| object.keys()).collect();
    properties.retain(|key, _| seen.contains(key));
    let mut required = Vec::new();
    for (key, property) in properties.iter_mut() {
        let values: Vec<Json> =
            objects.iter().filter_map(|object| object.get(key)).cloned().collect();
        if values.len() == objects.len() {
            required.push(json!(key));
        }
        let null = values.iter().filter(|value| value.is_null()).count();
        let nulls = match null {
            0 => Nulls::Never,
            all if all == values.len() => Nulls::Always,
            _ => Nulls::Sometimes,
        };
        nullable(property, nulls);
        let rest: Vec<Json> = values.into_iter().filter(|value| !value.is_null()).collect();
        if !rest.is_empty() {
            narrow(property, &rest);
        }
    }
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".to_owned(), Json::Array(required));
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
}

/// Keeps the alternatives of a choice that fit one of the samples.
fn narrow_choice(schema: &mut Json, samples: &[Json]) {
    for word in ["anyOf", "oneOf"] {
        let Some(choices) = schema.get_mut(word).and_then(Json::as_array_mut) else { continue };
        choices.retain(|choice| samples.iter().any(|sample| fits(choice, sample)));
        for choice in choices.iter_mut() {
            let fitting: Vec<Json> =
                samples.iter().filter(|sample| fits(choice, sample)).cloned().collect();
            narrow(choice, &fitting);
        }
    }
}

/// Whether a sample has the type of an alternative and the keys that it requires.
fn fits(choice: &Json, sample: &Json) -> bool {
    let kind = match sample {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "integer",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    let typed = match &choice["type"] {
        Json::String(one) => one == kind,
        Json::Array(several) => several.iter().any(|one| one == kind),
        _ => true,
    };
    let keys = choice["required"].as_array().map_or(&[][..], Vec::as_slice);
    let tag = choice["properties"]["type"]["const"].as_str();
    typed
        && keys.iter().all(|key| key.as_str().is_some_and(|key| sample.get(key).is_some()))
        && tag.is_none_or(|tag| sample["type"] == tag)
}

/// How often a property is null in the samples.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    Never,
    Sometimes,
    Always,
}

/// Makes a property always null, or disallows null for it.
fn nullable(property: &mut Json, nulls: Nulls) {
    if nulls == Nulls::Always {
        *property = json!({ "type": "null" });
    } else if nulls == Nulls::Never {
        if let Some(types) = property.get_mut("type").and_then(Json::as_array_mut) {
            types.retain(|one| one != "null");
            if let [one] = types.as_slice() {
                property["type"] = one.clone();
            }
        }
        let choices = property.get_mut("anyOf").and_then(Json::as_array_mut);
        if let Some(choices) = choices {
            choices.retain(|choice| choice["type"] != "null");
            if let [one] = choices.as_slice() {
                *property = one.clone();
            }
        }
    }
}
