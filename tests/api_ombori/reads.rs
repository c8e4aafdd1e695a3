//! A read returns the values of the last webhook.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use standin::chance::Chance;
use standin::model::Webhook;
use standin::sim::{AccountIndex, Simulation};

use crate::client::ombori;
use crate::common::walk::Walk;
use crate::common::{open, settings, traffic};

const SEEDS: u64 = 30;
const STEPS: usize = 200;

/// The positions in the last webhooks, by id.
type Told = BTreeMap<String, Json>;

fn take_in(told: &mut Told, webhooks: &[Webhook]) {
    for webhook in webhooks {
        let body: Json = serde_json::from_slice(&webhook.body).expect("a body is JSON");
        let position = body["data"]["position"].clone();
        told.insert(position["id"].as_str().expect("an id").to_owned(), position);
    }
}

/// Compares every position with its last webhook. Returns how many values were compared.
fn compare(sim: &Simulation, account: AccountIndex, told: &Told) -> usize {
    let mut compared = 0;
    for subject in sim.subjects(account) {
        let Some(last) = told.get(&sim.subject(account, subject).id) else { continue };
        let read = sim.api_object(account, subject).expect("it can be read");
        for (key, value) in last.as_object().expect("an object") {
            let shown = read.get(key).unwrap_or(&Json::Null);
            let nothing = value.is_null() || *value == json!({});
            let same = match key.as_str() {
                "location" | "bookingReminderAt" => shown.is_null(),
                _ if nothing => shown.is_null(),
                // The feedback webhook has no recipient.
                "notification" => {
                    shown["type"] == value["type"]
                        && shown["settings"]["to"] == value["settings"]["to"]
                }
                _ => shown == value,
            };
            assert!(same, "{key} of {read:#} and {last:#}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn every_read_is_what_the_last_webhook_told_over_random_walks() {
    let mut compared = 0;
    for seed in 0..SEEDS {
        let catalogue = ombori().catalogue();
        let mut chance = Chance::from_seed(seed);
        let profile = &catalogue.profiles[seed as usize % catalogue.profiles.len()];
        let settings = settings::any(catalogue.settings, &mut chance);
        // Without bookingUpdated, a later webhook shows the moved slot, or none does.
        let updated = ["2021-02", "position-model"].contains(&profile.name);
        let silent_reset = settings.text("reset_fires") == "nothing";
        let mut walk = Walk::new(ombori(), profile, settings, seed);
        let mut told = Told::new();
        let mut taken = 0;
        for _ in 0..STEPS {
            let step = walk.go(1).pop().expect("a step");
            take_in(&mut told, &walk.webhooks[taken..]);
            taken = walk.webhooks.len();
            let silent = match step.action.call {
                "reschedule" => !updated,
                "reset" => silent_reset,
                _ => false,
            };
            if let (true, Some(subject)) = (silent, step.call.subject()) {
                told.remove(&walk.sim.subject(walk.account, subject).id);
            }
            compared += compare(&walk.sim, walk.account, &told);
        }
    }
    assert!(compared > 100_000, "only {compared} values");
}

#[test]
fn every_read_is_what_the_last_webhook_told_over_the_traffic_of_a_day() {
    let mut compared = 0;
    for profile in ["2021-02", "position-model"] {
        let catalogue = ombori().catalogue();
        let own = settings::defaults(catalogue.settings);
        let profile = catalogue.profile(profile).expect("a profile");
        let (mut sim, account) = open(ombori(), profile, own.clone(), 5);
        sim.populate(account, &own, &settings::defaults(catalogue.traffic));
        let expected = traffic(ombori(), profile, 5, 1_500);
        let (mut told, mut webhooks, mut taken) = (Told::new(), Vec::new(), 0);
        while webhooks.len() < expected.len() {
            sim.step(&mut webhooks);
            if webhooks.len() > taken + 100 || webhooks.len() == expected.len() {
                take_in(&mut told, &webhooks[taken..]);
                taken = webhooks.len();
                compared += compare(&sim, account, &told);
            }
        }
    }
    assert!(compared > 20_000, "only {compared} values");
}
