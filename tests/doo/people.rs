//! Invented bookers: towns fit their ZIP codes and countries, names fit the language, and what
//! differs in life differs here.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{settings, traffic};
use crate::doo;
use crate::seen::{Seen, list, text};

/// How many seeds are tried, and how many webhooks of each.
const SEEDS: u64 = 8;
const WEBHOOKS: usize = 3_000;

#[test]
fn addresses_fit_and_companies_names_and_order_numbers_are_many() {
    let (vendor, catalogue) = doo();
    assert!(!settings::defaults(catalogue.settings).text("organizer").is_empty());
    let (mut cases, mut numbered) = (0, 0);
    let mut companies = BTreeSet::new();
    let mut towns = BTreeMap::<String, String>::new();
    for seed in 0..SEEDS {
        let (mut orders, mut numbers) = (BTreeSet::new(), BTreeSet::new());
        let mut paid = 0;
        for webhook in traffic(vendor, catalogue.default_profile(), seed, WEBHOOKS) {
            let seen = Seen::of(&webhook);
            if !seen.trigger.starts_with("order_") {
                continue;
            }
            let order = seen.order();
            if !orders.insert(text(order, "id").to_owned()) {
                continue;
            }
            let (zip, city) = (text(order, "zip").to_owned(), text(order, "city").to_owned());
            let country = text(&order["country"], "en");
            let digits = if ["Germany", "United States"].contains(&country) { 5 } else { 4 };
            assert_eq!(zip.len(), digits, "{zip} {city}, {country}");
            let known = towns.entry(format!("{country} {zip}")).or_insert_with(|| city.clone());
            assert_eq!(*known, city, "{zip} is two towns");
            let german = text(order, "street").contains(['ß', 'ä', 'ö', 'ü'])
                || text(order, "street").ends_with("weg");
            assert!(!german || country != "United States", "{order:#}");
            companies.insert(text(order, "company_name").to_owned());
            let people = list(order, "attendees").iter().chain([order]);
            for address in people.filter_map(|one| one["email"].as_str()) {
                let local = address.strip_suffix("@example.test").expect("it cannot exist");
                assert!(!local.starts_with("guest"), "{address}");
                numbered += u32::from(local.ends_with(|it: char| it.is_ascii_digit()));
                cases += 1;
            }
            paid += usize::from(order["payment"]["method"] != "free");
            for answer in list(order, "buyer_answers") {
                if text(answer, "question") == "Purchase order number" {
                    numbers.insert(text(answer, "answer").to_owned());
                }
            }
        }
        assert!(numbers.len() * 10 > paid * 9, "{} of {paid}", numbers.len());
    }
    assert!(cases > 2_000 && numbered * 5 < cases, "{numbered} of {cases} have a number");
    assert!(companies.len() > 200 && towns.len() > 25, "{}, {}", companies.len(), towns.len());
}
