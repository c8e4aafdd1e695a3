//! Traffic has the shape of a ticket sale: a rush when it opens, payments days later, decisions
//! within hours, check-ins on the day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};
use standin::clock::after;
use standin::model::Settings;

use crate::common::{open, settings};
use crate::doo;
use crate::seen::{Seen, lives, text, written};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Long enough for some events to be sold and to end.
const DAYS: u32 = 52;

/// A sale with these settings.
fn sale(given: &[(&str, &str)]) -> (Vec<Seen>, Settings) {
    let (vendor, catalogue) = doo();
    let account_settings =
        Settings::check(catalogue.settings, given.iter().copied()).expect("known settings");
    let profile = catalogue.default_profile();
    let (mut sim, account) = open(vendor, profile, account_settings.clone(), 11);
    sim.populate(account, &account_settings, &settings::defaults(catalogue.traffic));
    let mut webhooks = Vec::new();
    let end = after(sim.now(), DAY * DAYS);
    sim.advance(end, &mut webhooks);
    (webhooks.iter().map(Seen::of).collect(), account_settings)
}

/// Events with each pricing, every other one with approval.
static SALE: LazyLock<(Vec<Seen>, Settings)> =
    LazyLock::new(|| sale(&[("prices", "gross, net, free"), ("approval", "off, on")]));

/// The webhooks that an action caused, by the id of their subject.
fn by_action<'a>(seen: &'a [Seen], actions: &[&str]) -> Vec<&'a Seen> {
    seen.iter().filter(|one| actions.contains(&one.action) && one.is_order()).collect()
}

fn median(mut times: Vec<SignedDuration>) -> SignedDuration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The time from an order's first webhook, or from the one of this action, to the one of that
/// action.
fn waits<'a>(
    lives: impl IntoIterator<Item = Vec<&'a Seen>>,
    from: &[&str],
    to: &[&str],
) -> Vec<SignedDuration> {
    let mut waits = Vec::new();
    for life in lives {
        let at = |actions: &[&str]| life.iter().rfind(|one| actions.contains(&one.action));
        let pair = at(from).or(life.first()).zip(at(to));
        waits.extend(pair.map(|(from, to)| to.at.duration_since(from.at)));
    }
    waits
}

#[test]
fn more_is_sold_in_the_first_hour_than_in_any_later_one() {
    let (seen, _) = &*SALE;
    let mut sales: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.trigger == "order_created") {
        sales.entry(one.event_id()).or_default().push(one.at);
    }
    assert!(sales.len() > 3, "only {} events were sold", sales.len());
    sales.retain(|_, orders| orders.len() >= 40);
    assert!(sales.len() > 1, "only {} of them well enough to have a shape", sales.len());
    for (event, orders) in &sales {
        let mut hours: BTreeMap<i64, usize> = BTreeMap::new();
        for at in orders {
            *hours.entry(at.duration_since(orders[0]).as_hours()).or_default() += 1;
        }
        let first = hours[&0];
        let later = hours.range(1..).map(|(_, orders)| *orders).max().unwrap_or_default();
        assert!(first > later, "event {event}: {first} in the first hour, {later} in a later one");
        assert!(hours.len() > 12, "event {event}: and it goes on: {hours:?}");
    }
}

#[test]
fn bank_transfers_arrive_days_after_the_booking() {
    let (seen, _) = &*SALE;
    let mut lives = lives(seen, "order_");
    lives.retain(|life| life[0].order()["payment"]["method"] == "bank_transfer");
    let waits = waits(lives, &["approve"], &["pay"]);
    assert!(waits.len() > 30, "{} payments arrived", waits.len());
    let middle = median(waits);
    assert!((24..24 * 8).contains(&middle.as_hours()), "{middle} in the middle");
}

#[test]
fn some_transfers_never_arrive_and_not_all_orders_are_paid_by_transfer() {
    let (seen, _) = &*SALE;
    let methods: Vec<&str> = seen
        .iter()
        .filter(|one| one.trigger == "order_created")
        .map(|one| text(&one.order()["payment"], "method"))
        .collect();
    for method in ["credit_card", "paypal", "bank_transfer", "free"] {
        assert!(methods.contains(&method), "{method}");
    }
    let unpaid = |one: &&&Seen| one.order()["payment"]["status"] == "open";
    let given_up = by_action(seen, &["cancel-booking"]);
    assert!(given_up.iter().any(|one| unpaid(&one)), "of {}", given_up.len());
}

#[test]
fn organizers_decide_within_hours_and_mostly_approve() {
    let (seen, _) = &*SALE;
    let (approved, denied) = (by_action(seen, &["approve"]), by_action(seen, &["deny"]));
    assert!(!by_action(seen, &["flag"]).is_empty(), "some are flagged first");
    let share = denied.len() * 100 / (approved.len() + denied.len());
    assert!((3..30).contains(&share), "{share} % of {} are denied", approved.len() + denied.len());
    let middle = median(waits(lives(seen, "order_"), &[], &["approve", "deny"]));
    assert!((1..24).contains(&middle.as_hours()), "{middle} in the middle");
}

/// Whether this local time, as bodies have it, is on a working day from 8 to 18 o'clock.
fn is_working(now: &str) -> bool {
    let day: Date = now[..10].parse().expect("a date");
    let hour: u8 = now[11..13].parse().expect("an hour");
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && (8..18).contains(&hour)
}

#[test]
fn organizers_and_banks_work_in_working_hours() {
    let (seen, settings) = &*SALE;
    let mut worked = by_action(seen, &["approve", "deny", "flag", "remove", "cancel-booking"]);
    let transfers = by_action(seen, &["pay"]).into_iter();
    let transfers = transfers.filter(|one| one.order()["payment"]["method"] == "bank_transfer");
    worked.extend(transfers);
    assert!(worked.len() > 200, "only {}", worked.len());
    for one in worked {
        let now = written(one.at, settings);
        assert!(is_working(&now), "{now}: {}", one.here());
    }
}

#[test]
fn orders_have_up_to_four_tickets_and_events_differ_in_hour_and_demand() {
    let (seen, _) = &*SALE;
    let (mut sizes, mut sold, mut hours) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
    for one in seen.iter().filter(|one| one.trigger == "order_created") {
        let tickets = one.order()["attendees"].as_array().map_or(0, Vec::len);
        sizes.insert(tickets);
        *sold.entry(one.event_id()).or_insert(0) += tickets;
        hours.insert(text(&one.body["event"], "start_date")[11..].to_owned());
    }
    assert_eq!(sizes, BTreeSet::from([1, 2, 3, 4]));
    let (least, most) = (sold.values().min(), sold.values().max());
    assert!(least.zip(most).is_some_and(|(least, most)| least * 2 < *most), "{sold:?}");
    assert!(hours.len() > 3, "{hours:?}");
    assert!(hours.iter().all(|hour| hour.ends_with(":00:00") || hour.ends_with(":30:00")));
}

#[test]
fn tickets_are_checked_in_on_the_day_of_the_event_alone() {
    let (seen, settings) = &*SALE;
    let entries = by_action(seen, &["check-in"]);
    assert!(entries.len() > 100, "only {}", entries.len());
    for one in &entries {
        let now = written(one.at, settings);
        let event = &one.body["event"];
        let (start, end) = (text(event, "start_date"), text(event, "end_date"));
        assert!(start[..10] <= now[..10] && now[..] <= *end, "{now}: {}", one.here());
    }
    let undone = by_action(seen, &["undo-check-in"]).len();
    assert!(undone * 10 < entries.len(), "{undone} of {} are undone", entries.len());
}

#[test]
fn some_orders_are_corrected_cancelled_and_removed_and_most_are_not() {
    let (seen, _) = &*SALE;
    let orders = seen.iter().filter(|one| one.trigger == "order_created").count();
    for (actions, most_in_a_hundred) in
        [(&["rename"] as &[&str], 15), (&["cancel", "cancel-booking"], 20), (&["remove"], 5)]
    {
        let done = by_action(seen, actions).len();
        assert!(done * 100 <= orders * most_in_a_hundred, "{actions:?}: {done} of {orders}");
    }
    assert!(!by_action(seen, &["rename"]).is_empty());
    assert!(!by_action(seen, &["cancel"]).is_empty(), "bookers cancel free bookings");
}

#[test]
fn nobody_books_what_is_over() {
    let (seen, settings) = &*SALE;
    let orders = || seen.iter().filter(|one| one.trigger == "order_created");
    assert!(orders().count() > 100, "only {} orders", orders().count());
    for one in orders() {
        let end = text(&one.body["event"], "end_date");
        assert!(written(one.at, settings).as_str() < end, "{}", one.here());
    }
}
