//! Reads a body, and refuses an invalid one with the path of the wrong field. It checks only the
//! fields that the receiver needs. It ignores undocumented fields, and the order of fields.

use jiff::Timestamp;

use super::location::Location;
use super::message::Message;
use super::visit::{self, Visit};
use crate::receiver::defects::Defect;
use crate::receiver::fields::{Fields, ID, MOMENT, TEXT};
use crate::receiver::refusal::Refusal;
use crate::receiver::unstorable::{self, Crashes};
use crate::receiver::variation::Defects;

/// At which text only a defect fails.
const CRASHES: Crashes =
    Crashes { nul: Defect::NulInVisitCrashes, half: Defect::HalfEmojiInVisitCrashes };

/// A webhook that was read.
pub(super) struct Webhook {
    pub account: String,
    pub version: Version,
    pub is_creation: bool,
    pub content: Content,
}

/// What a webhook reports.
pub(super) enum Content {
    Visit(Box<Visit>),
    /// The id of a visit that was deleted.
    Removal(String),
    Message(Message),
    Location(Location),
}

/// Orders the webhooks about one subject by age. The subject's own time counts first. The envelope
/// decides between changes of the same millisecond: in every example of the vendor, envelope ids
/// sort in the order of time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    pub updated: Timestamp,
    pub sent: Timestamp,
    pub envelope: String,
}

/// The subject of a webhook type, and the field of the envelope that has it.
enum Target {
    Visit(&'static str),
    Removal,
    Message(&'static str),
    Location,
}

impl Webhook {
    /// Reads a body. An unknown type is not an error, but there is nothing to apply.
    pub(super) fn read(body: &[u8], defects: &Defects) -> Result<Option<Self>, Refusal> {
        let json = unstorable::read(body, defects, &CRASHES)?;
        let envelope = Fields::of(String::new(), &json)?;
        let id = envelope.required("id", ID)?;
        let sent = envelope.required("created", MOMENT)?;
        let account = envelope.required("accountId", ID)?;
        let kind = envelope.required("type", TEXT)?;
        let Some(target) = target(&kind, defects)? else { return Ok(None) };
        let object = object(&envelope, &target, defects)?;
        let updated = match target {
            // Its form is not documented. Without a time of its own, the envelope's is the best.
            Target::Location => object.nullable("updated", MOMENT)?.unwrap_or(sent),
            _ => object.required("updated", MOMENT)?,
        };
        let content = match target {
            Target::Visit(_) => Content::Visit(Box::new(visit::read(object, defects)?)),
            // Only the id of a deleted visit is needed.
            Target::Removal => Content::Removal(object.required("id", ID)?),
            Target::Message(_) => Content::Message(Message::read(&object)?),
            Target::Location => Content::Location(Location::read(&object)?),
        };
        let version = Version { updated, sent, envelope: id };
        Ok(Some(Self { account, version, is_creation: kind.ends_with(".created"), content }))
    }
}

fn target(kind: &str, defects: &Defects) -> Result<Option<Target>, Refusal> {
    let has = |defect| defects.contains(&defect);
    Ok(Some(match kind {
        "visit.created" => Target::Visit("data"),
        "visit.updated" => Target::Visit("after"),
        "visit.removed" => Target::Removal,
        "message.created" => Target::Message("data"),
        "message.updated" => Target::Message("after"),
        "location-status.updated" => Target::Location,
        _ if has(Defect::UnknownTypeFails) => {
            return Err(Refusal::Crash("no handler for the type"));
        }
        other if has(Defect::UnknownTypeApplied) && other.starts_with("visit") => {
            Target::Visit("after")
        }
        _ => return Ok(None),
    }))
}

/// The current state of the subject. `before` is not needed: the ledger has the state before, if
/// the subject is known.
fn object<'a>(
    envelope: &Fields<'a>,
    target: &Target,
    defects: &Defects,
) -> Result<Fields<'a>, Refusal> {
    let is_update = envelope.get("before").is_some();
    match target {
        Target::Visit("after") if is_update && defects.contains(&Defect::BeforeApplied) => {
            envelope.object("before")
        }
        Target::Visit("after") if defects.contains(&Defect::UnknownTypeApplied) => {
            either(envelope, "after")
        }
        Target::Visit(key) => envelope.object(key),
        Target::Removal => envelope.object("data"),
        Target::Message(key) => either(envelope, key),
        Target::Location => either(envelope, "after"),
    }
}

/// The documents show no update of a message or a location, so both forms are accepted.
fn either<'a>(envelope: &Fields<'a>, key: &str) -> Result<Fields<'a>, Refusal> {
    let key = if envelope.get(key).is_none() { "data" } else { key };
    envelope.object(key)
}
