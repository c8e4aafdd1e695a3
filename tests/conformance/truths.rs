//! The tables of the fields that vendors know hold all fields that they know, and no other.
//!
//! `UPDATE=1` rewrites the tables.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;
use standin::model::Profile;
use standin::vendors::Vendor;
use standin::vendors::truth;

use super::{profiles, vendors};
use crate::common::{settings, walk::Walk};

/// Objects whose members an account chooses: vendor, kind and field.
const OPEN: &[(&str, &str, &str)] = &[
    ("ombori", "position", "registrationData"),
    ("waitwhile", "location", "numWaitingByPartySize"),
    ("waitwhile", "location", "waitByPartySize"),
    ("waitwhile", "visit", "fields"),
    ("waitwhile", "visit", "resources"),
    ("waitwhile", "visit", "services"),
    ("doo", "event", "questions.attendee_questions.additional_questions.0.field_options"),
    ("doo", "event", "questions.buyer_questions.additional_questions.0.field_options"),
    ("doo", "order", "answer_title_translations"),
    ("doo", "order", "answers_salutation_translations"),
];

/// The longest example, in characters.
const LONGEST: usize = 60;

/// With these the tables are made, and with the others they are held to them.
const SEEDS: std::ops::Range<u64> = 1..9;
const OTHER_SEEDS: std::ops::Range<u64> = 100..104;

/// What is known of a field.
#[derive(Default)]
struct Seen {
    forms: BTreeSet<&'static str>,
    example: Option<String>,
}

/// The fields of a vendor, by kind and path.
type Fields = BTreeMap<(String, String), Seen>;

#[test]
fn the_tables_have_each_field_that_a_vendor_knows() {
    for (vendor, catalogue) in vendors() {
        let path = format!("crates/core/src/vendors/{}/truth.txt", catalogue.vendor);
        let mut fields = Fields::new();
        for profile in catalogue.profiles {
            SEEDS.for_each(|seed| walk(vendor, profile, seed, &mut fields));
        }
        let wanted = table(catalogue.vendor, fields);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, &wanted).expect("a writable table");
        }
        assert!(
            vendor.truths() == wanted || std::env::var_os("UPDATE").is_some(),
            "{path} is out of date: run UPDATE=1 cargo test --test conformance truths"
        );
    }
}

#[test]
fn no_walk_finds_a_field_that_the_tables_lack() {
    for (vendor, profile) in profiles() {
        let known: Vec<_> = truth::read(vendor.truths()).collect();
        assert!(known.len() > 20, "{}: only {} fields", vendor.catalogue().vendor, known.len());
        let mut fields = Fields::new();
        OTHER_SEEDS.for_each(|seed| walk(vendor, profile, seed, &mut fields));
        for (kind, path) in fields.keys() {
            let is_known = known.iter().any(|field| field.kind == kind && field.is(path));
            assert!(is_known, "{}: {kind} has {path}", vendor.catalogue().vendor);
        }
    }
}

fn walk(vendor: &'static dyn Vendor, profile: &'static Profile, seed: u64, fields: &mut Fields) {
    let mut walk =
        Walk::new(vendor, profile, settings::defaults(vendor.catalogue().settings), seed);
    for _ in 0..60 {
        walk.go(5);
        for subject in walk.subjects.iter().rev().take(30) {
            let kind = walk.sim.subject(walk.account, *subject).kind;
            let truth = walk.sim.truth(walk.account, *subject);
            collect((vendor.catalogue().vendor, kind), "", &truth, fields);
        }
    }
}

fn collect((vendor, kind): (&str, &str), path: &str, value: &Json, fields: &mut Fields) {
    let below =
        |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    if !path.is_empty() {
        let seen = fields.entry((kind.to_owned(), path.to_owned())).or_default();
        seen.forms.insert(form(value));
        let is_short = value.to_string().chars().count() <= LONGEST;
        if seen.example.is_none() && !value.is_null() && is_short {
            seen.example = Some(value.to_string());
        }
    }
    match value {
        Json::Object(members) if OPEN.contains(&(vendor, kind, path)) => {
            for value in members.values() {
                collect((vendor, kind), &below("*"), value, fields);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                collect((vendor, kind), &below(name), value, fields);
            }
        }
        Json::Array(list) => {
            for value in list {
                collect((vendor, kind), &below("0"), value, fields);
            }
        }
        _ => {}
    }
}

fn form(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "number",
        Json::String(_) => "text",
        Json::Array(_) => "list",
        Json::Object(_) => "object",
    }
}

fn table(vendor: &str, fields: Fields) -> String {
    let rows = fields.into_iter().map(|((kind, path), Seen { forms, example })| {
        assert!(![&kind, &path].iter().any(|text| text.contains('\t')), "{vendor}: {kind} {path}");
        // Null comes last.
        let mut forms: Vec<&str> = forms.into_iter().collect();
        forms.sort_by_key(|form| *form == "null");
        format!("{kind}\t{path}\t{}\t{}\n", forms.join(" or "), example.unwrap_or_default())
    });
    rows.collect()
}
