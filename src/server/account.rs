//! An account that the server plays: its run, and what it was opened with.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::playing::Playing;
use crate::driver::VendorTarget;
use crate::driver::live::Live;
use crate::journal::sqlite::RunId;
use crate::policy::url;

/// The index of the account in its run. Each run of the server has one account.
pub const ONLY: crate::sim::AccountIndex = 0;

/// The command of the server's runs in a journal.
pub const COMMAND: &str = "serve";
/// The name of the note that records the deletion of an account.
pub const DELETED: &str = "account-deleted";
/// The name of the note that records the speed of virtual time.
pub const SPEED: &str = "speed";

/// An account that the server plays.
pub struct Account {
    /// Its name.
    pub name: String,
    /// The vendor, and how it reaches the receiver.
    pub target: VendorTarget,
    /// The id of its run in the journal.
    pub run: RunId,
    /// The seed of the run.
    pub seed: u64,
    /// When its virtual time began.
    pub start: Timestamp,
    /// Where it delivers, if standin.yaml is overridden.
    pub deliver: Option<Deliver>,
    /// Its run.
    pub live: Live,
    /// The scenario that was played last.
    pub playing: Mutex<Option<Arc<Playing>>>,
    /// How often each operation of the vendor's API was called.
    pub calls: Mutex<BTreeMap<String, u64>>,
}

/// Whether the accounts of a server may be restored from its journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restarts {
    /// They may be.
    FromItsJournal,
    /// The journal ends with the server.
    Never,
}

/// Where an account delivers its webhooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Deliver {
    /// Every webhook to one URL, in which `{trigger}` stands for the name of its trigger.
    All(String),
    /// Each trigger to its own URL. A trigger without a URL is not sent.
    Each(BTreeMap<String, String>),
}

impl Deliver {
    /// The same as a journal keeps it and as it is shown: without the secrets in the queries.
    pub fn without_secrets(&self) -> Self {
        let done = self.with_urls(|one| Ok::<_, Infallible>(url::without_secrets(one)));
        done.unwrap_or_else(|never| match never {})
    }

    /// The same with the secrets that a journal does not keep, from the URLs of standin.yaml.
    ///
    /// # Errors
    /// The name of a parameter that they lack, or have with several values.
    pub fn with_secrets_of(&self, target: &VendorTarget) -> Result<Self, String> {
        let known = target.urls.values().map(|one| one.sent.as_str());
        self.with_urls(|one| url::with_secrets_of(one, known.clone()))
    }

    fn with_urls<E>(&self, change: impl Fn(&str) -> Result<String, E>) -> Result<Self, E> {
        Ok(match self {
            Self::All(url) => Self::All(change(url)?),
            Self::Each(urls) => {
                let changed = urls.iter().map(|(name, url)| Ok((name.clone(), change(url)?)));
                Self::Each(changed.collect::<Result<_, E>>()?)
            }
        })
    }
}

impl Account {
    /// The vendor's name.
    pub fn vendor(&self) -> &'static str {
        self.target.vendor.catalogue().vendor
    }
}

/// How many deliveries the run kept when it forgot subjects, by the line of that entry. 0 for any
/// other entry.
pub fn kept(line: &Json) -> usize {
    let deliveries = line["deliveries"].as_u64().filter(|_| line["entry"] == "forgot");
    deliveries.and_then(|deliveries| usize::try_from(deliveries).ok()).unwrap_or(0)
}
