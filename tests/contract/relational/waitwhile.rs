//! Waitwhile's visits, messages and locations. Each has a time of change, which decides what is newer.

use actix_web::web::{Bytes, Data, Path, Query, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use super::{Answer, Receiver, SECRET, done, moment, only_once, parsed, refused, text};

pub fn routes(app: &mut ServiceConfig) {
    app.route("/in/waitwhile", post().to(webhook))
        .route("/rows/visit", get().to(visits))
        .route("/messages/{id}", get().to(message))
        .route("/locations/{id}", get().to(location));
}

/// The visits of an id. Its tags come in another order than they were sent in.
async fn visits(asked: Query<Vec<(String, String)>>, receiver: Data<Receiver>) -> HttpResponse {
    let id = &asked[0].1;
    let mut found = receiver.find("SELECT * FROM visit WHERE id = ?", id);
    let tags = receiver.find("SELECT tag FROM tag WHERE visit = ? ORDER BY tag DESC", id);
    let tags: Vec<&Json> = tags.iter().map(|row| &row["tag"]).collect();
    found.iter_mut().for_each(|visit| visit["tags"] = json!(tags));
    HttpResponse::Ok().json(found)
}

async fn message(id: Path<String>, receiver: Data<Receiver>) -> HttpResponse {
    one(receiver.find("SELECT * FROM message WHERE id = ?", &id))
}

async fn location(id: Path<String>, receiver: Data<Receiver>) -> HttpResponse {
    one(receiver.find("SELECT * FROM location WHERE id = ?", &id))
}

fn one(mut found: Vec<Json>) -> HttpResponse {
    found.pop().map_or_else(|| HttpResponse::Gone().finish(), |row| HttpResponse::Ok().json(row))
}

async fn webhook(request: HttpRequest, body: Bytes, receiver: Data<Receiver>) -> HttpResponse {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("a key of any length");
    mac.update(format!("{}/in/waitwhile", receiver.url).as_bytes());
    mac.update(&body);
    let right = STANDARD.encode(mac.finalize().into_bytes());
    let sent: Vec<_> = request.headers().get_all("x-waitwhile-signature").collect();
    if sent.len() != 1 || sent[0].as_bytes() != right.as_bytes() {
        return HttpResponse::Forbidden().body("not signed by Waitwhile for this address");
    }
    receiver.write(|rows| apply(rows, &body))
}

/// Where a subject's webhook comes in their order.
type Version<'a> = (i64, &'a str);

fn apply(rows: &Connection, body: &[u8]) -> Answer {
    let webhook = parsed(body)?;
    let (envelope, kind) = (text(&webhook, "id")?, text(&webhook, "type")?);
    let sent = number(&webhook["created"], text(&webhook, "created"))?;
    only_once(rows, envelope.as_bytes())?;
    let subject = if webhook["after"].is_null() { &webhook["data"] } else { &webhook["after"] };
    let changed = match &subject["updated"] {
        // No document shows a location's status.
        Json::Null if kind == "location-status.updated" => sent,
        at => number(at, text(subject, "updated"))?,
    };
    match kind {
        "visit.created" | "visit.updated" => visit(rows, subject, (changed, envelope)),
        "visit.removed" => remove(rows, text(subject, "id")?),
        "message.created" | "message.updated" => done(rows.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, envelope = excluded.envelope,
                 state = excluded.state, channel = excluded.channel
             WHERE (excluded.changed, excluded.envelope) > (changed, envelope)",
            params![text(subject, "id")?, changed, envelope, text(subject, "state")?, text(subject, "channel")?],
        )),
        "location-status.updated" => done(rows.execute(
            "INSERT INTO location VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, envelope = excluded.envelope,
                 waiting = excluded.waiting, serving = excluded.serving, closed = excluded.closed
             WHERE (excluded.changed, excluded.envelope) > (changed, envelope)",
            params![text(subject, "id")?, changed, envelope, subject["numWaiting"].as_i64(),
                subject["numServing"].as_i64(), subject["isForceClosed"].as_bool()],
        )),
        _ => Ok(()),
    }
}

/// A time that is written as a number or as text.
fn number(value: &Json, or: Result<&str, (u16, String)>) -> Result<i64, (u16, String)> {
    value.as_i64().map_or_else(|| moment(or?), Ok)
}

fn word(state: &str) -> Option<&'static str> {
    Some(match state {
        "DRAFT" | "PENDING" | "BOOKED" | "WAITING" => "expected",
        "SERVING" => "at_desk",
        "COMPLETE" => "over",
        _ => return None,
    })
}

fn visit(rows: &Connection, visit: &Json, (changed, envelope): Version<'_>) -> Answer {
    let (id, state) = (text(visit, "id")?, text(visit, "state")?);
    // A state that we have no word for changes nothing that we show.
    let Some(word) = word(state) else { return Ok(()) };
    let Some(party) = visit["partySize"].as_i64() else {
        return refused(422, "partySize is no number");
    };
    let written = rows.execute(
        "INSERT INTO visit SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 1
         WHERE ?1 NOT IN (SELECT id FROM deleted_visit)
         ON CONFLICT (id) DO UPDATE SET changed = excluded.changed, envelope = excluded.envelope,
             calls = calls + (state <> excluded.state),
             state = excluded.state, name = excluded.name, party = excluded.party, place = excluded.place,
             estimate = excluded.estimate, waited = excluded.waited, ticket = excluded.ticket,
             day = excluded.day, lasts = excluded.lasts
         WHERE (excluded.changed, excluded.envelope) > (changed, envelope)",
        params![id, changed, envelope, word, visit["name"].as_str(), party,
            visit["position"].as_i64(), visit["estWaitDuration"].as_i64(), visit["waitDuration"].as_i64(),
            visit["ticket"].as_str(), visit["date"].as_str(), visit["duration"].as_i64()],
    );
    if matches!(written, Ok(1)) {
        done(rows.execute("DELETE FROM tag WHERE visit = ?", [id]))?;
        for tag in visit["tags"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            done(rows.execute("INSERT INTO tag VALUES (?, ?)", [id, tag]))?;
        }
    }
    done(written)
}

fn remove(rows: &Connection, id: &str) -> Answer {
    done(rows.execute("INSERT OR IGNORE INTO deleted_visit VALUES (?)", [id]))?;
    done(rows.execute("DELETE FROM visit WHERE id = ?", [id]))
}
