//! The virtual time of an account.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::part::{handler, wait_for};
use crate::clock::after;
use crate::server::account::Account;
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};
use crate::text::{duration, no_duration};

/// The clock of an account.
#[derive(Serialize, JsonSchema)]
pub struct ClockView {
    /// Virtual time now.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub now: Timestamp,
    /// Virtual seconds per real second; null: time stands still.
    pub speed: Option<f64>,
    /// The moment at which the running advance ends; null if no advance is running.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub passing_to: Option<Timestamp>,
    /// The next moment at which the vendor acts by itself or a request is due.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub next: Option<Timestamp>,
    /// How many requests are under way.
    pub in_flight: usize,
}

/// How far to advance: one of the two.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Advance {
    /// By this length of time: `10m`, `1h 30m`.
    #[schemars(schema_with = "length_schema")]
    By(String),
    /// To this moment (RFC 3339).
    #[schemars(schema_with = "moment_schema")]
    To(Timestamp),
}

/// The speed of virtual time.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Speed {
    /// Virtual seconds per real second; null: time stands still.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schemars(schema_with = "speed_schema")]
    pub speed: Option<f64>,
}

fn speed_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    let (least, most) = (0.001, 1e9);
    schemars::json_schema!({ "type": ["number", "null"], "minimum": least, "maximum": most })
}

fn length_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "pattern": "^[1-9][0-9]{0,3}(ms|s|m|h)$" })
}

fn moment_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "format": "date-time" })
}

pub fn routes() -> Vec<Route> {
    let clock = || Answer::json::<ClockView>(200, "The clock");
    vec![
        Route::new(
            ("getClock", Method::Get, "/accounts/{account}/clock"),
            "Read the clock",
            clock(),
            handler!(read),
        )
        .problems(&[404]),
        Route::new(
            ("setSpeed", Method::Put, "/accounts/{account}/clock"),
            "Set the speed at which time passes by itself, or stop it. Stopping also ends an advance that is \
             under way",
            clock(),
            handler!(set_speed),
        )
        .body::<Speed>()
        .problems(&[404, 503]),
        Route::new(
            ("advanceClock", Method::Post, "/accounts/{account}/clock/advance"),
            "Let time pass at once. Whatever is due on the way happens and is delivered, and answered \
             before time passes on. What takes longer than five seconds goes on after the answer:\
             `passing_to` says so",
            clock(),
            handler!(advance),
        )
        .body::<Advance>()
        .problems(&[404, 409, 422, 503]),
        Route::new(
            ("settleDeliveries", Method::Post, "/accounts/{account}/clock/settle"),
            "Make every pending attempt and all retries, while the vendor's time stands still",
            clock(),
            handler!(settle),
        )
        .problems(&[404, 409, 503]),
    ]
}

fn view(account: &Account) -> ClockView {
    let next = account.live.read(crate::run::Run::next);
    let speed = account.live.pace().speed;
    ClockView {
        now: account.live.now(),
        speed,
        passing_to: account.live.passing_to(),
        next,
        in_flight: account.live.in_flight(),
    }
}

async fn read(context: Context) -> Answered {
    Ok(Reply::ok(view(&*context.account()?)))
}

async fn set_speed(context: Context) -> Answered {
    let account = context.account()?;
    let body: Speed = context.json()?;
    if let Some(speed) = body.speed {
        check_speed("/speed", speed)?;
    }
    account.live.set_speed(body.speed)?;
    context.server.note_speed(&account).await?;
    Ok(Reply::ok(view(&account)))
}

/// Checks that a speed is within its bounds.
pub fn check_speed(pointer: &str, speed: f64) -> Result<(), Problem> {
    if (0.001..=1e9).contains(&speed) {
        return Ok(());
    }
    let detail = "a speed is a number from 0.001 to 1e9";
    let pointer = Some(pointer.to_owned());
    Err(Problem { pointer, ..Problem::new(ProblemType::InvalidRequest, detail) })
}

async fn advance(context: Context) -> Answered {
    let account = context.account()?;
    let to = match context.json::<Advance>()? {
        Advance::To(moment) => moment,
        Advance::By(text) => {
            let length = duration(&text).ok_or_else(|| Problem::at("/by", no_duration(&text)))?;
            after(account.live.now(), length)
        }
    };
    unless_under_way(&account)?;
    context.begin(&account).await?;
    wait_for(account.live.advance(to)).await?;
    Ok(Reply::ok(view(&account)))
}

async fn settle(context: Context) -> Answered {
    let account = context.account()?;
    unless_under_way(&account)?;
    let (live, (done, settled)) = (account.live.clone(), oneshot::channel());
    context.server.spawn(async move {
        // The caller may have stopped waiting.
        let _ = done.send(live.settle().await);
    });
    wait_for(async { settled.await.unwrap_or(Ok(())) }).await?;
    Ok(Reply::ok(view(&account)))
}

/// Refuses to start while an advance is under way, or deliveries settle.
fn unless_under_way(account: &Account) -> Result<(), Problem> {
    // What was under way when the journal failed ends no more.
    if let Some(failed) = account.live.failed() {
        return Err(failed.into());
    }
    if !account.live.is_under_way() {
        return Ok(());
    }
    let detail =
        "an advance is already under way: wait until it has ended, or stop it with speed null";
    Err(Problem::new(ProblemType::Conflict, detail))
}
