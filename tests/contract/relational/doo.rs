//! doo's events, orders, attendees and tickets. An event has a time of change. An order has none, so how far it has
//! come decides what is newer.

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::web::{Bytes, Data, Path, Query, ServiceConfig, get, post};
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::{Answer, Receiver, done, parsed, refused, text};

/// Who may get tokens, and whether they may send webhooks.
const CLIENTS: [(&str, &str, bool); 2] =
    [("doo", "relational-doo-secret", true), ("partner", "relational-partner-secret", false)];

pub fn routes(app: &mut ServiceConfig) {
    app.route("/tokens", post().to(issue))
        .route("/tokens/revoke", post().to(revoke))
        .route("/in/doo/{trigger}", post().to(webhook));
    for (path, statement) in [
        ("/rows/event", "SELECT * FROM event WHERE id = ?"),
        ("/rows/order", "SELECT * FROM booking WHERE id = ?"),
        (
            "/rows/attendee",
            "SELECT attendee.*, ticket.word AS ticket FROM attendee LEFT JOIN ticket ON attendee = attendee.id WHERE attendee.id = ?",
        ),
        ("/rows/ticket", "SELECT * FROM ticket WHERE id = ?"),
    ] {
        let rows = move |asked: Query<Vec<(String, String)>>, receiver: Data<Receiver>| async move {
            HttpResponse::Ok().json(receiver.find(statement, &asked[0].1))
        };
        app.route(path, get().to(rows));
    }
}

/// The fields of a form, in order.
type Fields = Vec<(String, String)>;

/// The form of a client that shows who it is.
fn form(request: &HttpRequest, body: &[u8]) -> Result<(&'static str, Fields), u16> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(415);
    }
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let has = |name: &str, value: &str| {
        let mut values = fields.iter().filter(|(field, _)| field == name);
        values.next().is_some_and(|(_, one)| one == value) && values.next().is_none()
    };
    let client =
        CLIENTS.iter().find(|(id, secret, _)| has("client_id", id) && has("client_secret", secret));
    client.map_or(Err(401), |(id, ..)| Ok((*id, fields)))
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
}

fn status(code: u16) -> HttpResponse {
    HttpResponse::build(code.try_into().expect("a status")).finish()
}

async fn issue(request: HttpRequest, body: Bytes, receiver: Data<Receiver>) -> HttpResponse {
    let (client, fields) = match form(&request, &body) {
        Ok(form) => form,
        Err(code) => return status(code),
    };
    if field(&fields, "grant_type") != Some("client_credentials") {
        return status(400);
    }
    let mut token = String::new();
    receiver.write(|rows| {
        token = rows
            .query_row(
                "INSERT INTO token VALUES (lower(hex(randomblob(16))), ?) RETURNING token",
                [client],
                |row| row.get(0),
            )
            .expect("SQL");
        Ok(())
    });
    HttpResponse::Ok().json(json!({ "access_token": token, "expires_in": 7200 }))
}

async fn revoke(request: HttpRequest, body: Bytes, receiver: Data<Receiver>) -> HttpResponse {
    let (client, fields) = match form(&request, &body) {
        Ok(form) => form,
        Err(code) => return status(code),
    };
    let token = field(&fields, "token").unwrap_or_default();
    receiver.write(|rows| {
        done(rows.execute("DELETE FROM token WHERE (token, client) = (?, ?)", [token, client]))
    });
    status(200)
}

async fn webhook(
    trigger: Path<String>,
    request: HttpRequest,
    body: Bytes,
    receiver: Data<Receiver>,
) -> HttpResponse {
    let sent: Vec<_> = request.headers().get_all(AUTHORIZATION).collect();
    let token = match &sent[..] {
        [one] => one.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")),
        _ => None,
    };
    let answer = receiver.write(|rows| {
        let of = "SELECT client FROM token WHERE token = ?";
        let client: Option<String> = rows
            .query_row(of, [token.unwrap_or_default()], |row| row.get(0))
            .optional()
            .expect("SQL");
        let known = CLIENTS.iter().find(|(id, ..)| Some(*id) == client.as_deref());
        match known {
            None => refused(401, "no token, or one that is not valid"),
            Some((.., false)) => refused(403, "not doo's token"),
            Some(_) if trigger.starts_with("event_") => event(rows, &trigger, &body),
            Some(_) => order(rows, &trigger, &body),
        }
    });
    // doo takes every other answer for a failure.
    if answer.status().is_success() { status(200) } else { answer }
}

/// A number that is written as a number or as text.
fn number(value: &Json) -> Result<i64, (u16, String)> {
    let number = match value {
        Json::String(text) => text.parse().ok(),
        // JSON may write a whole number with a decimal point.
        other => other.as_i64().or_else(|| other.as_f64().map(|number| number as i64)),
    };
    number.map_or_else(|| refused(422, format!("{value} is no id")), Ok)
}

/// How far something has come: the place of its status in a list of our words, and the word.
fn standing(
    status: &str,
    words: &[(i64, &'static str, &[&str])],
) -> Result<(i64, &'static str), (u16, String)> {
    let found = words.iter().find(|(_, _, theirs)| theirs.contains(&status));
    found.map_or_else(
        || refused(422, format!("no word for {status}")),
        |(rank, word, _)| Ok((*rank, *word)),
    )
}

const OF_EVENTS: [(i64, &str, &[&str]); 5] = [
    (0, "planned", &["draft"]),
    (1, "on_sale", &["live"]),
    (2, "called_off", &["cancelled"]),
    (3, "over", &["done"]),
    (4, "gone", &["deleted"]),
];
const OF_ORDERS: [(i64, &str, &[&str]); 5] = [
    (0, "to_decide", &["pending_organizer_approval", "pending_organizer_review"]),
    (1, "placed", &["active"]),
    (1, "turned_down", &["denied"]),
    (
        2,
        "cancelled",
        &[
            "organizer_cancelled",
            "organizer_accepted_cancellation",
            "attendee_accepted_cancellation",
        ],
    ),
    (3, "gone", &["removed"]),
];
const OF_TICKETS: [(i64, &str, &[&str]); 4] = [
    (0, "unpaid", &["pending"]),
    (1, "good", &["valid"]),
    (1, "inside", &["checked"]),
    (2, "void", &["cancelled"]),
];

fn event(rows: &Connection, trigger: &str, body: &[u8]) -> Answer {
    let event = parsed(body)?;
    let (id, hash) = (number(&event["id"])?, Sha256::digest(body));
    let (rank, word) = match trigger {
        "event_removed" => (4, "gone"),
        _ => standing(text(&event, "status")?, &OF_EVENTS)?,
    };
    let known: Option<(i64, String, Vec<u8>)> = rows
        .query_row("SELECT rank, changed, body FROM event WHERE id = ?", [id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .expect("SQL");
    let changed = text(&event, "update_date")?;
    if let Some((known_rank, last, body)) = known {
        if body == hash[..] {
            return refused(409, "it is so already");
        }
        let older = (changed, rank) < (last.as_str(), known_rank) && trigger != "event_removed";
        if known_rank == 4 || older || trigger == "event_created" {
            return Ok(());
        }
    }
    done(rows.execute(
        "INSERT INTO event (id, rank, word, title, starts, deleted, changed, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, word = excluded.word, title = excluded.title,
             starts = excluded.starts, deleted = excluded.deleted, changed = excluded.changed, body = excluded.body,
             letters = letters + 1",
        params![id, rank, word, text(&event, "title")?, text(&event, "start_date")?,
            number(&event["is_deleted"])?, changed, &hash[..]],
    ))
}

/// An attendee of an order, with the ticket: ids, our words, and how far the ticket has come.
struct Seat<'a> {
    id: i64,
    active: bool,
    first: Option<&'a str>,
    ticket: i64,
    rank: i64,
    word: &'static str,
}

fn seat(attendee: &Json) -> Result<Seat<'_>, (u16, String)> {
    let (rank, word) = standing(text(&attendee["ticket"], "status")?, &OF_TICKETS)?;
    Ok(Seat {
        id: number(&attendee["id"])?,
        active: text(attendee, "status")? == "active",
        first: attendee["first_name"].as_str(),
        ticket: number(&attendee["ticket"]["id"])?,
        rank,
        word,
    })
}

/// Cents, since a column has no decimals.
fn cents(amount: &str) -> Result<i64, (u16, String)> {
    let (euros, rest) = amount.split_once('.').unwrap_or((amount, "0"));
    let cents = format!("{euros}{rest:0<2}");
    cents.parse().or_else(|_| refused(422, format!("`{amount}` is no amount")))
}

fn order(rows: &Connection, trigger: &str, body: &[u8]) -> Answer {
    let webhook = parsed(body)?;
    let (order, hash) = (&webhook["order_details"], Sha256::digest(body));
    let id = number(&order["id"])?;
    let (rank, word) = match trigger {
        "order_removed" => (3, "gone"),
        _ => standing(text(order, "status")?, &OF_ORDERS)?,
    };
    let Some(attendees) = order["attendees"].as_array() else {
        return refused(422, "no attendees");
    };
    let seats = attendees.iter().map(seat).collect::<Result<Vec<_>, _>>()?;
    let known: Option<(i64, String, Vec<u8>)> = rows
        .query_row("SELECT rank, word, body FROM booking WHERE id = ?", [id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()
        .expect("SQL");
    if let Some((known_rank, known_word, body)) = known {
        if body == hash[..] {
            return refused(409, "it is so already");
        }
        let mut goes_back =
            rank < known_rank || known_rank == 3 || known_word != word && rank == known_rank;
        for seat in &seats {
            let further = "SELECT count(*) FROM ticket WHERE id = ? AND rank > ?";
            let further: i64 =
                rows.query_row(further, [seat.ticket, seat.rank], |row| row.get(0)).expect("SQL");
            goes_back |= rank == known_rank && further > 0;
        }
        if goes_back || trigger == "order_created" {
            return Ok(());
        }
    }
    let paid = seats.iter().any(|seat| seat.active);
    done(rows.execute(
        "INSERT INTO booking (id, rank, word, status, paid, first, last, email, cents, off, customer, event, body)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET letters = letters + (status <> excluded.status OR paid <> excluded.paid),
             rank = excluded.rank, word = excluded.word, status = excluded.status, paid = excluded.paid,
             first = excluded.first, last = excluded.last, email = excluded.email, cents = excluded.cents,
             off = excluded.off, customer = excluded.customer, event = excluded.event, body = excluded.body",
        params![id, rank, word, text(order, "status")?, paid, text(order, "first_name")?, text(order, "last_name")?,
            text(order, "email")?, cents(text(&order["payment"], "amount")?)?,
            order["total_coupon_discount"].as_i64(), webhook["external_customer_id"].as_str(),
            number(&webhook["event"]["id"])?, &hash[..]],
    ))?;
    seats.iter().try_for_each(|seat| sit(rows, seat))
}

fn sit(rows: &Connection, seat: &Seat<'_>) -> Answer {
    let word = if seat.active { "coming" } else { "not_yet" };
    done(rows.execute(
        "INSERT OR REPLACE INTO attendee VALUES (?, ?, ?)",
        params![seat.id, word, seat.first],
    ))?;
    done(rows.execute(
        "INSERT INTO ticket VALUES (?, ?, ?, ?, ?3 = 'inside')
         ON CONFLICT (id) DO UPDATE SET entries = entries + (excluded.word = 'inside' AND word <> 'inside'),
             word = excluded.word, rank = excluded.rank",
        params![seat.ticket, seat.id, seat.word, seat.rank],
    ))
}
