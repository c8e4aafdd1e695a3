//! An account that the server plays: its run, which is its own, and how it came to be.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::playing::Playing;
use crate::driver::VendorTarget;
use crate::driver::live::Live;
use crate::journal::sqlite::RunId;

/// The one account of its run.
pub const ONLY: crate::sim::AccountIndex = 0;

/// The command that runs of the server have in a journal.
pub const COMMAND: &str = "serve";
/// The note of an account that was deleted.
pub const DELETED: &str = "account-deleted";
/// The note of how fast the time of an account passes.
pub const SPEED: &str = "speed";

/// An account that is played.
pub struct Account {
    /// Its name.
    pub name: String,
    /// The vendor, and how it reaches the receiver.
    pub target: VendorTarget,
    /// The run in the journal.
    pub run: RunId,
    /// The seed of the run.
    pub seed: u64,
    /// When its virtual time began.
    pub start: Timestamp,
    /// Where it delivers, if that is not as standin.yaml says.
    pub deliver: Option<Deliver>,
    /// Its run.
    pub live: Live,
    /// The scenario that was played last.
    pub playing: Mutex<Option<Arc<Playing>>>,
    /// How often each operation of the vendor's API was called.
    pub calls: Mutex<BTreeMap<String, u64>>,
}

/// Where an account delivers its webhooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum Deliver {
    /// All of them to one URL.
    All(String),
    /// Each trigger to its own URL. What is not named is not sent.
    Each(BTreeMap<String, String>),
}

impl Account {
    /// The vendor's name.
    pub fn vendor(&self) -> &'static str {
        self.target.vendor.catalogue().vendor
    }
}
