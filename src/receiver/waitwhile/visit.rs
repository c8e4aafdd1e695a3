//! What the receiver stores of a visit, and how it is read. The probe shows the same keys.
//!
//! Both versions of the vendor's page are accepted. Fields that only the older one has are not
//! needed.

use serde::Serialize;
use serde_json::Value;

use crate::receiver::defects::Defect;
use crate::receiver::fields::{
    COUNT, Fields, ID, INTEGER, Kind, LOCAL_TIME, TEXT, TEXTS, TIME, mistyped,
};
use crate::receiver::refusal::Refusal;
use crate::receiver::variation::Defects;

/// The state of a visit. None is final: a completed visit can be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Pending,
    Draft,
    Booked,
    Waiting,
    Serving,
    Complete,
}

const STATE: Kind<State> =
    Kind("one of PENDING, DRAFT, BOOKED, WAITING, SERVING and COMPLETE", |value| {
        Some(match value.as_str()? {
            "PENDING" => State::Pending,
            "DRAFT" => State::Draft,
            "BOOKED" => State::Booked,
            "WAITING" => State::Waiting,
            "SERVING" => State::Serving,
            "COMPLETE" => State::Complete,
            _ => return None,
        })
    });

/// A guest's visit. Times are kept as the vendor wrote them; durations are in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Visit {
    pub id: String,
    pub state: State,
    pub name: Option<String>,
    pub party: u64,
    pub customer: Option<String>,
    pub locale: Option<String>,
    pub location: String,
    pub ticket: Option<String>,
    pub position: Option<u64>,
    pub estimate: Option<i64>,
    pub waited: Option<i64>,
    pub slot: Option<Slot>,
    pub tags: Vec<String>,
    pub resources: Vec<String>,
    pub services: Vec<String>,
    pub answers: Vec<Answer>,
    pub joined_at: Option<String>,
    pub served_at: Option<String>,
    pub completed_at: Option<String>,
}

/// A booked slot. The start is the location's local time, without a zone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Slot {
    pub start: String,
    pub seconds: Option<u64>,
}

/// The guest's answer to a question of the account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Answer {
    pub question: String,
    pub values: Vec<String>,
}

impl Visit {
    pub(super) fn is_cancelled(&self) -> bool {
        self.state == State::Complete && self.tags.iter().any(|tag| tag == "CANCELLED")
    }

    /// This visit, with missing fields taken from the state before. Only a defect does this: a
    /// webhook has the whole visit, and a missing field no longer has a value.
    pub(super) fn filled_from(self, before: &Visit) -> Visit {
        fn or<T: Clone>(now: Option<T>, before: &Option<T>) -> Option<T> {
            now.or_else(|| before.clone())
        }
        Visit {
            position: or(self.position, &before.position),
            estimate: or(self.estimate, &before.estimate),
            waited: or(self.waited, &before.waited),
            slot: or(self.slot, &before.slot),
            served_at: or(self.served_at, &before.served_at),
            completed_at: or(self.completed_at, &before.completed_at),
            ..self
        }
    }
}

/// Reads a visit from `data` or `after`.
pub(super) fn read(fields: Fields<'_>, defects: &Defects) -> Result<Visit, Refusal> {
    let reader = Reader { fields, defects };
    reader.crash_if_defective()?;
    reader.visit()
}

struct Reader<'a> {
    fields: Fields<'a>,
    defects: &'a Defects,
}

impl Reader<'_> {
    fn visit(&self) -> Result<Visit, Refusal> {
        let fields = &self.fields;
        Ok(Visit {
            id: fields.required("id", ID)?,
            state: fields.required("state", STATE)?,
            name: self.name()?,
            party: fields.required("partySize", COUNT)?,
            customer: fields.nullable("customerId", TEXT)?,
            locale: fields.nullable("locale", TEXT)?,
            location: fields.required("locationId", ID)?,
            ticket: fields.nullable("ticket", TEXT)?,
            position: fields.nullable("position", COUNT)?,
            estimate: fields.nullable("estWaitDuration", INTEGER)?,
            waited: fields.nullable("waitDuration", INTEGER)?,
            slot: self.slot()?,
            tags: fields.nullable("tags", TEXTS)?.unwrap_or_default(),
            resources: fields.nullable("resourceIds", TEXTS)?.unwrap_or_default(),
            services: fields.nullable("serviceIds", TEXTS)?.unwrap_or_default(),
            answers: self.answers()?,
            joined_at: fields.nullable("waitlistTime", TIME)?,
            served_at: fields.nullable("serveTime", TIME)?,
            completed_at: fields.nullable("completedTime", TIME)?,
        })
    }

    /// A guest who was only counted in has no name.
    fn name(&self) -> Result<Option<String>, Refusal> {
        let name = self.fields.nullable("name", TEXT)?;
        if self.has(Defect::EmptyNameRefused) && name.as_deref().is_none_or(str::is_empty) {
            let wanted = "a name of at least one character";
            return Err(mistyped(self.fields.path_of("name"), &"".into(), wanted));
        }
        if self.has(Defect::NameMangled) {
            let ascii = |c: char| if c.is_ascii() { c } else { '?' };
            return Ok(name.map(|name| name.chars().map(ascii).collect()));
        }
        Ok(name)
    }

    fn slot(&self) -> Result<Option<Slot>, Refusal> {
        let seconds = self.fields.nullable("duration", COUNT)?;
        let start = self.fields.nullable("date", LOCAL_TIME)?;
        let zone = if self.has(Defect::LocalDateAsUtc) { "Z" } else { "" };
        Ok(start.map(|start| Slot { start: start + zone, seconds }))
    }

    fn answers(&self) -> Result<Vec<Answer>, Refusal> {
        let path = self.fields.path_of("dataFields");
        let items = match self.fields.get("dataFields") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(mistyped(path, other, "an array of objects")),
        };
        let answer = |(index, item)| {
            let item = Fields::of(format!("{path}[{index}]"), item)?;
            let question = item.required("id", ID)?;
            Ok(Answer { question, values: item.nullable("values", TEXTS)?.unwrap_or_default() })
        };
        items.iter().enumerate().map(answer).collect()
    }

    /// The crashes of receivers that generalised from one example. A correct receiver has none.
    fn crash_if_defective(&self) -> Result<(), Refusal> {
        let is_null = |key| self.fields.get(key).is_none_or(Value::is_null);
        let is_absent = |key: &&str| self.fields.get(key).is_none();
        let tags = self.fields.get("tags").and_then(Value::as_array);
        let known = |key| DOCUMENTED.split(' ').any(|documented| documented == key);
        let is_synced = !is_null("date") && !is_null("position");
        for (defect, crashes, why) in [
            (Defect::EstimateRequired, is_null("estWaitDuration"), "estWaitDuration is null"),
            (Defect::PositionRequired, is_null("position"), "position is null"),
            (Defect::LocaleRequired, is_null("locale"), "locale is null"),
            (Defect::ServeTimeRequired, is_null("serveTime"), "serveTime is null"),
            (
                Defect::TrimmedFieldsRequired,
                ["resources", "services", "fields"].iter().any(is_absent),
                "resources, services and fields are needed",
            ),
            (
                Defect::TagObjectsExpected,
                tags.is_some_and(|tags| tags.iter().any(Value::is_string)),
                "the tag is not an object",
            ),
            (Defect::SyncedBookingFails, is_synced, "a booking has no place in line"),
            (Defect::UnknownFieldFails, !self.fields.keys().all(known), "unrecognized field"),
        ] {
            if crashes && self.has(defect) {
                return Err(Refusal::Crash(why));
            }
        }
        Ok(())
    }

    fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

/// The documented fields of a visit, in any version and any type. Only a defect uses them.
const DOCUMENTED: &str = "\
    id publicId accountId locationId state customerId externalCustomerId firstName lastName name \
    phone email notes isAnonymized isBlock created updated createdBy updatedBy pendingExpireTime \
    remoteIp country region city source locale partySize resources resourceIds services serviceIds \
    fields dataFields tags ngrams bookingTime date duration waitlistTime serveTime completedTime \
    ticket numVisits position lastWaitingPosition originalPosition estWaitDuration \
    prevEstWaitDuration originalEstWaitDuration waitDuration followUpSmsTime followUpEmailTime \
    followUpAppTime bookingReminderSmsTime bookingReminderEmailTime bookingReminderAppTime \
    policyConsent";
