//! Reads a body and refuses what cannot be understood, with the field's path. It checks what the
//! receiver needs; fields that the documents do not name are ignored, and so is their order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::location::Location;
use super::message::Message;
use super::visit::{self, Visit};
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, MOMENT, TEXT};
use crate::receiver::refusal::Refusal;

/// A webhook that was understood.
pub(super) struct Webhook {
    pub account: String,
    pub version: Version,
    pub is_creation: bool,
    pub news: News,
}

/// What it says.
pub(super) enum News {
    Visit(Box<Visit>),
    /// The id of a visit that was deleted.
    Removal(String),
    Message(Message),
    Location(Location),
}

/// Which of two webhooks about the same subject is the newer one. The subject's own time counts
/// first; the envelope decides between changes of the same millisecond, since its ids sort in
/// time order in every example that the vendor gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub updated: Timestamp,
    pub sent: Timestamp,
    pub envelope: String,
}

/// What a type is about, and in which field of the envelope that stands.
enum About {
    Visit(&'static str),
    Removal,
    Message(&'static str),
    Location,
}

impl Webhook {
    /// Reads a body. A type that is not known is no mistake, but gives nothing to apply.
    pub(super) fn read(body: &[u8], defects: &BTreeSet<Defect>) -> Result<Option<Self>, Refusal> {
        let json: Value = serde_json::from_slice(body)?;
        let envelope = Fields::of(String::new(), &json)?;
        let id = envelope.required("id", ID)?;
        let sent = envelope.required("created", MOMENT)?;
        let account = envelope.required("accountId", ID)?;
        let kind = envelope.required("type", TEXT)?;
        let Some(about) = about(&kind, defects)? else { return Ok(None) };
        let object = object(&envelope, &about, defects)?;
        let updated = match about {
            // Its form is not documented; without a time of its own the envelope's is the best.
            About::Location => object.nullable("updated", MOMENT)?.unwrap_or(sent),
            _ => object.required("updated", MOMENT)?,
        };
        let news = match about {
            About::Visit(_) => News::Visit(Box::new(visit::read(object, defects)?)),
            // A snapshot of the last moment, of which nothing is needed any more.
            About::Removal => News::Removal(object.required("id", ID)?),
            About::Message(_) => News::Message(Message::read(&object)?),
            About::Location => News::Location(Location::read(&object)?),
        };
        let version = Version { updated, sent, envelope: id };
        Ok(Some(Self { account, version, is_creation: kind.ends_with(".created"), news }))
    }
}

fn about(kind: &str, defects: &BTreeSet<Defect>) -> Result<Option<About>, Refusal> {
    let has = |defect| defects.contains(&defect);
    Ok(Some(match kind {
        "visit.created" => About::Visit("data"),
        "visit.updated" => About::Visit("after"),
        "visit.removed" => About::Removal,
        "message.created" => About::Message("data"),
        "message.updated" => About::Message("after"),
        "location-status.updated" => About::Location,
        _ if has(Defect::UnknownTypeFails) => {
            return Err(Refusal::Crash("no handler for the type"));
        }
        other if has(Defect::UnknownTypeApplied) && other.starts_with("visit") => {
            About::Visit("after")
        }
        _ => return Ok(None),
    }))
}

/// The object that the webhook is about, as it is now. What it was before is in the ledger, if it
/// was ever heard of.
fn object<'a>(
    envelope: &Fields<'a>,
    about: &About,
    defects: &BTreeSet<Defect>,
) -> Result<Fields<'a>, Refusal> {
    let is_update = envelope.get("before").is_some();
    match about {
        About::Visit("after") if is_update && defects.contains(&Defect::BeforeApplied) => {
            envelope.object("before")
        }
        About::Visit("after") if defects.contains(&Defect::UnknownTypeApplied) => {
            either(envelope, "after")
        }
        About::Visit(key) => envelope.object(key),
        About::Removal => envelope.object("data"),
        About::Message(key) => either(envelope, key),
        About::Location => either(envelope, "after"),
    }
}

/// The documents show no update of a message or a location, so both forms are taken.
fn either<'a>(envelope: &Fields<'a>, key: &str) -> Result<Fields<'a>, Refusal> {
    let key = if envelope.get(key).is_none() { "data" } else { key };
    envelope.object(key)
}
