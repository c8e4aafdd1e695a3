//! Waitwhile: guests join a waitlist or book a slot, staff alert, serve and complete them.
//!
//! Played: every state, tag and transition of a visit, the moves of the line behind each of them,
//! messages and their delivery, the status of each location, both dated payload versions, and the
//! REST API. Left out: see `CATALOGUE.facts`.

mod account;
mod act;
mod actions;
mod api;
mod automatic;
mod calendar;
mod catalogue;
mod cause;
mod due;
mod emit;
mod ended;
mod envelope;
mod facts;
mod figures;
mod guest;
mod line;
mod location;
mod message;
mod moves;
mod named;
mod newcomers;
mod opening;
mod parts;
mod payload;
mod people;
mod policy;
mod schema;
mod settings;
mod spare;
mod state;
mod texts;
mod traffic;
mod triggers;
mod visit;

use jiff::Timestamp;

use super::{Account, Api, Setup, Traffic, Vendor};
use crate::chance::Chance;
use crate::model::{Authentication, Catalogue, Figure, Policy, Profile, Settings, TriggerId};

/// The vendor.
pub struct Waitwhile;

impl Vendor for Waitwhile {
    fn catalogue(&self) -> &'static Catalogue {
        &catalogue::CATALOGUE
    }

    fn policy(&self) -> Policy {
        policy::policy()
    }

    fn other_logins(&self) -> Vec<Authentication> {
        vec![policy::with_tokens()]
    }

    fn account_name(&self, settings: &Settings) -> String {
        settings.text("business").to_owned()
    }

    fn names(&self, kind: &str, settings: &Settings) -> Vec<Vec<String>> {
        named::names(kind, settings)
    }

    fn open(&self, setup: Setup) -> Box<dyn Account> {
        Box::new(account::WaitwhileAccount::open(setup))
    }

    fn traffic(
        &self,
        account: &Settings,
        traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic> {
        Box::new(traffic::Day::new(account, traffic, chance, start))
    }

    fn truths(&self) -> &'static str {
        include_str!("truth.txt")
    }

    fn figures(&self) -> &'static [Figure] {
        figures::FIGURES
    }

    fn api(&self) -> Option<&'static Api> {
        Some(&api::API)
    }

    fn body_schema(&self, profile: &Profile, trigger: TriggerId) -> serde_json::Value {
        schema::schema(payload::Version::of(profile.name), triggers::Trigger::of(trigger))
    }
}
