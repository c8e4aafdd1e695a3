//! Ombori Grid Queues: guests take tickets or book slots, staff call and serve them.
//!
//! Played: every transition of a position, every webhook of the five dated payload versions, and
//! the REST API. Left out: see `CATALOGUE.facts`, and the operations of `api` that are not
//! played.

mod account;
mod act;
mod actions;
mod api;
mod catalogue;
mod facts;
mod figures;
mod given;
mod message;
mod named;
mod opening;
mod payload;
mod people;
mod policy;
mod position;
mod schema;
mod state;
mod traffic;
mod triggers;

use jiff::Timestamp;

use super::{Account, Api, Setup, Traffic, Vendor};
use crate::chance::Chance;
use crate::model::{Catalogue, Figure, Policy, Profile, Settings, TriggerId};

/// The vendor.
pub struct Ombori;

impl Vendor for Ombori {
    fn catalogue(&self) -> &'static Catalogue {
        &catalogue::CATALOGUE
    }

    fn policy(&self) -> Policy {
        policy::policy()
    }

    fn account_name(&self, settings: &Settings) -> String {
        settings.text("organization").to_owned()
    }

    fn names(&self, kind: &str, settings: &Settings) -> Vec<Vec<String>> {
        named::names(kind, settings)
    }

    fn open(&self, setup: Setup) -> Box<dyn Account> {
        Box::new(account::OmboriAccount::open(setup))
    }

    fn traffic(
        &self,
        account: &Settings,
        traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic> {
        Box::new(traffic::StoreDay::new(account, traffic, chance, start))
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
