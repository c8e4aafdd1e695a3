//! Dead letters and deactivated endpoints.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deliveries::{DeliveryView, page};
use super::part::{CURSOR, LIMIT, Page, handler};
use crate::server::account::ONLY;
use crate::server::context::Context;
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Method, Route};

/// Which dead letters to send again.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendAgain {
    /// Only those of the subject with this name; all by default.
    #[serde(default)]
    pub name: Option<String>,
}

/// The result of sending dead letters again.
#[derive(Serialize, JsonSchema)]
pub struct SentAgain {
    /// How many were sent.
    pub sent: usize,
}

/// An endpoint.
#[derive(Serialize, JsonSchema)]
pub struct EndpointView {
    /// Whether the vendor has deactivated it.
    pub deactivated: bool,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("listDeadLetters", Method::Get, "/accounts/{account}/dead-letters"),
            "List the dead letters that are kept, in the order in which their deliveries began",
            Answer::json::<Page<DeliveryView>>(200, "The dead letters"),
            handler!(list),
        )
        .query(&[LIMIT, CURSOR])
        .problems(&[404, 422]),
        Route::new(
            ("sendDeadLetters", Method::Post, "/accounts/{account}/dead-letters/send"),
            "Send dead letters again, with the same bytes. Each has all its attempts again",
            Answer::json::<SentAgain>(200, "They are sent"),
            handler!(send),
        )
        .body::<SendAgain>()
        .problems(&[404, 503]),
        Route::new(
            ("getEndpoint", Method::Get, "/accounts/{account}/endpoint"),
            "Read whether the vendor has deactivated the endpoint of the account's settings",
            Answer::json::<EndpointView>(200, "The endpoint"),
            handler!(endpoint),
        )
        .problems(&[404]),
        Route::new(
            ("reactivateEndpoint", Method::Post, "/accounts/{account}/endpoint/reactivate"),
            "Activate a deactivated endpoint again",
            Answer::json::<EndpointView>(200, "The endpoint"),
            handler!(reactivate),
        )
        .problems(&[404, 503]),
    ]
}

async fn list(context: Context) -> Answered {
    let account = context.account()?;
    page(&context, &account, |delivery| delivery.dead_letter)
}

async fn send(context: Context) -> Answered {
    let account = context.account()?;
    let body: SendAgain = context.json()?;
    let sent = context.write(&account, 200, |run| {
        Ok(SentAgain { sent: run.send_dead_letters(ONLY, body.name.as_deref()) })
    });
    sent.await
}

async fn endpoint(context: Context) -> Answered {
    let account = context.account()?;
    let deactivated = account.live.read(|run| run.is_deactivated(ONLY));
    Ok(Reply::ok(EndpointView { deactivated }))
}

async fn reactivate(context: Context) -> Answered {
    let account = context.account()?;
    let reactivated = context.write(&account, 200, |run| {
        run.reactivate(ONLY);
        Ok(EndpointView { deactivated: false })
    });
    reactivated.await
}
