//! Money: every amount is the sum of its parts to the cent, also in the bytes. No floating-point
//! numbers are used here.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;
use standin::model::Settings;

use crate::for_any_run;
use crate::seen::{cents, list, replay, text, whole};

/// Whether an event's prices are without or with VAT (assumed values of `vat_option`).
const NET: i64 = 1;
const GROSS: i64 = 2;

/// The prices of one ticket, in cents.
#[derive(Debug, PartialEq)]
struct Prices {
    display: i64,
    ticket: i64,
    fees: i64,
    buyer: i64,
}

impl Prices {
    /// The prices from the organizer's values: whole euros, VAT in per cent, and whether it is
    /// included.
    fn computed(price: i64, vat_percent: i64, vat_option: i64, settings: &Settings) -> Self {
        assert!([NET, GROSS].contains(&vat_option), "vat_option {vat_option}");
        let (set, with_vat) = (price * 100, price * (100 + vat_percent));
        let ticket = if vat_option == NET { with_vat } else { set };
        let fees = if price == 0 { 0 } else { settings.integer("fee_cents") };
        Self { display: set, ticket, fees, buyer: ticket + fees }
    }

    /// The prices in a category of an event body.
    fn told(category: &Json) -> Self {
        Self {
            display: cents(&category["display_price"]),
            ticket: cents(&category["ticket_price"]),
            fees: cents(&category["ticket_fees"]),
            buyer: cents(&category["buyer_price"]),
        }
    }
}

#[test]
fn the_prices_of_a_ticket_add_up_to_what_the_buyer_pays() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_event()) {
            for category in list(&one.body, "ticket_categories") {
                cases += 1;
                let (price, vat) = (whole(&category["price"]), whole(&category["vat_percent"]));
                let option = whole(&one.body["vat_option"]);
                let right = Prices::computed(price, vat, option, &run.settings);
                assert_eq!(Prices::told(category), right, "{}", one.here());
                assert_eq!(category["vat"], category["vat_percent"]);
                let paid = price > 0;
                assert_eq!(one.body["has_coupons"], paid, "{}", one.here());
                assert_eq!(one.body["show_bank_transfer"], paid);
            }
        }
        cases
    });
}

/// The price of all tickets of an order, from the order's event.
fn sum(body: &Json, settings: &Settings) -> i64 {
    let event = &body["event"];
    let attendees = list(&body["order_details"], "attendees").iter();
    let prices = attendees.map(|attendee| {
        let id = &attendee["ticket"]["event_ticket_id"];
        let mut all = list(event, "ticket_categories").iter();
        let category = all.find(|category| category["id"] == *id);
        let category = category.unwrap_or_else(|| panic!("no category {id}: {body:#}"));
        assert_eq!(category["price"], category["organizer_price"]);
        let (price, vat) = (whole(&category["price"]), whole(&category["vat_percent"]));
        Prices::computed(price, vat, whole(&event["vat_option"]), settings).buyer
    });
    prices.sum()
}

#[test]
fn an_order_costs_the_sum_of_its_tickets_less_the_coupon() {
    for_any_run(200, |run| {
        let mut cases = 0;
        for one in run.seen.iter().filter(|one| one.is_order()) {
            let order = one.order();
            let (sum, discount) =
                (sum(&one.body, &run.settings), whole(&order["total_coupon_discount"]));
            let most = sum / 100;
            let coupon = order.get("promotion_code").is_some();
            let right = if coupon { run.settings.integer("coupon_euros").min(most) } else { 0 };
            cases += usize::from(discount > 0);
            assert_eq!(discount, right, "{}", one.here());
            let amount = text(&order["payment"], "amount");
            assert_eq!(cents(&order["payment"]["amount"]), sum - discount * 100, "{}", one.here());
            let places = amount.split_once('.').map(|(_, places)| places.len());
            assert_eq!(places, Some(2), "{amount} is written with two places");
        }
        cases
    });
}

#[test]
fn an_order_and_its_event_name_the_same_prices() {
    for_any_run(2_000, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, one| {
            let Some(event) = known.events.get(&one.event_id()).filter(|_| one.is_order()) else {
                return;
            };
            cases += 1;
            let mine = list(&one.body["event"], "ticket_categories");
            let its = list(event, "ticket_categories");
            assert_eq!(mine.len(), its.len());
            for (mine, its) in mine.iter().zip(its) {
                assert_eq!(whole(&mine["id"]), whole(&its["id"]));
                for key in ["name", "price", "vat", "vat_percent"] {
                    assert_eq!(mine[key], its[key], "{key} of {}", one.here());
                }
                let option = whole(&one.body["event"]["vat_option"]);
                let (price, vat) = (whole(&mine["price"]), whole(&mine["vat_percent"]));
                let right = Prices::computed(price, vat, option, &run.settings);
                assert_eq!(Prices::told(its), right);
            }
        });
        cases
    });
}

#[test]
fn the_revenue_is_what_was_paid_for_the_orders_that_stand() {
    for_any_run(10, |run| {
        let mut cases = 0;
        replay(&run.seen, |known, one| {
            if !one.is_event() {
                return;
            }
            let stand = known.orders_of(&one.id()).into_iter().filter(|order| {
                order.order()["status"] == "active" && order.order()["payment"]["status"] == "paid"
            });
            let paid: i64 = stand.map(|order| cents(&order.order()["payment"]["amount"])).sum();
            cases += usize::from(paid > 0);
            assert_eq!(cents(&one.body["total_revenue"]), paid, "{}", one.here());
        });
        cases
    });
}

/// A number outside strings: strings are matched first and ignored.
static NUMBERS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#""(?:[^"\\]|\\.)*"|(-?[0-9][0-9.eE+-]*)"#).expect("a pattern"));

#[test]
fn no_number_in_the_bytes_has_more_than_two_places_or_an_exponent() {
    let short = Regex::new(r"^-?(0|[1-9]\d*)(\.\d?[1-9])?$").expect("a pattern");
    for_any_run(100_000, |run| {
        let mut cases = 0;
        for one in &run.seen {
            let bytes = std::str::from_utf8(&one.bytes).expect("JSON is UTF-8");
            for found in NUMBERS.captures_iter(bytes).filter_map(|found| found.get(1)) {
                cases += 1;
                assert!(short.is_match(found.as_str()), "{} in {}", found.as_str(), one.here());
            }
        }
        cases
    });
}
