//! Rules for every webhook of traffic and random walks: schema, names, order.

use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::Value as Json;
use standin::chance::Chance;
use standin::model::{Profile, Webhook};
use standin::vendors::Vendor;

use crate::common::walk::Walk;
use crate::common::{settings, traffic};
use crate::profiles;

/// How many webhooks of traffic are checked, per profile.
const OF_TRAFFIC: usize = 800;
/// How many walks with random settings, and how long each is.
const WALKS: u64 = 4;
const STEPS: usize = 300;
/// The least number of schemas in a profile. A shorter list has lost some.
const SCHEMAS_AT_LEAST: usize = 6;

#[test]
fn every_trigger_of_a_profile_has_a_schema_and_no_other_has() {
    for (vendor, profile) in profiles() {
        let mut schemas = 0;
        for trigger in vendor.catalogue().triggers {
            let schema = vendor.schema(profile, trigger.name);
            let subscribed = trigger.profiles.contains(&profile.name);
            assert_eq!(schema.is_some(), subscribed, "{}: {}", profile.name, trigger.name);
            if let Some(schema) = schema {
                schemas += 1;
                let right = jsonschema::meta::validate(&schema);
                assert!(right.is_ok(), "{}: {}: {right:?}", profile.name, trigger.name);
            }
        }
        assert!(schemas >= SCHEMAS_AT_LEAST, "{}: only {schemas} schemas", profile.name);
        assert_eq!(vendor.schema(profile, "no such trigger"), None);
    }
}

#[test]
fn every_webhook_keeps_its_schema_and_says_what_it_is() {
    for (vendor, profile) in profiles() {
        let schemas = schemas(vendor, profile);
        let mut cases = 0;
        for webhook in streams(vendor, profile).iter().flatten() {
            let place = format!("{} {} by `{}`", profile.name, webhook.trigger, webhook.action);
            let body: Json = serde_json::from_slice(&webhook.body).expect("a body is JSON");
            let schema = schemas.get(webhook.trigger);
            let schema = schema.unwrap_or_else(|| panic!("{place}: not of this profile"));
            let wrong: Vec<String> = schema.iter_errors(&body).map(|e| e.to_string()).collect();
            assert!(wrong.is_empty(), "{place}: {body:#}\n{}", wrong.join("\n"));
            says_what_it_is(vendor, webhook, &body, &place);
            cases += 1;
        }
        assert!(cases >= OF_TRAFFIC, "{}: only {cases} webhooks", profile.name);
    }
}

fn says_what_it_is(vendor: &'static dyn Vendor, webhook: &Webhook, body: &Json, place: &str) {
    let catalogue = vendor.catalogue();
    if let Some(pointer) = catalogue.trigger_pointer {
        let named = body.pointer(pointer).and_then(Json::as_str);
        assert_eq!(named, Some(webhook.trigger), "{place}");
    }
    // An id may be a number in the body.
    let trigger = catalogue.trigger(webhook.trigger).expect("it has a schema");
    let id = match body.pointer(trigger.id_pointer) {
        Some(Json::String(id)) => id.clone(),
        Some(id) => id.to_string(),
        None => panic!("{place}: no id at {}", trigger.id_pointer),
    };
    assert_eq!(id, webhook.subject.id, "{place}");
    assert_eq!(webhook.vendor, catalogue.vendor, "{place}");
    assert_eq!(webhook.subject.kind, trigger.subject, "{place}");
    let action = catalogue.action(webhook.action);
    let action = action.unwrap_or_else(|| panic!("{place}: no such action"));
    assert!(action.causes.contains(&webhook.trigger), "{place}: it does not cause that");
}

#[test]
fn time_never_moves_backwards_and_nothing_is_left_out_of_the_count() {
    for (vendor, profile) in profiles() {
        for webhooks in streams(vendor, profile) {
            assert!(!webhooks.is_empty(), "{}: nothing happened", profile.name);
            for (place, webhook) in webhooks.iter().enumerate() {
                assert_eq!(webhook.seq, place as u64);
                assert_eq!(webhook.at.subsec_nanosecond() % 1_000_000, 0, "{}", webhook.at);
            }
            for pair in webhooks.windows(2) {
                assert!(pair[0].at <= pair[1].at, "{pair:?}");
            }
        }
    }
}

/// A stream of traffic, and some of walks with random settings.
fn streams(vendor: &'static dyn Vendor, profile: &'static Profile) -> Vec<Vec<Webhook>> {
    let mut streams = vec![traffic(vendor, profile, 11, OF_TRAFFIC)];
    for seed in 0..WALKS {
        let settings = settings::any(vendor.catalogue().settings, &mut Chance::from_seed(seed));
        let mut walk = Walk::new(vendor, profile, settings, seed);
        walk.go(STEPS);
        streams.push(walk.webhooks);
    }
    streams
}

fn schemas(
    vendor: &'static dyn Vendor,
    profile: &'static Profile,
) -> BTreeMap<&'static str, Validator> {
    let triggers = vendor.catalogue().triggers.iter();
    triggers
        .filter_map(|trigger| {
            let schema = vendor.schema(profile, trigger.name)?;
            let validator = jsonschema::validator_for(&schema);
            Some((trigger.name, validator.unwrap_or_else(|e| panic!("{}: {e}", trigger.name))))
        })
        .collect()
}
