//! The message as webhooks show it (seed 002; facts, section 3.2).

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

use super::office::{Around, Office, Version};
use super::render::{CUSTOMER_ID, ID, PUBLIC_ID, USER_ID, more, open, value};
use crate::vendors::waitwhile::guest::Channel;
use crate::vendors::waitwhile::message::Message;
use crate::vendors::waitwhile::parts::cost;
use crate::vendors::waitwhile::state::MessageState;
use crate::vendors::waitwhile::visit::Visit;
use crate::vendors::wire::Milliseconds;

/// The sender of text messages: a number reserved for fiction.
const SENDER: &str = "+18005550199";
/// The addresses for replies: a list, as in the example.
const REPLY_TO: &str = "desk@example.test,office@example.test";

/// A whole message.
#[derive(Serialize, JsonSchema)]
pub struct MessageBody<'a> {
    #[serde(flatten)]
    address: Addressed<'a>,
    #[serde(flatten)]
    standing: Standing<'a>,
    #[serde(flatten)]
    content: Content<'a>,
}

/// The keys before those that change: who sends what to whom, and how.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Addressed<'a> {
    #[schemars(extend("pattern" = ID))]
    id: &'a str,
    #[schemars(extend("enum" = ["SMS", "EMAIL"]))]
    channel: &'static str,
    provider_id: &'static str,
    is_external_provider: bool,
    provider_account_id: Option<()>,
    recipient: &'a str,
    recipient_name: &'a str,
    sender: &'a str,
    sender_name: &'a str,
    #[schemars(extend("pattern" = ID))]
    location_id: &'a str,
    #[schemars(extend("pattern" = CUSTOMER_ID))]
    customer_id: &'a str,
    external_customer_id: Option<()>,
    #[schemars(extend("pattern" = ID))]
    visit_id: &'a str,
    user_id: Option<()>,
    r#type: &'static str,
    body: &'a str,
    external_id: Option<()>,
    is_incoming: bool,
    is_anonymized: bool,
    is_read: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
}

/// The keys that change.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Standing<'a> {
    /// `PENDING`, `DELIVERED`; how a failure is spelled is a setting.
    state: &'a str,
    created: Milliseconds,
    updated: Milliseconds,
}

/// The keys behind those that change.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    #[schemars(extend("pattern" = USER_ID))]
    created_by: &'a str,
    #[schemars(extend("pattern" = USER_ID))]
    updated_by: &'a str,
    subject: &'a str,
    template_id: &'static str,
    substitutions: Substitutions<'a>,
    num_segments: u32,
    #[schemars(extend("pattern" = ID))]
    account_id: &'a str,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Substitutions<'a> {
    show_email_confirmation_link: bool,
    message_type: &'static str,
    client_hostname: String,
    public_client_hostname: &'a str,
    #[schemars(extend("pattern" = ID))]
    location_id: &'a str,
    business_name: &'a str,
    waitlist_id: &'a str,
    short_name: &'a str,
    show_branding: bool,
    reply_to: &'static str,
    #[schemars(extend("pattern" = PUBLIC_ID))]
    public_id: &'a str,
    is_booking: bool,
    qr_code_image_link: String,
    body: &'a str,
    message: &'a str,
    subject: &'a str,
    sending_domain: &'a str,
}

/// Writes a message about a visit. Returns the place of what changes.
pub fn message(
    message: &Message,
    visit: &Visit,
    around: Around<'_>,
    into: &mut Vec<u8>,
) -> Range<usize> {
    open(&Addressed::of(message, visit, around), into);
    let start = into.len();
    message_standing(message, around.office, into);
    let end = into.len();
    more(&Content::of(message, visit, around), into);
    into.push(b'}');
    start..end
}

/// Writes what changes of a message.
pub fn message_standing(message: &Message, office: &Office, into: &mut Vec<u8>) {
    more(&Standing::of(message, office), into);
}

/// All fields of a message that a receiver can know.
pub fn message_truth(message: &Message, visit: &Visit, around: Around<'_>) -> serde_json::Value {
    let address = Addressed::of(message, visit, around);
    let standing = Standing::of(message, around.office);
    value(&MessageBody { address, standing, content: Content::of(message, visit, around) })
}

impl<'a> Addressed<'a> {
    fn of(message: &'a Message, visit: &'a Visit, around: Around<'a>) -> Self {
        let Around { office, location, customer, .. } = around;
        let email = message.channel == Channel::Email;
        Self {
            id: &message.id,
            channel: message.channel.name(),
            // The only provider in the examples, whatever the channel.
            provider_id: "TWILIO",
            is_external_provider: false,
            provider_account_id: None,
            recipient: &message.recipient,
            recipient_name: &message.recipient_name,
            sender: if email { &office.desk } else { SENDER },
            sender_name: &office.business,
            location_id: &location.id,
            customer_id: &customer.id,
            external_customer_id: None,
            visit_id: &visit.id,
            user_id: None,
            r#type: message.wire(),
            body: &message.body,
            external_id: None,
            is_incoming: false,
            is_anonymized: false,
            is_read: true,
            cost: (office.version == Version::Full)
                .then(|| cost(message.channel, message.segments)),
        }
    }
}

impl<'a> Standing<'a> {
    fn of(message: &Message, office: &'a Office) -> Self {
        Self {
            state: match message.state {
                MessageState::Failed => &office.failed_state,
                MessageState::Pending | MessageState::Delivered => message.state.name(),
            },
            created: Milliseconds(message.created),
            updated: Milliseconds(message.updated),
        }
    }
}

impl<'a> Content<'a> {
    fn of(message: &'a Message, visit: &'a Visit, around: Around<'a>) -> Self {
        let Around { office, location, .. } = around;
        let user = around.user(message.created_by);
        Self {
            created_by: user,
            updated_by: user,
            subject: &message.subject,
            template_id: message.kind.template(),
            substitutions: Substitutions {
                show_email_confirmation_link: false,
                message_type: message.wire(),
                client_hostname: format!("app.{}", office.host),
                public_client_hostname: &office.host,
                location_id: &location.id,
                business_name: &office.business,
                waitlist_id: &location.short_name,
                short_name: &location.short_name,
                show_branding: true,
                reply_to: REPLY_TO,
                public_id: &visit.id[..6],
                is_booking: message.booking,
                qr_code_image_link: format!(
                    "https://api.{}/v2/public/visits/{}/{}/qrcode",
                    office.host,
                    location.short_name,
                    &visit.id[..6]
                ),
                body: &message.body,
                message: &message.body,
                subject: &message.subject,
                sending_domain: &office.sending_domain,
            },
            num_segments: message.segments,
            account_id: &office.account,
        }
    }
}
