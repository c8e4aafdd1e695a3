//! Deliveries: listed, read with their attempts, and sent again.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::part::{CURSOR, LIMIT, Page, USUAL_LIMIT, cursor, handler, place};
use crate::journal::sqlite::{Filter, Row, StoreError};
use crate::model::{Fault, Outcome};
use crate::policy::fault;
use crate::run::{Delivery, Standing};
use crate::server::account::Account;
use crate::server::context::Context;
use crate::server::known::check_trigger;
use crate::server::problem::{Problem, ProblemType};
use crate::server::query::{Parameter, ParameterKind};
use crate::server::read::read;
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// A delivery.
#[derive(Serialize, JsonSchema)]
pub struct DeliveryView {
    /// Its number in the account.
    pub id: u64,
    /// The number of its webhook.
    pub webhook: u64,
    /// When the webhook was caused, in virtual time.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// The trigger of the webhook.
    pub trigger: &'static str,
    /// The kind of its subject.
    pub kind: &'static str,
    /// The id of its subject.
    pub subject: String,
    /// The name of its subject, if it has one.
    pub name: Option<String>,
    /// The action that caused it.
    pub action: &'static str,
    /// Where it stands: `held`, `overtaken`, `scheduled`, `retrying` or `over`.
    pub state: &'static str,
    /// The outcome of the last attempt, or of the delivery; null if no attempt was made.
    pub outcome: Option<&'static str>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Whether it is a dead letter, which can be sent again by hand.
    pub dead_letter: bool,
}

/// A delivery with everything that the journal has about it.
#[derive(Serialize, JsonSchema)]
pub struct DeliveryDetails {
    /// Its number in the account.
    pub id: u64,
    /// The webhook, as the journal records it; null if no attempt was made yet.
    pub webhook: Json,
    /// Its attempts, in order: each request with its masked headers and its answer.
    pub attempts: Vec<Json>,
    /// How it ended; null if it is not over.
    pub ended: Json,
}

/// A new delivery.
#[derive(Serialize, JsonSchema)]
pub struct NewDelivery {
    /// Its number in the account.
    pub delivery: u64,
}

/// The body that replaces the original.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    /// The body, as text. It need not be JSON.
    pub body: String,
    /// A fault for it, in the words of a feature after `the next webhook`: `arrives with wrong credentials`.
    #[serde(default)]
    pub fault: Option<String>,
}

const QUERY: &[Parameter] = &[
    Parameter {
        name: "trigger",
        kind: ParameterKind::Text,
        about: "Only webhooks with this trigger",
    },
    Parameter {
        name: "outcome",
        kind: ParameterKind::Choice(Outcome::NAMES),
        about: "Only those with this outcome",
    },
    Parameter {
        name: "subject",
        kind: ParameterKind::Text,
        about: "Only those about the subject with this id",
    },
    Parameter {
        name: "name",
        kind: ParameterKind::Text,
        about: "Only those about the subject with this name",
    },
    Parameter {
        name: "state",
        kind: ParameterKind::Choice(&["open", "over", "dead"]),
        about: "Only those that are open, over, or dead letters",
    },
    LIMIT,
    CURSOR,
];

pub fn routes() -> Vec<Route> {
    let made = || Answer::json::<NewDelivery>(202, "It is sent again");
    vec![
        Route::new(
            ("listDeliveries", Method::Get, "/accounts/{account}/deliveries"),
            "List the deliveries that are kept in memory, in the order in which they began",
            Answer::json::<Page<DeliveryView>>(200, "The deliveries"),
            handler!(list),
        )
        .query(QUERY)
        .problems(&[404, 422]),
        Route::new(
            ("getDelivery", Method::Get, "/accounts/{account}/deliveries/{delivery}"),
            "Read a delivery with all its attempts from the journal",
            Answer::json::<DeliveryDetails>(200, "The delivery"),
            handler!(details),
        )
        .problems(&[404, 503]),
        Route::new(
            ("repeatDelivery", Method::Post, "/accounts/{account}/deliveries/{delivery}/repeat"),
            "Send the webhook of a delivery again, with the same bytes, signed now",
            made(),
            handler!(repeat),
        )
        .problems(&[404, 503]),
        Route::new(
            ("editDelivery", Method::Post, "/accounts/{account}/deliveries/{delivery}/edited"),
            "Send the webhook of a delivery again with another body, signed now, or wrongly on purpose",
            made(),
            handler!(edit),
        )
        .body::<Edited>()
        .problems(&[404, 422, 503]),
    ]
}

/// A delivery as it is listed.
pub fn view(delivery: &Delivery) -> DeliveryView {
    let webhook = &delivery.webhook;
    DeliveryView {
        id: delivery.id,
        webhook: webhook.seq,
        at: webhook.at,
        trigger: webhook.trigger,
        kind: webhook.subject.kind,
        subject: webhook.subject.id.clone(),
        name: webhook.name.as_deref().map(str::to_owned),
        action: webhook.action,
        state: match &delivery.standing {
            Standing::Held => "held",
            Standing::ToBeOvertaken(_) => "overtaken",
            Standing::Scheduled => "scheduled",
            Standing::Retrying(_) => "retrying",
            Standing::Over(_) => "over",
        },
        outcome: delivery.outcome().map(|outcome| outcome.name()),
        attempts: delivery.attempts,
        dead_letter: delivery.is_dead_letter(),
    }
}

async fn list(context: Context) -> Answered {
    let account = context.account()?;
    check_trigger(account.target.vendor.catalogue(), context.query.text("trigger"))?;
    let wanted = |name: &str, value: &str| context.query.text(name).is_none_or(|one| one == value);
    let fits = |view: &DeliveryView| {
        let state = match context.query.text("state") {
            Some("open") => view.state != "over",
            Some("over") => view.state == "over",
            Some(_) => view.dead_letter,
            None => true,
        };
        state
            && wanted("trigger", view.trigger)
            && wanted("subject", &view.subject)
            && wanted("name", view.name.as_deref().unwrap_or_default())
            && wanted("outcome", view.outcome.unwrap_or_default())
    };
    page(&context, &account, fits)
}

/// One page of the deliveries that fit.
pub fn page(
    context: &Context,
    account: &Account,
    fits: impl Fn(&DeliveryView) -> bool,
) -> Answered {
    let limit = context.query.number("limit").unwrap_or(USUAL_LIMIT) as usize;
    let from = context.query.text("cursor").map(place).transpose()?.unwrap_or(0) as u64;
    let page = account.live.read(|run| {
        let kept = run.deliveries().since(from).map(view);
        let mut items: Vec<DeliveryView> = kept.filter(fits).take(limit + 1).collect();
        let next = items.get(limit).map(|next| cursor(next.id as usize));
        items.truncate(limit);
        Page { items, next }
    });
    Ok(Reply::ok(page))
}

fn number(context: &Context) -> Result<u64, Problem> {
    let text = context.path.get(1).map_or("", String::as_str);
    text.parse().map_err(|_| Problem::not_found(format!("there is no delivery `{text}`")))
}

fn missing(id: u64) -> Problem {
    Problem::not_found(format!("there is no delivery {id}, or it is no longer kept"))
}

async fn details(context: Context) -> Answered {
    let account = context.account()?;
    let id = number(&context)?;
    let run = account.run;
    let (rows, webhook) = read(&context.server, move |reader| {
        let filter = Filter { run: Some(run), delivery: Some(id), ..Filter::default() };
        let mut rows = Vec::new();
        reader.each(&filter, |row| {
            rows.push(row);
            Ok::<_, StoreError>(())
        })?;
        let seq = rows.iter().find_map(|row| row.seq);
        let webhook = seq.map(|seq| reader.webhook(run, seq)).transpose()?.flatten();
        Ok((rows, webhook))
    })
    .await?;
    let kept = account.live.read(|run| run.deliveries().get(id).is_some());
    if rows.is_empty() && !kept {
        return Err(missing(id));
    }
    let of = |kind: &str| rows.iter().filter(|row| row.kind == kind).map(line).collect::<Vec<_>>();
    Ok(Reply::ok(DeliveryDetails {
        id,
        webhook: webhook.as_ref().map_or(Json::Null, line),
        attempts: of("attempted"),
        ended: of("ended").pop().unwrap_or_default(),
    }))
}

/// The line of a row as JSON.
fn line(row: &Row) -> Json {
    serde_json::from_str(&row.line).unwrap_or_default()
}

async fn repeat(context: Context) -> Answered {
    let account = context.account()?;
    let id = number(&context)?;
    let repeated = context.write(&account, 202, |run| {
        let delivery = run.deliveries().next();
        if run.repeat(id) { Ok(NewDelivery { delivery }) } else { Err(missing(id)) }
    });
    repeated.await
}

async fn edit(context: Context) -> Answered {
    let account = context.account()?;
    let id = number(&context)?;
    let edited: Edited = context.json()?;
    let fault = edited.fault.as_deref().map(|text| fault_of(&account, text)).transpose()?;
    let sent = context.write(&account, 202, |run| {
        let delivery = run.send_edited(id, edited.body, fault).ok_or_else(|| missing(id))?;
        Ok(NewDelivery { delivery })
    });
    sent.await
}

/// The fault with this effect.
fn fault_of(account: &Account, effect: &str) -> Result<Fault, Problem> {
    let wrong = |why: String| Problem::at("/fault", why);
    let read = fault::read(&format!("the next webhook {effect}"));
    let fault = read.ok_or_else(|| wrong(format!("`{effect}` is not a fault")))?.map_err(wrong)?;
    match fault::lacks(&fault, &account.target.policy.authentication) {
        Some(why) => Err(Problem {
            pointer: Some("/fault".to_owned()),
            ..Problem::new(ProblemType::Unprocessable, why)
        }),
        None => Ok(fault),
    }
}
