//! Compares the schemas with the vendor's pages. `tests/schemas/<vendor>.txt` is a table of the
//! documented fields, transcribed by hand from the pages. doo's tables are `fixtures/doo/fields`,
//! which `tests/doo/tables.rs` uses.
//!
//! A field of a table must be in the schemas of the profiles that it names, with its types. A field
//! of the schemas must be in the table. `left-out` fields are documented and not played.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

/// The least number of fields in all profiles together. A shorter list has lost some.
const FIELDS_AT_LEAST: usize = 400;

/// A field in the schemas of a profile.
#[derive(Default)]
struct Found {
    types: BTreeSet<String>,
    /// Whether it is in every object that can have it.
    always: Option<bool>,
}

type Fields = BTreeMap<String, Found>;

/// A row of a table.
struct Row<'a> {
    path: &'a str,
    types: BTreeSet<String>,
    presence: &'a str,
    profiles: &'a str,
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [path, types, presence, profiles, source] = cells[..] else { panic!("no row: {line}") };
        assert!(!source.is_empty(), "{line}: no source");
        assert!(["always", "sometimes", "left-out"].contains(&presence), "{line}");
        let types = types.split_whitespace().map(str::to_owned).collect();
        Row { path, types, presence, profiles }
    })
    .collect()
}

impl Row<'_> {
    /// Whether a profile should have it. Profiles are ordered by their names.
    fn of(&self, profile: &str) -> bool {
        let (first, last) =
            self.profiles.split_once("..").unwrap_or((self.profiles, self.profiles));
        let last = if last.is_empty() { "~" } else { last };
        self.presence != "left-out" && (self.profiles == "all" || (first..=last).contains(&profile))
    }
}

#[test]
fn the_schemas_have_the_documented_fields_and_no_other() {
    let tables =
        [("ombori", include_str!("ombori.txt")), ("waitwhile", include_str!("waitwhile.txt"))];
    let mut compared = 0;
    let mut wrong = Vec::new();
    for (vendor, table) in tables {
        let rows = rows(table);
        let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (profile, fields) in profiles(vendor) {
            let place = format!("{vendor}/{profile}");
            for row in rows.iter().filter(|row| row.of(&profile)) {
                compared += 1;
                match fields.get(row.path) {
                    None => wrong.push(format!("{place}: {} is documented", row.path)),
                    Some(found) if row.presence == "always" && found.always == Some(false) => {
                        wrong.push(format!("{place}: {} must always be there", row.path));
                    }
                    Some(_) => {}
                }
            }
            for (path, found) in fields {
                if !rows.iter().any(|row| row.path == path && row.of(&profile)) {
                    wrong.push(format!("{place}: {path} is in no document"));
                }
                types.entry(path).or_default().extend(found.types);
            }
        }
        for row in rows.iter().filter(|row| row.presence != "left-out") {
            let found = types.get(row.path).cloned().unwrap_or_default();
            if found != row.types {
                wrong.push(format!("{vendor}: {} is {found:?}, not {:?}", row.path, row.types));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared >= FIELDS_AT_LEAST, "only {compared} fields");
}

/// The fields of all schemas of each of a vendor's profiles.
fn profiles(vendor: &str) -> BTreeMap<String, Fields> {
    let mut profiles: BTreeMap<String, Fields> = BTreeMap::new();
    for (path, text) in super::written() {
        let parts: Vec<String> = path.iter().map(|part| part.to_string_lossy().into()).collect();
        let [of, profile, file] = &parts[..] else { panic!("{}", path.display()) };
        if of == vendor {
            let schema: Json = serde_json::from_str(&text).expect("a schema is JSON");
            let object = if of == "waitwhile" { file.split('.').next() } else { None };
            let fields = profiles.entry(profile.clone()).or_default();
            collect(&schema, &schema, "", object, fields);
        }
    }
    profiles
}

/// Adds the fields of a schema. If a name is given, the object in the webhooks gets this name.
fn collect(schema: &Json, root: &Json, path: &str, object: Option<&str>, fields: &mut Fields) {
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.trim_start_matches('#')).expect("a definition");
        return collect(target, root, path, object, fields);
    }
    if !path.is_empty() {
        fields.entry(path.to_owned()).or_default().types.extend(types(schema));
    }
    for kind in ["anyOf", "oneOf", "allOf"] {
        for one in schema[kind].as_array().into_iter().flatten() {
            collect(one, root, path, object, fields);
        }
    }
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let required =
            schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == key));
        let found = fields.entry(path.clone()).or_default();
        found.always = Some(required && found.always.unwrap_or(true));
        match object.filter(|_| ["data", "before", "after"].contains(&path.as_str())) {
            Some(name) => {
                found.types.insert("object".to_owned());
                collect(below, root, name, None, fields);
            }
            None => collect(below, root, &path, object, fields),
        }
    }
    let patterns = schema["patternProperties"].as_object().into_iter().flat_map(|it| it.values());
    for below in patterns.chain([&schema["additionalProperties"]]).filter(|it| it.is_object()) {
        collect(below, root, &format!("{path}.*"), object, fields);
    }
    // Lists of texts have no fields.
    if schema["items"]["type"] != "string" && schema["items"].is_object() {
        collect(&schema["items"], root, &format!("{path}[]"), object, fields);
    }
}

/// The JSON types that a schema names directly.
fn types(schema: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    match &schema["type"] {
        Json::Array(types) => types.iter().filter_map(text).collect(),
        Json::String(one) => vec![one.clone()],
        _ if schema["const"].is_string() => vec!["string".to_owned()],
        _ => Vec::new(),
    }
}
