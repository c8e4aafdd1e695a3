//! The `message` of a webhook: null, absent or a text, and in which language.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::common::settings;
use crate::common::walk::Walk;
use crate::{STEPS, Seen, ombori};

/// Walks with the default settings: guests of every language.
fn usual_walks() -> Vec<Seen> {
    let (vendor, catalogue) = ombori();
    let walks = (0..4).flat_map(|seed| {
        let settings = settings::defaults(catalogue.settings);
        let mut walk = Walk::new(vendor, catalogue.default_profile(), settings, seed);
        walk.go(4 * STEPS);
        walk.webhooks
    });
    let seen: Vec<Seen> = walks.map(|webhook| Seen::of(&webhook)).collect();
    assert!(seen.len() > 1_000, "only {} webhooks", seen.len());
    seen
}

#[test]
fn a_message_is_null_absent_or_a_text_as_the_examples_show() {
    for one in usual_walks() {
        let message = one.body.get("message");
        match one.trigger {
            "bookingUpdated" | "feedbackReceived" => assert_eq!(message, None, "{}", one.trigger),
            "bookingConfirmation"
            | "bookingActivated"
            | "positionRemoved"
            | "positionRetry"
            | "positionCalled" => {
                let text = message.and_then(Json::as_str).unwrap_or_default();
                assert!(!text.is_empty(), "{}: {message:?}", one.trigger);
            }
            _ => assert_eq!(message, Some(&Json::Null), "{}", one.trigger),
        }
    }
}

#[test]
fn messages_are_in_the_guests_language() {
    let mut texts: BTreeMap<(&str, String), BTreeSet<String>> = BTreeMap::new();
    for one in usual_walks() {
        let Some(message) = one.body["message"].as_str() else { continue };
        let locale = one.field("locale").as_str().expect("a locale");
        let arabic = message.chars().any(|letter| ('\u{600}'..='\u{6ff}').contains(&letter));
        assert_eq!(arabic, locale == "ar", "{locale}: {message}");
        // Without links, labels and times, each trigger has one text per language.
        let words = message.split_whitespace().filter(|word| {
            !word.contains("://") && !word.chars().any(|letter| letter.is_ascii_digit())
        });
        let words: Vec<_> = words.collect();
        texts.entry((one.trigger, locale.to_owned())).or_default().insert(words.join(" "));
    }
    assert_eq!(texts.len(), 5 * 3, "five triggers in three languages: {texts:#?}");
    let different: BTreeSet<_> = texts.values().flatten().collect();
    assert_eq!(different.len(), 5 * 3, "{texts:#?}");
}
