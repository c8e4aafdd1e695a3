//! The keys of a standin.yaml, line by line, and those of its schema.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// A line of the file.
pub struct Line {
    /// As it is written, without the mark of one that is only sometimes read.
    pub text: String,
    /// Its key, empty if it has none.
    pub key: String,
    /// The keys that lead to it, with dots between them. An item of a list is `[]`.
    pub path: String,
    /// What stands before the colon.
    pub before_value: String,
    /// What stands behind it.
    pub value: String,
    /// Whether the schema says which names its key can have.
    pub is_known_name: bool,
    is_read: bool,
    parts: Vec<String>,
}

impl Line {
    /// What is read of it where no mistake is made in it.
    pub fn as_read(&self) -> &str {
        if self.is_read { &self.text } else { "" }
    }

    /// Whether it is at this path of the schema, in which `*` stands for any name.
    pub fn fits(&self, wanted: &str) -> bool {
        let wanted: Vec<&str> = wanted.split('/').collect();
        let alike = |(own, wanted): (&String, &&str)| *wanted == "*" || own == wanted;
        self.parts.len() == wanted.len() && self.parts.iter().zip(&wanted).all(alike)
    }
}

/// The lines of a file in which each key has a line of its own.
pub fn lines(text: &str) -> Vec<Line> {
    let schema = schema_paths();
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut all = Vec::new();
    for written in text.lines() {
        let text = written.replacen("#! ", "", 1);
        let bare = text.trim_start();
        let is_item = bare.starts_with("- ");
        let indent = text.len() - bare.trim_start_matches("- ").len();
        let (before_value, value) = text.split_once(':').unwrap_or_default();
        // In names such as `ombori.position` a dot is no step of the path.
        let key = before_value.trim_start_matches([' ', '-']).to_owned();
        let mut parts = Vec::new();
        if !key.is_empty() {
            above.retain(|(column, _)| *column < indent - usize::from(is_item));
            if is_item {
                above.push((indent - 1, "[]".to_owned()));
            }
            above.push((indent, key.clone()));
            parts = above.iter().map(|(_, part)| part.clone()).collect();
        }
        let line = Line {
            path: parts.join(".").replace(".[]", "[]"),
            before_value: before_value.to_owned(),
            value: value.trim().to_owned(),
            is_read: !written.contains("#! "),
            is_known_name: false,
            text,
            key,
            parts,
        };
        let names = schema.iter().filter(|path| !path.ends_with('*'));
        let is_known_name = names.into_iter().any(|path| line.fits(path));
        all.push(Line { is_known_name, ..line });
    }
    all
}

/// The paths of all keys in the schema, with slashes between them. A name that the user chooses is `*`, an
/// item of a list `[]`.
pub fn schema_paths() -> BTreeSet<String> {
    let schema = standin::cli::settings::schema();
    let mut found = BTreeSet::new();
    walk(&schema, &schema, "", &mut found);
    found
}

fn walk(schema: &Json, part: &Json, path: &str, found: &mut BTreeSet<String>) {
    // A list of values may be a list of lists.
    if path.ends_with("/[]/[]") {
        return;
    }
    if let Some(name) = part["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        walk(schema, schema.pointer(pointer).expect("a part of the schema"), path, found);
    }
    for either in ["anyOf", "oneOf"] {
        let parts = part[either].as_array().into_iter().flatten();
        parts.for_each(|part| walk(schema, part, path, found));
    }
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}/{key}") };
    for (key, value) in part["properties"].as_object().into_iter().flatten() {
        found.insert(below(key));
        walk(schema, value, &below(key), found);
    }
    if part["additionalProperties"].is_object() {
        found.insert(below("*"));
        walk(schema, &part["additionalProperties"], &below("*"), found);
    }
    if part["items"].is_object() {
        walk(schema, &part["items"], &below("[]"), found);
    }
}
