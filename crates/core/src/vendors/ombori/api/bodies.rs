//! The bodies of requests: reads and checks them. Unknown keys are ignored.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::refused::Refused;
use crate::vendors::api::ApiCall;
use crate::vendors::ombori::given::{Notice, Tag, Way};
use crate::vendors::ombori::people::Locale;

/// A request for a ticket.
#[derive(Deserialize)]
pub struct Join {
    /// A GUID. Any text is accepted.
    pub session: String,
    /// The values of the ticket, or the ticket to change.
    pub position: Option<JoinPosition>,
}

/// The values of a ticket.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct JoinPosition {
    /// The id of the ticket to change.
    pub id: Option<String>,
    /// Its customer.
    pub customer_info: Option<Vec<String>>,
    /// Its tags.
    pub tags: Option<Vec<Tag>>,
}

/// A request for a booking or a reservation.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The guest's language.
    pub locale: String,
    /// How the guest is notified.
    pub notification: NotificationSent,
    /// How many people come.
    pub number_of_people: Option<i64>,
    /// The slot.
    pub booking: BookingSent,
    /// Who the guest is.
    pub customer_info: Option<Vec<String>>,
    /// Free data of the program.
    pub custom_data: Option<Map<String, Json>>,
}

/// A change of a position.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// How the guest is notified.
    pub notification: Option<NotificationSent>,
    /// Who the guest is.
    pub customer_info: Option<Vec<String>>,
    /// Its tags.
    pub tags: Option<Vec<Tag>>,
    /// How many people come.
    pub number_of_people: Option<i64>,
    /// The slot.
    pub booking: Option<BookingSent>,
    /// Free data of the program.
    pub custom_data: Option<Map<String, Json>>,
}

/// How a guest is to be notified.
#[derive(Deserialize)]
pub struct NotificationSent {
    r#type: String,
    settings: SettingsSent,
}

#[derive(Deserialize)]
struct SettingsSent {
    to: Option<String>,
    recipient: Option<String>,
}

/// A slot, or a change of one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingSent {
    /// When it begins.
    pub start: Option<String>,
    /// When it ends.
    pub end: Option<String>,
    virtual_appointment: Option<VirtualSent>,
}

/// The table on the page has a boolean. Below the table it is an object with `isEnabled`.
#[derive(Deserialize)]
#[serde(untagged)]
enum VirtualSent {
    Flag(bool),
    #[serde(rename_all = "camelCase")]
    Object {
        is_enabled: bool,
    },
}

/// Reads the body of a call.
///
/// # Errors
/// If it is not JSON, lacks a key, or has a value of another type.
pub fn read<T: DeserializeOwned>(call: &ApiCall) -> Result<T, Refused> {
    let json = call.json().map_err(Refused::bad)?;
    if !json.is_object() {
        return Err(Refused::bad("the body must be a JSON object"));
    }
    serde_path_to_error::deserialize(json).map_err(|error| {
        let (path, wrong) = (error.path().to_string(), error.inner().to_string());
        Refused::bad(if path == "." { wrong } else { format!("{path}: {wrong}") })
    })
}

/// A number of people.
///
/// # Errors
/// If it is out of bounds.
pub fn people(sent: i64) -> Result<u8, Refused> {
    let wrong = || Refused::bad(format!("numberOfPeople must be from 1 to {}", u8::MAX));
    u8::try_from(sent).ok().filter(|people| *people > 0).ok_or_else(wrong)
}

/// A language.
///
/// # Errors
/// If the language is not documented.
pub fn locale(sent: &str) -> Result<Locale, Refused> {
    let locale = Locale::from_code(sent);
    let known = locale.code() == sent;
    known.then_some(locale).ok_or_else(|| Refused::bad("locale must be en, sv or ar"))
}

impl NotificationSent {
    /// Reads how the guest is notified.
    ///
    /// # Errors
    /// If no address or number is given, or it is not valid.
    pub fn notice(self) -> Result<Notice, Refused> {
        let SettingsSent { to, recipient } = self.settings;
        let way = match self.r#type.as_str() {
            "phoneNumber" => Way::PhoneNumber,
            "email" => Way::Email,
            _ => return Err(Refused::bad("notification.type must be phoneNumber or email")),
        };
        let notice = Notice { way, to, recipient };
        let address = notice.recipient.as_deref().filter(|sent| !sent.is_empty());
        if address.is_some_and(|sent| !is_address(sent)) {
            return Err(Refused::bad("notification.settings.recipient is not an e-mail address"));
        }
        match way {
            Way::PhoneNumber if !is_number(notice.to()) => {
                Err(Refused::bad("notification.settings.to must be a number such as +46701740605"))
            }
            Way::Email if !is_address(notice.recipient()) => Err(Refused::bad(
                "notification.settings.recipient (or to) must be an e-mail address",
            )),
            Way::PhoneNumber | Way::Email => Ok(notice),
        }
    }
}

impl BookingSent {
    /// Whether it is a virtual appointment, by video.
    pub fn virtual_appointment(&self) -> Option<bool> {
        self.virtual_appointment.as_ref().map(|sent| match sent {
            VirtualSent::Flag(is_enabled) | VirtualSent::Object { is_enabled } => *is_enabled,
        })
    }
}

/// E.164: a plus sign and 2 to 15 digits, the first of which is not 0.
fn is_number(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len())
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

fn is_address(text: &str) -> bool {
    let clean = !text.contains(|sign: char| sign.is_whitespace() || sign.is_control());
    let parts = text.rsplit_once('@');
    clean && parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}
