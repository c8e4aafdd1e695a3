//! JSON Schemas from the field tables of the documents, not from our types. So the schemas check
//! the renderer against the documents.
//!
//! `fields/order.txt` and `fields/event.txt` are sections 3.5 and 3.6 row by row (SW, and the
//! prices of seed 003). `fields/assumed.txt` has what no model describes, `fields/attendee.txt` a
//! body of our own. The schemas also have the statuses of seed 003 as enumerations. What is not
//! required may be left out, and is never null. Unlike in SW, the `answers` of an attendee are not
//! required: in seed 003 (3.4.3 note 1) an attendee of a booker-only event has only id, status and
//! ticket.

use serde_json::{Map, Value as Json, json};

use super::state::{AttendeeState, EventState, OrderState, TicketState};
use super::triggers::Trigger;

const ORDER: &str = include_str!("fields/order.txt");
const EVENT: &str = include_str!("fields/event.txt");
const ATTENDEE: &str = include_str!("fields/attendee.txt");
const ASSUMED: &str = include_str!("fields/assumed.txt");

/// The path of attendees in an order.
const ATTENDEES: &str = "order_details.attendees[]";
/// Required in SW, absent in seed 003.
const LEFT_OUT: &str = "order_details.attendees[].answers";

const EVENT_STATUSES: &[&str] = EventState::NAMES;
const ORDER_STATUSES: &[&str] = &[
    OrderState::Active.name(),
    OrderState::CancelledByOrganizer.name(),
    OrderState::PendingApproval.name(),
    OrderState::PendingReview.name(),
    OrderState::Denied.name(),
    OrderState::Removed.name(),
    OrderState::CancelledByAttendee.name(),
];
const ATTENDEE_STATUSES: &[&str] = &[AttendeeState::Active.name(), AttendeeState::Inactive.name()];
const TICKET_STATUSES: &[&str] = &[
    TicketState::Pending.name(),
    TicketState::Valid.name(),
    TicketState::Cancelled.name(),
    TicketState::Checked.name(),
];

/// The statuses of seed 003, by their paths in the order and in the event.
const STATUSES: &[(&str, &[&str])] = &[
    ("status", EVENT_STATUSES),
    ("event.status", EVENT_STATUSES),
    ("order_details.status", ORDER_STATUSES),
    ("order_details.attendees[].status", ATTENDEE_STATUSES),
    ("order_details.attendees[].ticket.status", TICKET_STATUSES),
];

/// The schema of a trigger's body.
pub fn schema(trigger: Trigger) -> Json {
    let mut root = match trigger {
        Trigger::EventCreated | Trigger::EventUpdated | Trigger::EventRemoved => {
            object(&rows(EVENT, "event"), "")
        }
        Trigger::OrderCreated
        | Trigger::OrderUpdated
        | Trigger::OrderCancelled
        | Trigger::OrderRemoved => object(&rows(ORDER, "order"), ""),
        Trigger::AttendeePending
        | Trigger::AttendeeValidated
        | Trigger::AttendeeCancelled
        | Trigger::AttendeeCheckin => attendee(),
    };
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!(trigger.name());
    root
}

/// The schema of an attendee, with the ids of order and event.
fn attendee() -> Json {
    let mut attendee = object(&rows(ORDER, "order"), &format!("{ATTENDEES}."));
    let beside = object(&read(ATTENDEE), "");
    for word in ["properties", "required"] {
        match (&mut attendee[word], &beside[word]) {
            (Json::Object(all), Json::Object(more)) => all.extend(more.clone()),
            (Json::Array(all), Json::Array(more)) => all.extend(more.clone()),
            _ => panic!("an object has {word}"),
        }
    }
    attendee
}

/// A row of a field table.
struct Row<'a> {
    path: &'a str,
    kind: &'a str,
    required: bool,
    limits: Vec<(&'a str, u64)>,
}

/// The rows of a model, including those that are assumed.
fn rows<'a>(table: &'a str, model: &str) -> Vec<Row<'a>> {
    let assumed = ASSUMED.lines().filter_map(|line| line.strip_prefix(model)?.strip_prefix(' '));
    read(table).into_iter().chain(assumed.map(row)).collect()
}

fn read(table: &str) -> Vec<Row<'_>> {
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(row).collect()
}

fn row(line: &str) -> Row<'_> {
    let mut words = line.split(' ');
    let mut word = || words.next().unwrap_or_else(|| panic!("a row is too short: {line}"));
    let (path, kind, required) = (word(), word(), word());
    let limits = words.map(|word| limit(word).unwrap_or_else(|| panic!("no limit in {line}")));
    let limits = limits.collect();
    Row { path, kind, required: required == "required" && path != LEFT_OUT, limits }
}

/// `minLength=1`.
fn limit(word: &str) -> Option<(&str, u64)> {
    let (name, number) = word.split_once('=')?;
    Some((name, number.parse().ok()?))
}

/// The schema of the object whose members have this prefix.
fn object(rows: &[Row<'_>], before: &str) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for row in rows {
        let Some(name) = row.path.strip_prefix(before) else { continue };
        if name.contains(['.', '[']) {
            continue;
        }
        properties.insert(name.to_owned(), value(rows, row));
        if row.required {
            required.push(json!(name));
        }
    }
    if properties.is_empty() {
        // Without declared members, anything is allowed.
        return json!({ "type": "object" });
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The schema of a row, with everything below it.
fn value(rows: &[Row<'_>], row: &Row<'_>) -> Json {
    let mut schema = match row.kind {
        "object" => object(rows, &format!("{}.", row.path)),
        "array" => array(rows, row.path),
        kind => json!({ "type": kind }),
    };
    for (name, number) in &row.limits {
        schema[*name] = json!(number);
    }
    let status = STATUSES.iter().find(|(path, _)| *path == row.path);
    if let Some((_, values)) = status {
        schema["enum"] = json!(values);
    }
    schema
}

fn array(rows: &[Row<'_>], path: &str) -> Json {
    let item = format!("{path}[]");
    let members = format!("{item}.");
    if let Some(row) = rows.iter().find(|row| row.path == item) {
        return json!({ "type": "array", "items": value(rows, row) });
    }
    if rows.iter().any(|row| row.path.starts_with(&members)) {
        return json!({ "type": "array", "items": object(rows, &members) });
    }
    json!({ "type": "array" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_schema() {
        let table = "# A comment.\nid number required\nnames array required\n\
            names[] string item\ntickets array optional\ntickets[].id string required minLength=1\n\
            note string optional minLength=0 maxLength=255\nfees object required";
        let right = json!({
            "type": "object",
            "properties": {
                "id": { "type": "number" },
                "names": { "type": "array", "items": { "type": "string" } },
                "tickets": { "type": "array", "items": {
                    "type": "object",
                    "properties": { "id": { "type": "string", "minLength": 1 } },
                    "required": ["id"],
                    "additionalProperties": false,
                } },
                "note": { "type": "string", "minLength": 0, "maxLength": 255 },
                "fees": { "type": "object" },
            },
            "required": ["id", "names", "fees"],
            "additionalProperties": false,
        });
        assert_eq!(object(&read(table), ""), right);
    }

    #[test]
    fn every_row_of_the_tables_is_in_a_schema() {
        assert_eq!(read(ORDER).len(), 108);
        assert_eq!(read(EVENT).len(), 148 + 2);
        let tables =
            [("order", ORDER, Trigger::OrderCreated), ("event", EVENT, Trigger::EventCreated)];
        for (model, table, trigger) in tables {
            let schema = schema(trigger);
            for row in rows(table, model) {
                let pointer = row.path.split('.').fold(String::new(), |pointer, name| {
                    let items = name.matches("[]").count();
                    pointer + "/properties/" + name.trim_end_matches("[]") + &"/items".repeat(items)
                });
                let found = schema.pointer(&pointer);
                assert_eq!(found.map(|found| &found["type"]), Some(&json!(row.kind)), "{pointer}");
            }
        }
    }

    #[test]
    fn an_attendee_needs_no_answers_and_names_its_order() {
        let schema = schema(Trigger::AttendeeCheckin);
        assert_eq!(schema["required"], json!(["id", "status", "order_id", "event_id"]));
        assert_eq!(schema["properties"]["status"]["enum"], json!(["active", "inactive"]));
    }
}
