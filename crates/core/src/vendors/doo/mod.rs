//! doo: an organizer sells tickets to events; bookers place orders for attendees with tickets.
//!
//! Played: every status of events, orders, attendees and tickets, approval, payment, cancellation
//! with its invoice, removal and check-in, in the vendor's default payload. Its REST API is in
//! `api`. Left out: see `CATALOGUE.facts`.

mod account;
mod act;
mod actions;
mod addresses;
mod api;
mod booking;
mod catalogue;
mod companies;
mod dates;
mod emit;
mod event;
mod facts;
mod figures;
mod forgetting;
mod form;
mod given_ids;
mod money;
mod named;
mod numbers;
mod order;
mod organizing;
mod payload;
mod people;
mod places;
mod policy;
mod questions;
mod schema;
mod settings;
mod state;
mod titles;
mod traffic;
mod triggers;
mod unknown;
mod venue;

use jiff::Timestamp;

use super::{Account, Api, Setup, Traffic, Vendor};
use crate::chance::Chance;
use crate::model::{Catalogue, Figure, Policy, Profile, Settings, TriggerId};

/// The vendor.
pub struct Doo;

impl Vendor for Doo {
    fn catalogue(&self) -> &'static Catalogue {
        &catalogue::CATALOGUE
    }

    fn policy(&self) -> Policy {
        policy::policy()
    }

    fn account_name(&self, settings: &Settings) -> String {
        settings.text("organizer").to_owned()
    }

    fn names(&self, kind: &str, settings: &Settings) -> Vec<Vec<String>> {
        named::names(kind, settings)
    }

    fn open(&self, setup: Setup) -> Box<dyn Account> {
        Box::new(account::DooAccount::open(setup))
    }

    fn traffic(
        &self,
        account: &Settings,
        traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic> {
        Box::new(traffic::Season::new(account, traffic, chance, start))
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

    fn body_schema(&self, _: &Profile, trigger: TriggerId) -> serde_json::Value {
        schema::schema(triggers::Trigger::of(trigger))
    }
}
