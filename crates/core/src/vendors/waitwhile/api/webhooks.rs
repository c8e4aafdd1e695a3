//! Registered webhooks (W14): receivers subscribe through the API.
//!
//! The names of keys other than `url` and `eventTypes` (AP) are assumed. The secret is shown only
//! in the answer to the registration. It signs the webhooks that are sent there.

use serde_json::{Value as Json, json};
use url::Url;

use super::body::Body;
use super::page::Page;
use super::state::{MOST_KEPT, Registered};
use super::wrong::Wrong;
use super::{Asked, unplayed};
use crate::vendors::api::{ApiAnswer, ApiCall};
use crate::vendors::waitwhile::account::WaitwhileAccount;
use crate::vendors::waitwhile::triggers::Trigger;

/// The most webhooks at the same time.
const MOST: usize = 50;

/// The longest URL.
const LONGEST_URL: usize = 1000;

/// The values of a webhook in a call.
struct Said {
    url: Option<String>,
    triggers: Option<Vec<Trigger>>,
    active: Option<bool>,
}

impl WaitwhileAccount {
    pub(super) fn answer_webhooks(&mut self, asked: Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let call = asked.call;
        match call.operation.id {
            "getWebhooks" => {
                let all = self.api.webhooks.iter().enumerate();
                let all: Vec<_> = all.map(|(place, one)| (one.id.as_str(), place)).collect();
                let keep = |place: usize| !self.api.webhooks[place].removed;
                Page::of(call)?.of_all(all.into_iter(), keep, |place| self.webhook_read(place))
            }
            "postWebhooks" => self.register_webhook(&asked),
            "getWebhooksWebhookid" => {
                let place = self.webhook_of(call)?;
                Ok(ApiAnswer::json(200, self.webhook_read(place)))
            }
            "postWebhooksWebhookid" => {
                let place = self.webhook_of(call)?;
                let said = self.webhook_said(&Body::of(call)?)?;
                let webhook = &mut self.api.webhooks[place];
                webhook.url = said.url.unwrap_or_else(|| std::mem::take(&mut webhook.url));
                webhook.triggers =
                    said.triggers.unwrap_or_else(|| std::mem::take(&mut webhook.triggers));
                webhook.active = said.active.unwrap_or(webhook.active);
                webhook.updated = asked.now;
                self.api.subscribe();
                Ok(ApiAnswer::json(200, self.webhook_read(place)))
            }
            "deleteWebhooksWebhookid" => {
                let place = self.webhook_of(call)?;
                self.api.webhooks[place].removed = true;
                self.api.subscribe();
                Ok(ApiAnswer::json(200, json!({})))
            }
            _ => unplayed(call),
        }
    }

    fn register_webhook(&mut self, asked: &Asked<'_>) -> Result<ApiAnswer, Wrong> {
        let said = self.webhook_said(&Body::of(asked.call)?)?;
        let url = said.url.ok_or_else(|| Wrong::bad("url is missing"))?;
        // A call without types gets all of them.
        let triggers = said.triggers.unwrap_or_else(|| Trigger::ALL.to_vec());
        let there = self.api.webhooks.iter().filter(|webhook| !webhook.removed).count();
        if there >= MOST || self.api.webhooks.len() >= MOST_KEPT {
            return Err(Wrong::bad(format!("at most {MOST} webhooks can be registered")));
        }
        let (place, secret) = self.api.register(url, triggers, asked.now);
        self.api.webhooks[place].active = said.active.unwrap_or(true);
        self.api.subscribe();
        let mut shown = self.webhook_read(place);
        shown["secret"] = secret.reveal().into();
        let mut answer = ApiAnswer::json(200, shown);
        answer.secrets.push(secret);
        Ok(answer)
    }

    fn webhook_said(&self, body: &Body) -> Result<Said, Wrong> {
        let url = body.text("url")?.map(|url| checked(&url)).transpose()?;
        let named = body.texts("eventTypes")?;
        let triggers = named.map(|names| triggers(&names)).transpose()?;
        let locations = body.texts("locationIds")?.unwrap_or_default();
        for id in &locations {
            self.location_named("locationIds", id)?;
        }
        let all = self.locations.iter().all(|location| locations.contains(&location.id));
        if !locations.is_empty() && !all {
            let why = "locationIds: webhooks for some locations only are not played";
            return Err(Wrong::bad(why));
        }
        Ok(Said { url, triggers, active: body.flag("isActive")? })
    }

    fn webhook_of(&self, call: &ApiCall) -> Result<usize, Wrong> {
        let id = call.parameter("webhookId");
        let same = |webhook: &Registered| !webhook.removed && webhook.id == id;
        self.api.webhooks.iter().position(same).ok_or_else(|| Wrong::unknown("webhook"))
    }

    fn webhook_read(&self, place: usize) -> Json {
        let webhook = &self.api.webhooks[place];
        let types: Vec<&str> = webhook.triggers.iter().map(|trigger| trigger.name()).collect();
        json!({
            "id": webhook.id,
            "url": webhook.url,
            "eventTypes": types,
            "locationIds": [],
            "isActive": webhook.active,
            "created": shown(webhook.created),
            "createdBy": self.office.key_user,
            "updated": shown(webhook.updated),
            "updatedBy": self.office.key_user,
        })
    }
}

fn shown(moment: jiff::Timestamp) -> String {
    crate::clock::milliseconds(moment, &mut [0; 24]).to_owned()
}

/// Checks a URL and returns it unchanged, since signatures cover it.
fn checked(url: &str) -> Result<String, Wrong> {
    let wrong = |why: &str| Err(Wrong::bad(format!("url {why}")));
    if url.len() > LONGEST_URL {
        return wrong("is too long");
    }
    let Ok(read) = Url::parse(url) else {
        return wrong("must be a URL, such as https://receiver.example.test/webhooks");
    };
    if !["http", "https"].contains(&read.scheme()) || read.host_str().is_none() {
        return wrong("must begin with https:// or http:// and name a host");
    }
    if !read.username().is_empty() || read.password().is_some() {
        return wrong("must not have a user or a password");
    }
    Ok(url.to_owned())
}

fn triggers(names: &[String]) -> Result<Vec<Trigger>, Wrong> {
    let mut triggers = Vec::new();
    for name in names {
        let found = Trigger::ALL.iter().find(|trigger| trigger.name() == name);
        let found = found
            .ok_or_else(|| Wrong::bad(format!("eventTypes: {name} is not a type of webhook")))?;
        if !triggers.contains(found) {
            triggers.push(*found);
        }
    }
    if triggers.is_empty() {
        return Err(Wrong::bad("eventTypes must name at least one type"));
    }
    Ok(triggers)
}
