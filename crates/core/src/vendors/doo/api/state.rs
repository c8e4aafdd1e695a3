//! The data that an account has for its REST API alone: tokens, the number of calls, webhook
//! configurations, and webhooks that wait to be sent again. Everything random in it comes from
//! streams of its own.

use std::time::Duration;

use jiff::Timestamp;

use super::configuration::Configuration;
use super::limits::Limits;
use crate::chance::Chance;
use crate::clock::{END, after};
use crate::model::{Secret, Shown};
use crate::vendors::Setup;
use crate::vendors::agenda::Agenda;
use crate::vendors::api::{IssuedToken, Subscription};
use crate::vendors::doo::numbers::{EventNumber, OrderNumber};
use crate::vendors::doo::payload::Ids;
use crate::vendors::doo::triggers::Trigger;

/// The most tokens that are remembered, including those that are no longer valid.
const MOST_TOKENS: usize = 1_000;

/// The most configurations of an account, deleted ones included.
const MOST_CONFIGURATIONS: usize = 10_000;

/// The data for the API.
pub struct ApiState {
    ids: Chance,
    secrets: Chance,
    tokens: Vec<IssuedToken>,
    /// The most tokens that are valid at the same time.
    good_tokens: usize,
    lifetime: Option<Duration>,
    /// Limits the calls. `None`: no limits.
    pub limits: Option<Limits>,
    configurations: Vec<Configuration>,
    made: usize,
    subscriptions: Vec<Subscription>,
    /// The webhooks that wait to be sent.
    retold: Agenda<Retold>,
    /// How many of them wait.
    pub waiting: usize,
}

/// A webhook that is sent for an existing item.
#[derive(Clone, Copy, Debug)]
pub struct Retold {
    /// What it is about.
    pub item: Item,
    /// Its trigger.
    pub trigger: Trigger,
}

/// An item that a webhook can be sent for.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// An event.
    Event(EventNumber),
    /// An order.
    Order(OrderNumber),
    /// An attendee, by its index in its order.
    Attendee(OrderNumber, u8),
}

impl ApiState {
    /// The data of a new account.
    pub fn new(setup: &Setup) -> Self {
        let settings = &setup.settings;
        Self {
            ids: setup.ids("ids of the API"),
            secrets: setup.chance.child("tokens of the API"),
            tokens: Vec::new(),
            good_tokens: settings.integer("api_tokens").unsigned_abs() as usize,
            lifetime: settings.duration("api_token_lifetime"),
            limits: (settings.text("api_limits") == "on").then(Limits::default),
            configurations: Vec::new(),
            made: 0,
            subscriptions: Vec::new(),
            retold: Agenda::default(),
            waiting: 0,
        }
    }

    /// Issues a token: 40 hexadecimal digits (AZ). The oldest is revoked if there are too many.
    pub fn issue(&mut self, received: Timestamp) -> Secret {
        let mut draw = || self.secrets.bits();
        let text = format!("{:016x}{:016x}{:08x}", draw(), draw(), draw() >> 32);
        let secret = Secret::new(text);
        let expires = self.lifetime.map(|lifetime| after(received, lifetime));
        let issued = received;
        self.tokens.push(IssuedToken { secret: secret.clone(), issued, expires, revoked: false });
        let good = |token: &IssuedToken| !token.revoked && !is_over(token, received);
        let count = self.tokens.iter().filter(|token| good(token)).count();
        let too_many = count.saturating_sub(self.good_tokens);
        for token in self.tokens.iter_mut().filter(|token| good(token)).take(too_many) {
            token.revoked = true;
        }
        let forgotten = self.tokens.len().saturating_sub(MOST_TOKENS);
        self.tokens.drain(..forgotten);
        secret
    }

    /// Why a token is not valid. `None` if it is.
    pub fn against(&self, shown: Shown, received: Timestamp) -> Option<&'static str> {
        let token = match shown {
            Shown::Nothing => return Some("an access token is needed (header `Authorization`)"),
            Shown::Wrong => None,
            Shown::Right(place) => self.tokens.get(place as usize),
        };
        match token {
            None => Some("the access token is not known"),
            Some(token) if token.revoked => Some("the access token was revoked"),
            Some(token) if is_over(token, received) => Some("the access token has expired"),
            Some(_) => None,
        }
    }

    /// The tokens that were issued, in order.
    pub fn tokens(&self) -> &[IssuedToken] {
        &self.tokens
    }

    /// Whether another configuration can be created.
    pub fn has_room(&self) -> bool {
        self.made < MOST_CONFIGURATIONS
    }

    /// Adds a configuration. Returns its id, which has the form of a UUID of version 1 (CFG).
    pub fn configure(&mut self, make: impl FnOnce(String) -> Configuration) -> String {
        let mut bytes = *self.ids.uuid().as_bytes();
        bytes[6] = (bytes[6] & 0x0f) | 0x10;
        let id = uuid::Uuid::from_bytes(bytes).to_string();
        self.configurations.push(make(id.clone()));
        self.made += 1;
        self.subscribe();
        id
    }

    /// Deletes the configuration with this id, if there is one.
    pub fn drop_configuration(&mut self, id: &str) {
        self.configurations.retain(|configuration| configuration.id != id);
        self.subscribe();
    }

    /// The configurations, in order.
    pub fn configurations(&self) -> &[Configuration] {
        &self.configurations
    }

    /// The endpoints that are configured.
    pub fn subscriptions(&self) -> &[Subscription] {
        &self.subscriptions
    }

    /// Schedules a webhook for this moment.
    pub fn put_retold(&mut self, at: Timestamp, retold: Retold) {
        if at < END {
            self.retold.put(at, retold);
            self.waiting += 1;
        }
    }

    /// When the next webhook is due.
    pub fn due(&self) -> Option<Timestamp> {
        self.retold.next()
    }

    /// The items about which webhooks wait to be sent.
    pub fn retold(&self) -> impl Iterator<Item = Item> {
        self.retold.entries().map(|retold| retold.item)
    }

    /// Takes the next webhook that is due by this moment.
    pub fn pop_retold(&mut self, by: Timestamp) -> Option<(Timestamp, Retold)> {
        let next = self.retold.pop_by(by)?;
        self.waiting -= 1;
        Some(next)
    }

    fn subscribe(&mut self) {
        self.subscriptions = self.configurations.iter().map(Configuration::subscription).collect();
    }
}

fn is_over(token: &IssuedToken, received: Timestamp) -> bool {
    token.expires.is_some_and(|expires| expires <= received)
}

/// The id of the organizer's team. That it is a number is assumed.
pub fn team(ids: &Ids) -> u32 {
    ids.user / 6 + 11
}

/// The id of the organizer's organization. That it is a number is assumed.
pub fn organization(ids: &Ids) -> u32 {
    ids.user / 8 + 13
}
