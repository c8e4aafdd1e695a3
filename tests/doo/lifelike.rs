//! What a reader of an account would stumble over: a salutation that does not fit, a company of another
//! country, an answer to another question, a code for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value as Json;

use crate::common::traffic;
use crate::doo;
use crate::seen::{Seen, list, text};

/// How many seeds are tried, and how many webhooks of each.
const SEEDS: u64 = 8;
const WEBHOOKS: usize = 3_000;

fn runs() -> &'static [Vec<Seen>] {
    static RUNS: LazyLock<Vec<Vec<Seen>>> = LazyLock::new(|| {
        let (vendor, catalogue) = doo();
        let profile = catalogue.default_profile();
        let run = |seed| traffic(vendor, profile, seed, WEBHOOKS).iter().map(Seen::of).collect();
        (0..SEEDS).map(run).collect()
    });
    &RUNS
}

/// Every webhook about an order.
fn orders() -> impl Iterator<Item = &'static Seen> {
    runs().iter().flatten().filter(|one| one.is_order())
}

#[test]
fn a_salutation_fits_the_given_name() {
    const WOMEN: [&str; 8] =
        ["Anna", "Sabine", "Petra", "Ursula", "Julia", "Sarah", "Emily", "Karin"];
    const MEN: [&str; 8] = ["Thomas", "Klaus", "Jürgen", "Stefan", "Uwe", "Robert", "John", "Dirk"];
    let (mut cases, mut doctors, mut professors) = (0, 0, 0);
    for one in orders() {
        let order = one.order();
        for person in list(order, "attendees").iter().chain([order]) {
            let Some(salutation) = person["salutation"].as_str() else { continue };
            let name = text(person, "first_name");
            let known = WOMEN.contains(&name) || MEN.contains(&name);
            if known {
                let fits = if MEN.contains(&name) { "1" } else { "2" };
                assert_eq!(salutation, fits, "{name}");
                cases += 1;
            }
            doctors += u32::from(person["title"] == "1");
            professors += u32::from(person["title"] == "2");
        }
    }
    assert!(cases > 500, "only {cases} cases");
    assert!(doctors > professors && professors > 0, "{doctors} doctors, {professors} professors");
}

#[test]
fn companies_streets_and_houses_fit_the_country() {
    let mut cases = BTreeMap::<&str, u32>::new();
    for one in orders() {
        let order = one.order();
        let country = text(&order["country"], "en");
        let [company, street, house] =
            ["company_name", "street", "house_num"].map(|name| text(order, name));
        let ends = |forms: &[&str]| forms.iter().any(|form| company.ends_with(form));
        let american = ends(&["LLC", "LLP", "Inc.", "Corp.", "Studios", "Foundation"]);
        assert_eq!(american, country == "United States", "{company}, {country}");
        let austrian = ends(&["OG", "Handels-GmbH"]);
        assert!(!austrian || country == "Austria", "{company}, {country}");
        let english = ["Street", "Road", "Lane", "Avenue"].iter().any(|end| street.ends_with(end));
        assert_eq!(english, country == "United States", "{street}, {country}");
        if country == "Switzerland" {
            assert!(!format!("{street} {company}").contains('ß'), "{street}, {company}");
        }
        let lettered = house.ends_with(|letter: char| letter.is_ascii_alphabetic());
        assert!(!lettered || country != "United States", "{house} {street}");
        *cases.entry(country).or_default() += 1;
    }
    assert!(cases.len() == 4 && cases.values().all(|count| *count > 300), "{cases:?}");
}

#[test]
fn who_pays_nothing_has_neither_a_purchase_order_nor_a_promotion_code() {
    let (mut free, mut paid, mut coupons) = (0, 0, 0);
    for one in orders() {
        let order = one.order();
        let asked = list(order, "buyer_answers").iter();
        let purchases =
            asked.filter(|answer| text(answer, "question") == "Purchase order number").count();
        let is_free = order["payment"]["method"] == "free";
        assert_eq!(purchases, usize::from(!is_free), "{}", one.here());
        let coupon = !order["promotion_code"].is_null();
        assert!(!(is_free && coupon), "{}", one.here());
        *(if is_free { &mut free } else { &mut paid }) += 1;
        coupons += u32::from(coupon);
    }
    assert!(free > 1_000 && paid > 5_000 && coupons > 300, "{free}, {paid}, {coupons}");
}

#[test]
fn an_event_has_a_few_access_codes_and_events_differ() {
    let mut codes = BTreeMap::<(usize, String), BTreeSet<&str>>::new();
    for (run, seen) in runs().iter().enumerate() {
        for one in seen.iter().filter(|one| one.is_order()) {
            if let Some(code) = one.order()["access_code"].as_str() {
                codes.entry((run, one.event_id())).or_default().insert(code);
            }
        }
    }
    assert!(codes.len() > 20 && codes.values().all(|of_event| of_event.len() <= 3), "{codes:?}");
    let all: BTreeSet<&str> = codes.values().flatten().copied().collect();
    assert!(all.len() > 4, "{all:?}");
}

#[test]
fn who_is_asked_for_a_workshop_names_no_dish() {
    let mut answers = BTreeMap::<&str, BTreeSet<&str>>::new();
    for attendee in orders().flat_map(|one| list(one.order(), "attendees")) {
        for answer in attendee["answers"].as_array().into_iter().flatten() {
            answers.entry(text(answer, "question")).or_default().insert(text(answer, "answer"));
        }
    }
    let all: Vec<&BTreeSet<&str>> = answers.values().collect();
    assert!(all.len() == 2 && all.iter().all(|one| one.len() > 3), "{answers:?}");
    assert!(all[0].is_disjoint(all[1]), "{answers:?}");
    let workshops = &answers["Which workshop do you want to join?"];
    assert!(workshops.contains("Welding") && !workshops.contains("Crème brûlée"), "{workshops:?}");
}

/// The values of a field of each subject, in order and without repetition.
fn changes<'a>(
    seen: &'a [Seen],
    kind: &str,
    field: impl Fn(&'a Seen) -> &'a Json,
) -> Vec<Vec<&'a str>> {
    crate::seen::lives(seen, kind)
        .into_iter()
        .map(|life| {
            let mut values: Vec<&str> =
                life.into_iter().map(|one| field(one).as_str().expect("a text")).collect();
            values.dedup();
            values
        })
        .collect()
}

#[test]
fn an_edited_title_begins_as_the_first_one_did() {
    let mut edits = 0;
    for titles in runs().iter().flat_map(|seen| changes(seen, "event_", |one| &one.body["title"])) {
        // An event that is on sale from the start is first seen when it is edited.
        let first = titles[0].split(" – ").next().expect("a title");
        let first = first.split(" in ").next().expect("a title");
        let first = first.trim_end_matches(|letter: char| letter.is_ascii_digit());
        for title in &titles[1..] {
            assert!(title.starts_with(first.trim_end_matches([' ', '#'])), "{titles:?}");
            edits += 1;
        }
    }
    assert!(edits > 40, "only {edits} edits");
}

#[test]
fn a_corrected_name_is_that_of_the_same_person() {
    let mut corrected = 0;
    for seen in runs() {
        let first = changes(seen, "order_", |one| &one.order()["first_name"]);
        let last = changes(seen, "order_", |one| &one.order()["last_name"]);
        for (first, last) in first.iter().zip(&last) {
            assert_eq!(first.len(), 1, "{first:?} {last:?}");
            corrected += last.len() - 1;
        }
    }
    assert!(corrected > 100, "only {corrected} corrected names");
}
