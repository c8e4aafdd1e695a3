//! Stories with known results, written in the catalogue's phrases. Also the signature vectors.

use std::time::Duration;

use serde_json::Value as Json;
use standin::clock::after;
use standin::model::signature::Moment;
use standin::model::{Authentication, Secret, Settings, Webhook};
use standin::phrase;
use standin::policy::signed::Message;
use standin::policy::{HeaderValue, sign};
use standin::sim::{AccountIndex, Simulation};

use crate::replay::{Seen, text};
use crate::{vectors, waitwhile};

/// An account on which phrases are carried out.
struct Story {
    sim: Simulation,
    account: AccountIndex,
}

impl Story {
    fn with(given: &[(&str, &str)]) -> Self {
        let (vendor, catalogue) = waitwhile();
        let settings = Settings::check(catalogue.settings, given.iter().copied()).expect("known");
        let profile = catalogue.default_profile();
        let (sim, account) = crate::common::open(vendor, profile, settings, 3);
        Self { sim, account }
    }

    /// Carries out a phrase. Returns the webhooks that follow.
    fn say(&mut self, text: &str) -> Vec<Seen> {
        let spoken = phrase::read(waitwhile().1, text).expect("a phrase");
        let mut webhooks = Vec::new();
        self.sim.say(self.account, &spoken, &mut webhooks).expect("it is legal");
        webhooks.iter().map(Seen::of).collect()
    }

    fn pass(&mut self, seconds: u64) -> Vec<Seen> {
        let mut webhooks: Vec<Webhook> = Vec::new();
        let to = after(self.sim.now(), Duration::from_secs(seconds));
        self.sim.advance(to, &mut webhooks);
        webhooks.iter().map(Seen::of).collect()
    }

    fn id(&self, kind: &str, name: &str) -> String {
        let subject = self.sim.named(self.account, kind, name).expect("a name");
        self.sim.subject(self.account, subject).id
    }
}

#[test]
fn serving_one_guest_tells_everyone_behind() {
    // Three desks and six minutes a guest: two minutes for each place.
    let mut story = Story::with(&[("messages", "none")]);
    for name in ["Anna", "Bo", "Cleo", "Dan"] {
        story.say(&format!("{name} joins the waitlist"));
    }
    story.pass(630);
    let told = story.say("staff serve Bo");
    let triggers: Vec<_> = told.iter().map(|one| one.trigger).collect();
    assert_eq!(triggers[..3], ["visit.updated"; 3]);
    assert_eq!(triggers[3..], ["location-status.updated"]);
    let who: Vec<_> = told[..3].iter().map(Seen::id).collect();
    assert_eq!(who, ["Bo", "Cleo", "Dan"].map(|name| story.id("visit", name)));
    let bo = told[0].object();
    assert_eq!((&bo["state"], &bo["position"]), (&"SERVING".into(), &1.into()));
    assert_eq!((&bo["lastWaitingPosition"], &bo["waitDuration"]), (&2.into(), &630.into()));
    for (one, place) in told[1..3].iter().zip([2, 3]) {
        let before = one.before().expect("an update has it");
        assert_eq!(before["position"], place + 1);
        assert_eq!(before["estWaitDuration"], (place + 1) * 120);
        assert_eq!(one.object()["position"], place);
        assert_eq!(one.object()["estWaitDuration"], place * 120);
        assert_eq!(one.object()["state"], "WAITING");
    }
    let status = told[3].object();
    assert_eq!((&status["numWaiting"], &status["numServing"]), (&3.into(), &1.into()));
    assert_eq!(status["wait"], 480);
}

#[test]
fn estimates_follow_recent_service_times() {
    let mut story = Story::with(&[("messages", "none"), ("service_time", "2m")]);
    story.say("Anna joins the waitlist");
    story.say("staff serve Anna");
    story.pass(600);
    story.say("staff complete Anna");
    // The mean of two and ten minutes, over three desks.
    let told = story.say("Bo joins the waitlist");
    assert_eq!(told[0].object()["estWaitDuration"], 120);
}

#[test]
fn moving_up_tells_those_who_are_passed_and_nobody_else() {
    let mut story = Story::with(&[("messages", "none")]);
    for name in ["Anna", "Bo", "Cleo", "Dan", "Eve"] {
        story.say(&format!("{name} joins the waitlist"));
    }
    let told = story.say("staff move Dan to position 2");
    let places: Vec<_> = told.iter().map(|one| one.object()["position"].clone()).collect();
    assert_eq!(places, [2, 3, 4].map(Json::from));
    assert_eq!(told[0].id(), story.id("visit", "Dan"));
    assert_eq!(story.say("staff move Dan to position 2").len(), 0, "nothing changes");
}

#[test]
fn a_booking_is_written_in_local_time_on_both_sides_of_a_change_of_the_clocks() {
    let mut story = Story::with(&[("time_zone", "Europe/Berlin"), ("messages", "none")]);
    // Tuesday 4 March 2031, 08:00 UTC; the clocks change on Sunday 30 March.
    let before = story.say("Anna books a slot in 25 days");
    let after = story.say("Bo books a slot in 26 days");
    assert_eq!(text(before[0].object(), "date"), "2031-03-29T09:00");
    assert_eq!(text(after[0].object(), "date"), "2031-03-30T10:00");
}

#[test]
fn a_synced_or_restored_visit_is_updated_and_never_created_again() {
    let mut story = Story::with(&[("messages", "none"), ("waitlist_sync", "10m")]);
    story.say("Anna books a slot in 30m");
    let synced = story.pass(1200);
    let triggers: Vec<_> = synced.iter().map(|one| (one.trigger, one.action)).collect();
    let by = "sync-by-itself";
    assert_eq!(triggers, [("visit.updated", by), ("location-status.updated", by)]);
    story.say("Anna cancels");
    let restored = story.say("staff restore Anna to the waitlist");
    assert_eq!(restored[0].trigger, "visit.updated");
    assert_eq!(restored[0].object()["tags"], Json::Array(Vec::new()));
}

#[test]
fn deleting_a_customer_deletes_every_visit() {
    let mut story = Story::with(&[("messages", "none")]);
    story.say("Anna joins the waitlist");
    story.say("staff serve Anna");
    story.say("staff complete Anna");
    story.say("Bo joins the waitlist");
    story.say("Anna comes back as Annika");
    story.say("Cleo joins the waitlist");
    let told = story.say("staff delete the customer Annika");
    let removed: Vec<_> =
        told.iter().filter(|one| one.trigger == "visit.removed").map(Seen::id).collect();
    assert_eq!(removed, ["Annika", "Anna"].map(|name| story.id("visit", name)));
    let moved = told.iter().find(|one| one.trigger == "visit.updated").expect("Cleo moves up");
    assert_eq!((moved.id(), &moved.object()["position"]), (&*story.id("visit", "Cleo"), &2.into()));
}

#[test]
fn signatures_are_those_that_other_programs_make() {
    let vectors = vectors("signatures.json");
    assert!(vectors.len() > 8);
    for vector in &vectors {
        let mut authentication = waitwhile().0.policy().authentication;
        let Authentication::Signature(signature) = &mut authentication else {
            panic!("Waitwhile signs")
        };
        signature.secret = Some(Secret::new(text(vector, "secret")));
        let body = text(vector, "body").as_bytes();
        let (moment, url) = (Moment::default(), text(vector, "url"));
        let message = Message { moment: &moment, method: "POST", url, content_type: "", body };
        let headers = sign::credentials(&authentication, None, &message, None);
        let [header] = headers.as_slice() else { panic!("one header: {headers:?}") };
        assert_eq!(header.name, "X-Waitwhile-Signature");
        let HeaderValue::Secret(value) = &header.value else { panic!("it is a secret") };
        assert_eq!(value.reveal(), text(vector, "signature"), "{}", vector["about"]);
    }
}
