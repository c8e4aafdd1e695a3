//! Ombori's positions. They carry no time of change, so how far a position has come decides what is newer.

use actix_web::web::{Bytes, Data, Query, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::{Answer, KEY, Receiver, done, moment, only_once, parsed, refused, text};

pub fn routes(app: &mut ServiceConfig) {
    app.route("/in/ombori", post().to(webhook)).route("/rows/position", get().to(rows));
}

async fn rows(asked: Query<Vec<(String, String)>>, receiver: Data<Receiver>) -> HttpResponse {
    HttpResponse::Ok().json(receiver.find("SELECT * FROM position WHERE id = ?", &asked[0].1))
}

async fn webhook(request: HttpRequest, body: Bytes, receiver: Data<Receiver>) -> HttpResponse {
    let keys: Vec<_> = request.headers().get_all("x-api-key").collect();
    if keys.len() != 1 || keys[0].as_bytes() != KEY.as_bytes() {
        return HttpResponse::Unauthorized().body("no key, or another");
    }
    receiver.write(|rows| apply(rows, &body))
}

/// How far a position has come, and our word for that.
fn standing(status: &str) -> Option<(i64, &'static str)> {
    Some(match status {
        "draft" => (0, "queued"),
        "pending" => (1, "queued"),
        "notified" => (2, "called"),
        "fulfilled" => (3, "at_desk"),
        "completed" | "rejected" => (4, "over"),
        _ => return None,
    })
}

/// What orders the changes of a position.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Progress {
    over: bool,
    retries: i64,
    rank: i64,
    called: i64,
}

fn apply(rows: &Connection, body: &[u8]) -> Answer {
    let webhook = parsed(body)?;
    let trigger = text(&webhook, "type")?;
    let position = &webhook["data"]["position"];
    let id = text(position, "id")?;
    let Some((rank, word)) = standing(text(position, "status")?) else {
        // A status that we have no word for changes nothing that we show.
        return only_once(rows, &Sha256::digest(body));
    };
    let called = position["calledAt"].as_str().map_or(Ok(0), moment)?;
    let retries = position["retryCount"].as_i64().unwrap_or(0);
    let progress = Progress { over: rank == 4, retries, rank, called };
    only_once(rows, &Sha256::digest(body))?;
    let known = rows
        .query_row("SELECT rank, retries, called FROM position WHERE id = ?", [id], |row| {
            let (rank, retries, called) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Progress { over: rank == 4, retries, rank, called })
        })
        .optional()
        .or_else(|error| refused(500, error.to_string()))?;
    let is_creation = matches!(trigger, "positionCreated" | "bookingConfirmation");
    let is_news = match known {
        None => true,
        Some(known) if known.over => false,
        Some(known) => {
            let again = trigger == "positionRetry" && position["retryCount"].is_null();
            !is_creation && (progress >= known || again && known.rank == 2)
        }
    };
    if is_news {
        store(rows, (id, position), progress, word)?;
    }
    rate(rows, id, &position["feedback"])
}

/// What a webhook does not say stays as it was.
fn store(
    rows: &Connection,
    (id, position): (&str, &Json),
    progress: Progress,
    word: &str,
) -> Answer {
    let Progress { rank, retries, called, .. } = progress;
    let booking = |name| position["booking"][name].as_str().map(moment).transpose();
    let (starts, ends) = (booking("start")?, booking("end")?);
    let people = position["numberOfPeople"].as_i64();
    let text = |name: &str| position[name].as_str();
    done(rows.execute(
        "INSERT INTO position (id, rank, word, label, queue, locale, people, guest, starts, ends, retries, called)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, word = excluded.word,
             label = excluded.label, queue = excluded.queue, locale = excluded.locale,
             people = coalesce(excluded.people, people), guest = coalesce(excluded.guest, guest),
             starts = coalesce(excluded.starts, starts), ends = coalesce(excluded.ends, ends),
             retries = max(excluded.retries, retries), called = max(excluded.called, called),
             texts = texts + 1",
        params![id, rank, word, text("label"), text("queue"), text("locale"), people,
            guest(&position["registrationData"]), starts, ends, retries, called],
    ))
}

/// The name in either form of the registration data.
fn guest(data: &Json) -> Option<&str> {
    let item = match data.as_array() {
        Some(items) => items.iter().find(|item| item["name"] == "name")?,
        None => &data["name"],
    };
    item["value"].as_str().filter(|name| !name.is_empty())
}

/// Feedback may come long after a position is over.
fn rate(rows: &Connection, id: &str, feedback: &Json) -> Answer {
    let (rating, review) = (feedback["rating"].as_i64(), feedback["message"].as_str());
    if rating.is_none() {
        return Ok(());
    }
    done(rows.execute(
        "UPDATE position SET rating = ?2, review = ?3, texts = texts + 1
         WHERE id = ?1 AND (rating, review) IS NOT (?2, ?3)",
        params![id, rating, review],
    ))
}
