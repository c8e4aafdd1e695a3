//! What only the vendor's REST API sets in a position. Guests and staff never do.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

/// What a program has set through the API. `None`: not set.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Such as first name, last name and the number of an identity card.
    pub customer_info: Option<Vec<String>>,
    /// The tags that staff see.
    pub tags: Option<Vec<Tag>>,
    /// Free data of the program.
    pub custom_data: Option<Map<String, Json>>,
    /// How many people a ticket is for. A booking has this in its slot.
    pub people: Option<u8>,
    /// How the guest is notified.
    pub notification: Option<Notice>,
    /// The start and the end of the slot, as sent.
    pub times: Option<(String, String)>,
    /// Whether it is a virtual appointment, by video.
    pub virtual_appointment: Option<bool>,
}

/// A tag that staff see (REST page: join).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Tag {
    /// Its id.
    pub id: Uuid,
    /// The URL of its icon.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub icon_url: Option<String>,
    /// `#rrggbb`
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub color: Option<String>,
    /// Its text, by language.
    pub title: BTreeMap<String, String>,
}

/// How a guest is notified, as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The way.
    pub way: Way,
    /// The number. For e-mail, sometimes the address.
    pub to: Option<String>,
    /// The address.
    pub recipient: Option<String>,
}

/// The ways of notifying a guest that the API accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A text message.
    PhoneNumber,
    /// An e-mail.
    Email,
}

impl Notice {
    /// The value of `to` in a webhook.
    pub fn to(&self) -> &str {
        self.to.as_deref().unwrap_or_default()
    }

    /// The value of `recipient` in a webhook: the address of an e-mail, in whichever key it was
    /// sent.
    pub fn recipient(&self) -> &str {
        let elsewhere = if self.way == Way::Email { self.to() } else { "" };
        self.recipient.as_deref().filter(|sent| !sent.is_empty()).unwrap_or(elsewhere)
    }

    /// The JSON as it was sent, without keys that were not sent.
    pub fn as_sent(&self) -> Json {
        let name = match self.way {
            Way::PhoneNumber => "phoneNumber",
            Way::Email => "email",
        };
        let mut settings = Map::new();
        for (key, value) in [("to", &self.to), ("recipient", &self.recipient)] {
            if let Some(value) = value {
                settings.insert(key.to_owned(), json!(value));
            }
        }
        json!({ "type": name, "settings": settings })
    }
}
