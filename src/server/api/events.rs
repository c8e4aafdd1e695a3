//! The event stream.

use super::part::handler;
use crate::journal::sqlite::{Filter, RowId};
use crate::server::context::Context;
use crate::server::problem::{Problem, ProblemType};
use crate::server::query::{Parameter, ParameterKind};
use crate::server::reply::Reply;
use crate::server::route::{Answer, Answered, Content, Method, Route};
use crate::server::stream::Events;

const QUERY: &[Parameter] = &[
    Parameter {
        name: "after",
        kind: ParameterKind::Integer(0, i64::MAX as u64),
        about: "Only events after this one: the id of the last event that the client has seen. `Last-Event-ID` overrides it. Without either, the stream begins now",
    },
    Parameter { name: "account", kind: ParameterKind::Text, about: "Only events of this account" },
    Parameter {
        name: "until",
        kind: ParameterKind::Choice(&["now"]),
        about: "`now` ends the stream after the last event so far",
    },
];

pub fn routes() -> Vec<Route> {
    vec![
        Route::new(
            ("streamEvents", Method::Get, "/events"),
            "Follow everything that happens, as server-sent events. The id of an event is its row in \
             the journal; an event `gap` says that rows are missing",
            Answer { status: 200, about: "The stream", content: Content::Events },
            handler!(stream),
        )
        .query(QUERY)
        .problems(&[404, 503]),
    ]
}

async fn stream(context: Context) -> Answered {
    let latest = *context.server.latest.borrow();
    let named = match &context.last_event {
        None => context.query.number("after"),
        Some(id) => Some(id.parse().map_err(|_| {
            let detail = "`Last-Event-ID` must be the id of an event, a whole number";
            Problem::new(ProblemType::InvalidRequest, detail)
        })?),
    };
    let now = context.query.text("until").is_some();
    // A stream that ends now has all events so far.
    let begin = if now { 0 } else { latest };
    let after = named.map_or(begin, |id| RowId::try_from(id).unwrap_or(RowId::MAX));
    let mut filter = Filter::default();
    if let Some(name) = context.query.text("account") {
        filter.run = Some(context.server.account(name)?.run);
    }
    let events = Events::open(&context.server, filter, after, now.then_some(latest))?;
    Ok(Reply::Events(Box::new(events)))
}
