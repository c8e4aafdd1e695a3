//! What an account keeps for its REST API alone: registered webhooks, invites, notes, the names of
//! staff, and how often it was called. All that it draws comes from streams of its own.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::chance::Chance;
use crate::model::Secret;
use crate::vendors::Setup;
use crate::vendors::api::{Subscription, SubscriptionLogin};
use crate::vendors::waitwhile::people;
use crate::vendors::waitwhile::triggers::Trigger;
use crate::vendors::waitwhile::visit::{CustomerNumber, VisitNumber};

/// The most webhooks, invites or notes that an account keeps, deleted ones included.
pub const MOST_KEPT: usize = 10_000;

/// How long a secret is, in letters and digits: assumed.
const SECRET_LENGTH: usize = 40;

/// What an account keeps for its API.
pub struct ApiState {
    ids: Chance,
    secrets: Chance,
    /// When the account opened.
    pub opened: Timestamp,
    /// The names of the staff, then of the user to whom the key belongs.
    pub users: Vec<(String, String)>,
    /// The names of the resources at each location.
    pub resources: Vec<String>,
    /// The names of the services at each location.
    pub services: Vec<String>,
    /// What the API alone says of each location.
    pub places: Vec<Place>,
    /// The registered webhooks, in order.
    pub webhooks: Vec<Registered>,
    subscriptions: Vec<Subscription>,
    /// The invites, in order.
    pub invites: Vec<Invite>,
    /// The notes about customers, in order.
    pub notes: Vec<Note>,
    /// Which visit has an id.
    pub visits: BTreeMap<String, VisitNumber>,
    /// Which customer has an id.
    pub customers: BTreeMap<String, CustomerNumber>,
    /// How many subjects have been looked at for `visits`.
    pub subjects_seen: usize,
    /// How many customers have been looked at for `customers`.
    pub customers_seen: usize,
    limit: u64,
    /// The minute of the last call, and how many there were in it.
    minute: (i64, u64),
}

/// What the API alone says of a location.
#[derive(Clone, Debug)]
pub struct Place {
    /// `email`
    pub email: String,
    /// `locale`
    pub locale: String,
    /// `businessType`
    pub business_type: String,
    /// Staff opened it outside its opening hours.
    pub force_open: bool,
    /// When it was last changed through the API.
    pub updated: Option<Timestamp>,
}

/// A registered webhook.
#[derive(Debug)]
pub struct Registered {
    /// 20 characters.
    pub id: String,
    /// Where it goes.
    pub url: String,
    /// What goes there.
    pub triggers: Vec<Trigger>,
    /// Whether anything goes there.
    pub active: bool,
    /// It was deleted.
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
    /// What the call said, checked.
    pub said: InviteSaid,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last sent.
    pub updated: Timestamp,
    /// It was deleted.
    pub removed: bool,
}

/// What a call says of an invite.
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
    /// About whom.
    pub customer: CustomerNumber,
    /// What it says.
    pub content: String,
    /// `locationId`
    pub location: Option<String>,
    /// `visitId`
    pub visit: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// It was deleted.
    pub removed: bool,
}

impl ApiState {
    /// Of a new account with so many staff and locations.
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
            users: (0..=staff).map(|_| people::name(&mut names)).collect(),
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

    /// A new id of this length.
    pub fn id(&mut self, length: usize) -> String {
        self.ids.alphanumeric(length)
    }

    /// Counts a call that arrived at this moment of real time. If there were too many in its
    /// minute: in how many seconds the next one begins.
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

    /// Registers a webhook. Returns its place and its secret, which is never shown
    /// again. Nothing goes there before [`Self::subscribe`].
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

    /// Makes the subscriptions anew, after the webhooks have changed.
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

    /// Where webhooks go that were registered.
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }
}
