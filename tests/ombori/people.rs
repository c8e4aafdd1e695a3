//! Invented people: their names fit their language, their numbers differ, and staff have addresses
//! of their own.

use std::collections::{BTreeMap, BTreeSet};

use standin::model::Settings;
use standin::phrase;

use crate::common::open;
use crate::{Seen, fiction, ombori};

/// How many accounts there are, and how many guests each has.
const SEEDS: u64 = 6;
const GUESTS: usize = 3_135;

/// Walk-ins who are called and checked in, at an account with a form that asks for everything.
fn guests(seed: u64, count: usize) -> Vec<Seen> {
    let (vendor, catalogue) = ombori();
    let given = [("registration", "name, phone, email")];
    let settings = Settings::check(catalogue.settings, given).expect("known");
    let (mut sim, account) = open(vendor, catalogue.default_profile(), settings.clone(), seed);
    let traffic = [("arrivals", vec!["120"; 24].join(",")), ("bookings", "0%".to_owned())];
    let traffic = traffic.iter().map(|(name, text)| (*name, text.as_str()));
    let traffic = Settings::check(catalogue.traffic, traffic).expect("known");
    sim.populate(account, &settings, &traffic);
    let mut webhooks = Vec::new();
    let mut made = 0;
    while made < count {
        let before = webhooks.len();
        sim.step(&mut webhooks);
        made += webhooks[before..].iter().filter(|one| one.trigger == "positionCreated").count();
    }
    webhooks.iter().map(Seen::of).collect()
}

#[test]
fn numbers_and_names_are_many_and_fit_the_language() {
    let mut cases = 0;
    for seed in 0..SEEDS {
        let seen = guests(seed, GUESTS);
        let (mut numbers, mut addresses) = (BTreeSet::new(), BTreeMap::<String, u32>::new());
        let mut numbered = 0;
        for one in seen.iter().filter(|one| one.trigger == "positionCreated") {
            let form = one.field("registrationData");
            let value = |key: &str| form[key]["value"].as_str().expect("an answer").to_owned();
            let (name, number, address) = (value("name"), value("phone"), value("email"));
            let arabic = name.chars().any(|it| ('\u{600}'..'\u{700}').contains(&it));
            assert_eq!(arabic, one.field("locale") == "ar", "{name}");
            assert!(number.is_empty() || fiction::is_reserved(&number), "{number}");
            if one.field("locale") == "sv" {
                assert!(number.is_empty() || number.starts_with("+46"), "{name}: {number}");
            }
            let local = address.strip_suffix("@example.test").expect("it cannot exist");
            assert!(
                local
                    .chars()
                    .all(|it| it.is_ascii_lowercase() || "._".contains(it) || it.is_ascii_digit()),
                "{address}"
            );
            numbered += usize::from(local.ends_with(|it: char| it.is_ascii_digit()));
            numbers.insert(number);
            *addresses.entry(address).or_default() += 1;
            cases += 1;
        }
        assert!(numbers.len() > 1_000, "seed {seed}: only {} numbers", numbers.len());
        assert!(addresses.len() > 1_500, "seed {seed}: only {} addresses", addresses.len());
        assert!(numbered * 5 < GUESTS, "seed {seed}: {numbered} addresses have a number");
    }
    assert!(cases >= SEEDS as usize * GUESTS, "only {cases} cases");
}

#[test]
fn staff_have_addresses_of_staff_and_no_two_the_same() {
    let mut cases = 0;
    for seed in 0..SEEDS {
        let mut addresses = BTreeMap::new();
        for one in guests(seed, 300) {
            let staff = one.field("servedBy");
            let Some(id) = staff["id"].as_str() else { continue };
            let address = staff["email"].as_str().expect("an address").to_owned();
            assert!(address.ends_with("@staff.example.test"), "{address}");
            let before = addresses.insert(address, id.to_owned());
            assert!(before.is_none_or(|before| before == id), "two have one address");
        }
        cases += addresses.len();
    }
    assert!(cases > 20, "only {cases} cases");
}

#[test]
fn a_given_name_gets_a_family_name_in_the_same_letters() {
    let (vendor, catalogue) = ombori();
    let (mut latin, mut arabic) = (0, 0);
    for seed in 0..200 {
        let given = [("registration", "name"), ("locales", "ar")];
        let settings = Settings::check(catalogue.settings, given).expect("known");
        let (mut sim, account) = open(vendor, catalogue.default_profile(), settings, seed);
        for who in ["Anna", "ليلى"] {
            let said = phrase::read(catalogue, &format!("{who} takes a walk-in ticket"));
            let mut webhooks = Vec::new();
            sim.say(account, &said.expect("a phrase"), &mut webhooks).expect("it is legal");
            let seen = Seen::of(&webhooks[0]);
            let name = seen.field("registrationData")["name"]["value"].as_str().expect("a name");
            let family = name.strip_prefix(who).expect("the given name").trim();
            let is_arabic = family.chars().any(|it| ('\u{600}'..'\u{700}').contains(&it));
            assert_eq!(is_arabic, who != "Anna", "{name}");
            latin += u32::from(!is_arabic);
            arabic += u32::from(is_arabic);
        }
    }
    assert_eq!((latin, arabic), (200, 200));
}
