//! The vendors, and the traits that each of them implements.
//!
//! A vendor is one folder here and one line in [`registry::shipped`]. It has a vocabulary (its
//! catalogue), opens accounts, and gives the JSON Schemas of its bodies. An [`Account`] is a pure
//! state machine: it gets the moment as an argument, draws from a seeded stream, and pushes the
//! webhooks that follow into an outbox. Nothing in this room does I/O or knows how webhooks are
//! delivered.

mod account;
mod agenda;
pub mod api;
mod arrivals;
pub mod doo;
mod emitter;
mod json;
pub mod ombori;
mod one_in;
mod outbox;
mod people;
mod refusal;
pub mod registry;
mod scene;
mod schema;
pub mod sender;
pub mod set_ids;
mod slots;
mod sound;
mod traffic;
pub mod truth;
pub mod waitwhile;
mod walk;
mod wire;
mod words;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::chance::Chance;
use crate::model::{Authentication, Catalogue, Figure, Policy, Profile, Settings, TriggerId};

pub use account::{Account, Setup};
pub use api::Api;
pub use outbox::{Caused, Outbox, Touched};
pub use refusal::{Refusal, RefusalKind};
pub use registry::Registry;
pub use scene::{Deed, Scene};
pub use sound::unless_sound;
pub use traffic::Traffic;
pub use truth::TruthField;
pub use walk::Walk;

/// A vendor that Standin plays.
pub trait Vendor: Sync {
    /// Its vocabulary.
    fn catalogue(&self) -> &'static Catalogue;

    /// Its delivery policy, before the user's settings. Credentials are filled in by the user.
    fn policy(&self) -> Policy;

    /// Other documented ways to authenticate, besides that of its policy.
    fn other_logins(&self) -> Vec<Authentication> {
        Vec::new()
    }

    /// The vendor's id for the tenant, for an account with these settings.
    fn account_name(&self, settings: &Settings) -> String;

    /// Opens an account: one isolated tenant with its own seed, ids, staff and places.
    fn open(&self, setup: Setup) -> Box<dyn Account>;

    /// A population that keeps an account as busy as on a real day. It gets the settings of its
    /// account and its own. By default, people do whatever is legal.
    fn traffic(
        &self,
        _account: &Settings,
        _traffic: &Settings,
        chance: Chance,
        start: Timestamp,
    ) -> Box<dyn Traffic> {
        Box::new(Walk::new(chance, start))
    }

    /// The fields of what it knows about its subjects, as a table (see [`truth`]). Without one, any
    /// field may be probed.
    fn truths(&self) -> &'static str {
        ""
    }

    /// What a picture of its traffic shows.
    fn figures(&self) -> &'static [Figure] {
        &[]
    }

    /// Whether standin.yaml has a section for it. Else the command line says all about it.
    fn has_section(&self) -> bool {
        true
    }

    /// Everything of this kind that an account with these settings has from the start and whose id can
    /// be set ([`crate::model::SET_IDS`]), each with all names that it can be called by.
    fn names(&self, _kind: &str, _settings: &Settings) -> Vec<Vec<String>> {
        Vec::new()
    }

    /// Its own REST API, if Standin plays it.
    fn api(&self) -> Option<&'static Api> {
        None
    }

    /// The JSON Schema of a trigger's body in a profile that has it.
    fn body_schema(&self, profile: &Profile, trigger: TriggerId) -> Json;

    /// The JSON Schema of a trigger's body in a profile. `None` if the profile lacks the trigger.
    fn schema(&self, profile: &Profile, trigger: &str) -> Option<Json> {
        let declared = self.catalogue().trigger(trigger)?;
        let has = declared.profiles.contains(&profile.name);
        has.then(|| self.body_schema(profile, declared.id))
    }
}
