//! Stories with known results, written in the catalogue's phrases.

use std::time::Duration;

use standin::clock::after;
use standin::model::{Settings, Webhook};
use standin::phrase;
use standin::sim::{AccountIndex, Simulation};

use crate::doo;
use crate::seen::{Seen, cents, list, text, whole};

/// An account on which phrases are carried out.
struct Story {
    sim: Simulation,
    account: AccountIndex,
}

impl Story {
    fn with(given: &[(&str, &str)]) -> Self {
        let (vendor, catalogue) = doo();
        let settings = Settings::check(catalogue.settings, given.iter().copied()).expect("known");
        let (sim, account) = crate::common::open(vendor, catalogue.default_profile(), settings, 3);
        Self { sim, account }
    }

    /// Carries out a phrase. Returns the webhooks that follow.
    fn say(&mut self, text: &str) -> Vec<Seen> {
        self.tell(text).unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
    }

    /// Whether a phrase is refused.
    fn refuses(&mut self, text: &str) -> bool {
        self.tell(text).is_err()
    }

    fn tell(&mut self, text: &str) -> Result<Vec<Seen>, String> {
        let spoken = phrase::read(doo().1, text).expect("a phrase");
        let mut webhooks: Vec<Webhook> = Vec::new();
        let done = self.sim.say(self.account, &spoken, &mut webhooks);
        done.map_err(|refusal| refusal.to_string())?;
        Ok(webhooks.iter().map(Seen::of).collect())
    }

    fn pass(&mut self, length: Duration) -> Vec<Seen> {
        let mut webhooks: Vec<Webhook> = Vec::new();
        let to = after(self.sim.now(), length);
        self.sim.advance(to, &mut webhooks);
        webhooks.iter().map(Seen::of).collect()
    }
}

/// The only webhook with this trigger.
fn the_one<'a>(told: &'a [Seen], trigger: &str) -> &'a Seen {
    let triggers: Vec<_> = told.iter().map(|one| one.trigger).collect();
    assert_eq!(triggers, [trigger]);
    &told[0]
}

/// The status of the order, its first attendee, that attendee's ticket, and the payment.
fn statuses(one: &Seen) -> [&str; 4] {
    let order = one.order();
    let attendee = &list(order, "attendees")[0];
    [
        text(order, "status"),
        text(attendee, "status"),
        text(&attendee["ticket"], "status"),
        text(&order["payment"], "status"),
    ]
}

#[test]
fn an_unpaid_transfer_is_active_inactive_pending_until_it_arrives() {
    let mut story = Story::with(&[]);
    let told = story.say("Anna books a ticket by bank transfer");
    let booked = the_one(&told, "order_created");
    assert_eq!(statuses(booked), ["active", "inactive", "pending", "open"]);
    story.pass(Duration::from_secs(3 * 24 * 60 * 60));
    let told = story.say("the payment of Anna arrives");
    assert_eq!(statuses(the_one(&told, "order_updated")), ["active", "active", "valid", "paid"]);
    assert!(story.refuses("the payment of Anna arrives"), "it has arrived");
}

#[test]
fn approval_comes_before_payment() {
    let mut story = Story::with(&[("approval", "on")]);
    let waiting = "pending_organizer_approval";
    let told = story.say("Anna books a ticket");
    assert_eq!(statuses(the_one(&told, "order_created")), [waiting, "inactive", "pending", "open"]);
    let told = story.say("the organizer flags Anna for review");
    assert_eq!(statuses(the_one(&told, "order_updated"))[0], "pending_organizer_review");
    assert!(story.refuses("the payment of Anna arrives"), "she was not approved");
    let told = story.say("the organizer approves Anna");
    let approved = the_one(&told, "order_updated");
    assert_eq!(statuses(approved), ["active", "inactive", "pending", "open"]);
    let told = story.say("the payment of Anna arrives");
    assert_eq!(statuses(the_one(&told, "order_updated")), ["active", "active", "valid", "paid"]);
    story.say("Bo books a ticket");
    let told = story.say("the organizer denies Bo");
    let denied = the_one(&told, "order_updated");
    assert_eq!(statuses(denied), ["denied", "inactive", "cancelled", "open"]);
}

#[test]
fn a_free_booking_is_valid_at_once_and_cancelled_by_its_booker() {
    let mut story = Story::with(&[("prices", "free")]);
    let told = story.say("Anna books 2 tickets");
    let booked = the_one(&told, "order_created");
    assert_eq!(statuses(booked), ["active", "active", "valid", "paid"]);
    assert_eq!(booked.order()["payment"]["amount"], "0.00");
    assert!(story.refuses("Bo books a ticket by bank transfer"), "there is nothing to pay");
    let told = story.say("Anna cancels");
    let cancelled = the_one(&told, "order_cancelled");
    let by_booker = "attendee_accepted_cancellation";
    assert_eq!(statuses(cancelled), [by_booker, "inactive", "cancelled", "paid"]);
    assert_eq!(cancelled.body.get("cancellation_invoice"), None);
}

#[test]
fn a_paid_booking_is_cancelled_by_the_organizer_alone_and_reversed_on_paper() {
    let mut story = Story::with(&[("cancellation_fires", "order_updated, order_cancelled")]);
    story.say("Anna books a ticket");
    assert!(story.refuses("Anna cancels"), "it was not free");
    let told = story.say("the organizer cancels the booking of Anna");
    let mut triggers: Vec<_> = told.iter().map(|one| one.trigger).collect();
    triggers.sort_unstable();
    assert_eq!(triggers, ["order_cancelled", "order_updated"]);
    assert_eq!(told[0].body, told[1].body);
    assert!(told[0].body.get("cancellation_invoice").is_some());
    let told = story.say("the booking of Anna is removed");
    let removed = the_one(&told, "order_removed");
    assert_eq!(statuses(removed)[..3], ["removed", "inactive", "cancelled"]);
}

#[test]
fn a_coupon_takes_off_whole_euros_and_never_more_than_there_is() {
    let mut story = Story::with(&[("coupon_euros", "1000"), ("fee_cents", "119")]);
    let told = story.say("Anna books a ticket with the coupon \"EARLY-10\"");
    let booked = the_one(&told, "order_created");
    assert_eq!(booked.order()["promotion_code"], "EARLY-10");
    // The price is in whole euros and the fee is 1.19. The coupon takes off whole euros, so 19
    // cents are left.
    assert_eq!(booked.order()["payment"]["amount"], "0.19");
    assert!(whole(&booked.order()["total_coupon_discount"]) > 0);
}

#[test]
fn net_prices_are_shown_without_vat_and_paid_with_it() {
    let mut story = Story::with(&[("prices", "net"), ("categories", "Standard")]);
    let told = story.say("the organizer renames Summit to \"Sommet\"");
    let event = &the_one(&told, "event_updated").body;
    let category = &list(event, "ticket_categories")[0];
    let set = whole(&category["price"]) * 100;
    assert_eq!(cents(&category["display_price"]), set);
    let paid = set + set * whole(&category["vat_percent"]) / 100 + 119;
    assert_eq!(cents(&category["buyer_price"]), paid);
    let told = story.say("Anna books 10 tickets");
    let order = the_one(&told, "order_created").order();
    assert_eq!(cents(&order["payment"]["amount"]), paid * 10, "to the cent");
}

#[test]
fn a_full_event_sells_no_more_until_a_booking_is_cancelled() {
    let mut story = Story::with(&[("capacity", "2"), ("categories", "Standard")]);
    story.say("Anna books tickets with Bo");
    assert!(story.refuses("Cleo books a ticket"));
    story.say("the organizer cancels the booking of Anna");
    story.say("Cleo books 2 tickets");
}

#[test]
fn a_check_in_tells_the_order_and_can_be_undone() {
    let mut story = Story::with(&[]);
    story.say("Anna books tickets with Bo");
    let told = story.say("staff check in Bo");
    let order = the_one(&told, "order_updated").order();
    let tickets: Vec<_> = list(order, "attendees")
        .iter()
        .map(|attendee| (text(attendee, "status"), text(&attendee["ticket"], "status")))
        .collect();
    assert_eq!(tickets, [("active", "valid"), ("active", "checked")]);
    let told = story.say("staff undo the check-in of Bo");
    let order = the_one(&told, "order_updated").order();
    assert_eq!(list(order, "attendees")[1]["ticket"]["status"], "valid");
}

#[test]
fn an_event_of_a_user_who_is_bound_to_nobody_does_not_say_so() {
    for (setting, wanted) in [("none", None), ("crm-user-9", Some("crm-user-9"))] {
        let mut story = Story::with(&[("external_user_id", setting)]);
        let told = story.say("the organizer creates the event Fair");
        let created = the_one(&told, "event_created");
        let bound = created.body.get("external_user_id").and_then(|id| id.as_str());
        assert_eq!(bound, wanted);
    }
}

#[test]
fn an_event_that_is_called_off_leaves_its_orders_as_they_are() {
    let mut story = Story::with(&[]);
    story.say("Anna books a ticket");
    let told = story.say("the organizer calls off Summit");
    assert_eq!(the_one(&told, "event_updated").body["status"], "cancelled");
    assert!(story.refuses("Bo books a ticket for Summit"));
}
