//! The data that an account has for its REST API alone: registered webhooks, invites, notes, the
//! names of staff, and the number of calls. Everything random in it comes from streams of its own.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::chance::Chance;
use crate::model::Secret;
use crate::vendors::Setup;
use crate::vendors::api::{Subscription, SubscriptionLogin};
use crate::vendors::people::{Tongue, name};
use crate::vendors::waitwhile::triggers::Trigger;
use crate::vendors::waitwhile::visit::{CustomerNumber, VisitNumber};

/// The most webhooks, invites or notes of an account, deleted ones included.
pub const MOST_KEPT: usize = 10_000;

/// The length of a secret, in letters and digits (assumed).
const SECRET_LENGTH: usize = 40;

/// The data for the API.
pub struct ApiState {
    ids: Chance,
    secrets: Chance,
    /// When the account opened.
    pub opened: Timestamp,
    /// The names of the staff, then of the user that the API key belongs to.
    pub users: Vec<(String, String)>,
    /// The names of the resources at each location.
    pub resources: Vec<String>,
    /// The names of the services at each location.
    pub services: Vec<String>,
    /// What only the API sets of each location.
    pub places: Vec<Place>,
    /// The registered webhooks, in order.
    pub webhooks: Vec<Registered>,
    subscriptions: Vec<Subscription>,
    /// The invites, in order.
    pub invites: Vec<Invite>,
    /// The notes about customers, in order.
    pub notes: Vec<Note>,
    /// The visits by id.
    pub visits: BTreeMap<String, VisitNumber>,
    /// The customers by id.
    pub customers: BTreeMap<String, CustomerNumber>,
    /// How many subjects have been added to `visits` so far.
    pub subjects_seen: usize,
    /// How many customers have been added to `customers` so far.
    pub customers_seen: usize,
    limit: u64,
    /// The minute of the last call, and the number of calls in it.
    minute: (i64, u64),
}

/// What only the API sets of a location.
#[derive(Clone, Debug)]
pub struct Place {
    /// `email`
    pub email: String,
    /// `locale`
    pub locale: String,
    /// `businessType`
    pub business_type: String,
    /// Staff have opened it outside its opening hours.
    pub force_open: bool,
    /// When it was last changed through the API.
    pub updated: Option<Timestamp>,
}

/// A registered webhook.
#[derive(Debug)]
pub struct Registered {
    /// 20 characters.
    pub id: String,
    /// The URL that its webhooks are sent to.
    pub url: String,
    /// The triggers that are sent there.
    pub triggers: Vec<Trigger>,
    /// Whether webhooks are sent there.
    pub active: bool,
    /// Whether it was deleted.
    pub removed: bool,
    secret: Secret,
    /// When it was registered.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// An invitation to become a user.
#[derive(Debug)]
pub struct Invite {
    /// 20 characters.
    pub id: String,
    /// The values in the call, checked.
    pub said: InviteSaid,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last sent.
    pub updated: Timestamp,
    /// Whether it was deleted.
    pub removed: bool,
}

/// The values of an invite in a call.
#[derive(Debug)]
pub struct InviteSaid {
    /// `name`
    pub name: String,
    /// `email`
    pub email: String,
    /// `phone`
    pub phone: String,
    /// `defaultLocationId`
    pub default_location: Option<String>,
    /// `locationIds`
    pub locations: Vec<String>,
    /// `roles`
    pub roles: Vec<String>,
    /// `resourceId`
    pub resource: Option<String>,
}

/// A note about a customer.
#[derive(Debug)]
pub struct Note {
    /// 20 characters.
    pub id: String,
    /// The customer.
    pub customer: CustomerNumber,
    /// The text.
    pub content: String,
    /// `locationId`
    pub location: Option<String>,
    /// `visitId`
    pub visit: Option<String>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// Whether it was deleted.
    pub removed: bool,
}

impl ApiState {
    /// The data of a new account with this many staff and locations.
    pub fn new(setup: &Setup, staff: usize, locations: usize) -> Self {
        let settings = &setup.settings;
        let mut names = setup.chance.child("names of staff");
        let place = Place {
            email: "desk@example.test".to_owned(),
            locale: "en-US".to_owned(),
            business_type: "other".to_owned(),
            force_open: false,
            updated: None,
        };
        Self {
            ids: setup.ids("ids of the API"),
            opened: setup.start,
            secrets: setup.chance.child("secrets of the API"),
            users: (0..=staff).map(|_| name(&mut names, Tongue::English)).collect(),
            resources: settings.list("resources").to_vec(),
            services: settings.list("services").to_vec(),
            places: vec![place; locations],
            webhooks: Vec::new(),
            subscriptions: Vec::new(),
            invites: Vec::new(),
            notes: Vec::new(),
            visits: BTreeMap::new(),
            customers: BTreeMap::new(),
            subjects_seen: 0,
            customers_seen: 0,
            limit: settings.integer("api_calls_a_minute").unsigned_abs(),
            minute: (i64::MIN, 0),
        }
    }

    /// A fresh id of this length.
    pub fn id(&mut self, length: usize) -> String {
        self.ids.alphanumeric(length)
    }

    /// Counts a call that arrived at this moment of real time. If its minute has too many, returns
    /// the number of seconds until the next minute.
    pub fn count(&mut self, received: Timestamp) -> Result<(), i64> {
        let (minute, second) =
            (received.as_second().div_euclid(60), received.as_second().rem_euclid(60));
        if self.minute.0 != minute {
            self.minute = (minute, 0);
        }
        if self.limit > 0 && self.minute.1 >= self.limit {
            return Err(60 - second);
        }
        self.minute.1 += 1;
        Ok(())
    }

    /// Registers a webhook. Returns its index and its secret, which is never shown again. Nothing
    /// is sent there before [`Self::subscribe`].
    pub fn register(
        &mut self,
        url: String,
        triggers: Vec<Trigger>,
        now: Timestamp,
    ) -> (usize, Secret) {
        let secret = Secret::new(self.secrets.alphanumeric(SECRET_LENGTH));
        let registered = Registered {
            id: self.id(20),
            url,
            triggers,
            active: true,
            removed: false,
            secret: secret.clone(),
            created: now,
            updated: now,
        };
        self.webhooks.push(registered);
        (self.webhooks.len() - 1, secret)
    }

    /// Updates the subscriptions after a change of the webhooks.
    pub fn subscribe(&mut self) {
        let active = self.webhooks.iter().filter(|webhook| webhook.active && !webhook.removed);
        let subscription = |webhook: &Registered| Subscription {
            id: webhook.id.clone(),
            hooks: webhook
                .triggers
                .iter()
                .map(|trigger| (trigger.name(), webhook.url.clone()))
                .collect(),
            login: Some(SubscriptionLogin::Signature(webhook.secret.clone())),
        };
        self.subscriptions = active.map(subscription).collect();
    }

    /// The endpoints that are registered.
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }
}
