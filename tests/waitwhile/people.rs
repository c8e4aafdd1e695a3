//! Invented guests: names and numbers fit the language of the guest.

use std::collections::BTreeSet;

use crate::common::traffic;
use crate::replay::{Seen, text};
use crate::{fiction, waitwhile};

/// How many seeds are tried, and how many webhooks of each.
const SEEDS: u64 = 6;
const WEBHOOKS: usize = 8_000;

#[test]
fn names_and_numbers_fit_the_language_and_differ() {
    let (vendor, catalogue) = waitwhile();
    let (mut cases, mut german, mut spanish) = (0, 0, 0);
    for seed in 0..SEEDS {
        let mut numbers = BTreeSet::new();
        let webhooks = traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS);
        let mut guests = 0;
        for one in webhooks.iter().map(Seen::of).filter(|one| one.trigger == "visit.created") {
            let visit = one.object();
            let (name, locale) = (text(visit, "name"), &visit["locale"]);
            if name.is_empty() {
                continue;
            }
            if !locale.is_null() {
                // Only guests of unknown language come from anywhere.
                let foreign = |it: char| it >= '\u{370}' && !('\u{1e00}'..'\u{2070}').contains(&it);
                assert!(!name.chars().any(foreign), "{locale}: {name}");
                cases += 1;
            }
            german += u32::from(*locale == "de-DE");
            spanish += u32::from(*locale == "es-US");
            let Some(number) = visit["phone"].as_str().filter(|number| !number.is_empty()) else {
                continue;
            };
            guests += 1;
            assert!(fiction::is_reserved(number), "{number}");
            let home = if locale == "de-DE" { "+49" } else { "+1" };
            assert!(number.starts_with(home), "{locale}: {number}");
            numbers.insert(number.to_owned());
        }
        assert!(numbers.len() * 10 > guests * 8, "{} of {guests} numbers differ", numbers.len());
    }
    assert!(cases > 1_500 && german > 300 && spanish > 300, "{cases}, {german}, {spanish}");
}

/// Parts of the placeholder names that sample identity cards and sample forms show.
const SPECIMENS: [&str; 4] = ["Muster", "Doe", "Gabler", "Dalgoßen"];

#[test]
fn nobody_has_the_name_of_a_specimen() {
    let (vendor, catalogue) = waitwhile();
    let mut german = BTreeSet::new();
    for seed in 0..SEEDS {
        let webhooks = traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS);
        for one in webhooks.iter().map(Seen::of).filter(|one| one.trigger == "visit.created") {
            let name = text(one.object(), "name");
            assert!(!SPECIMENS.iter().any(|specimen| name.contains(specimen)), "{name}");
            if one.object()["locale"] == "de-DE" {
                german.insert(name.to_owned());
            }
        }
    }
    assert!(german.len() > 300, "only {} German names", german.len());
}

/// In the examples of seed 002, a visit without a browser has neither an address nor a language.
#[test]
fn whom_staff_add_no_browser_tells_of() {
    let (vendor, catalogue) = waitwhile();
    let (mut added, mut joined) = (0, 0);
    for seed in 0..SEEDS {
        let webhooks = traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS);
        for one in webhooks.iter().map(Seen::of).filter(|one| one.trigger == "visit.created") {
            let visit = one.object();
            match one.action {
                "add" => {
                    let tells = (&visit["remoteIp"], &visit["locale"]);
                    assert_eq!(tells, (&"".into(), &serde_json::Value::Null), "{visit:#}");
                    added += 1;
                }
                "join" => {
                    assert_ne!(visit["remoteIp"], "", "{visit:#}");
                    joined += u32::from(!visit["locale"].is_null());
                }
                _ => {}
            }
        }
    }
    assert!(added > 200 && joined > 500, "{added} were added, {joined} joined");
}

#[test]
fn a_corrected_name_is_that_of_the_same_guest() {
    let (vendor, catalogue) = waitwhile();
    let mut corrected = 0;
    for seed in 0..SEEDS {
        let webhooks = traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS);
        for one in webhooks.iter().map(Seen::of).filter(|one| one.action == "rename") {
            let [before, after] = ["before", "after"].map(|side| &one.body[side]);
            if one.trigger == "visit.updated" {
                assert_eq!(before["firstName"], after["firstName"], "{after:#}");
                assert_ne!(before["lastName"], after["lastName"], "{after:#}");
                corrected += 1;
            }
        }
    }
    assert!(corrected > 12, "only {corrected} names");
}
