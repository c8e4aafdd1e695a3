//! The receiver under test, and how each vendor reaches it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::Driver;
use crate::chance::Chance;
use crate::delivery::Sender;
use crate::journal::{JournalError, Memory};
use crate::model::api_fault::Race;
use crate::model::{Address, Authentication, Policy, Profile, SET_IDS, SettingProblem, Settings};
use crate::run::{Route, Run};
use crate::sim::{AccountIndex, Opening};
use crate::vendors::Vendor;
use crate::vendors::api::GivenApiKeys;
use crate::vendors::set_ids::must_be_there;

/// The receiver under test.
#[derive(Clone)]
pub struct Target {
    /// Its base URL.
    pub url: String,
    /// How long it may take to answer.
    pub ack_within: Duration,
    /// Whether it acknowledges first and validates later.
    pub queues: bool,
    /// How each vendor reaches it.
    pub vendors: BTreeMap<&'static str, VendorTarget>,
    /// Sends the requests.
    pub sender: Sender,
    /// When virtual time begins.
    pub start: Timestamp,
}

/// How one vendor reaches the receiver.
#[derive(Clone)]
pub struct VendorTarget {
    /// The vendor.
    pub vendor: &'static dyn Vendor,
    /// The version of the payloads.
    pub profile: &'static Profile,
    /// Whether the user named this profile.
    pub profile_named: bool,
    /// The account settings of the user, as text.
    pub settings: BTreeMap<String, String>,
    /// The delivery policy, with the user's credentials.
    pub policy: Policy,
    /// The address for each trigger.
    pub urls: BTreeMap<String, Address>,
    /// The credentials of its API that the user has set.
    pub api_keys: GivenApiKeys,
    /// When the webhooks of an API call are sent.
    pub race: Race,
}

impl Target {
    /// An empty run against this receiver, with this journal.
    pub fn driver(&self, chance: &Chance, journal: Memory) -> Driver {
        self.drive(Run::new(chance, self.start), journal)
    }

    /// The same, of another run.
    pub fn drive(&self, run: Run, journal: Memory) -> Driver {
        Driver::new(run, self.sender.clone(), journal)
    }
}

impl VendorTarget {
    /// Every address that requests of this vendor go to.
    pub fn addresses(&self) -> impl Iterator<Item = &Address> {
        let oauth = match &self.policy.authentication {
            Authentication::Token(oauth) => Some(oauth),
            _ => None,
        };
        let endpoints = oauth
            .into_iter()
            .flat_map(|oauth| oauth.endpoint.iter().chain(&oauth.invalid.revocation));
        self.urls.values().chain(endpoints)
    }

    /// The account settings of the user, with these overrides.
    ///
    /// # Errors
    /// If one of them is unknown or cannot have its value, or sets the id of something that there is not.
    pub fn settings_with<'a>(
        &'a self,
        overrides: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Settings, SettingProblem> {
        let given = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let overrides: Vec<_> = overrides.into_iter().collect();
        let sets_ids = overrides.iter().any(|(name, _)| *name == SET_IDS);
        let declared = self.vendor.catalogue().settings;
        let settings = Settings::check(declared, given.chain(overrides))?;
        // A story may have other names than those for which standin.yaml sets ids.
        if sets_ids {
            must_be_there(self.vendor, &settings)?;
        }
        Ok(settings)
    }

    /// Opens an account of this name in a run.
    ///
    /// # Errors
    /// If the journal cannot be written.
    pub fn open(
        &self,
        driver: &mut Driver,
        name: &str,
        profile: &'static Profile,
        settings: Settings,
    ) -> Result<AccountIndex, JournalError> {
        let opening = Opening { name: name.to_owned(), profile, settings };
        driver.open(self.vendor, opening, self.route())
    }

    /// The route from an account of the vendor to the receiver.
    pub fn route(&self) -> Route {
        Route {
            policy: self.policy.clone(),
            urls: self.urls.clone(),
            trigger_pointer: self.vendor.catalogue().trigger_pointer,
            api_keys: self.api_keys.clone(),
            race: self.race,
        }
    }
}
