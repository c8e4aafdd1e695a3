//! Judges expectations of calls of the vendor's API, as the journal has them.

use serde_json::Value as Json;

use crate::clock::Stopwatch;
use crate::contract::expectation::ApiExpectation;
use crate::contract::finding::{Finding, difference, differs};
use crate::contract::stage::Stage;
use crate::journal::EntryKind;
use crate::journal::entry::{EntryId, RequestedCall};
use crate::model::{RequestKind, Subject};
use crate::vendors::api::Method;

/// The most calls that a failure shows.
const SHOWN: usize = 10;

/// Judges an expectation of calls.
pub async fn judge(stage: &Stage, expectation: &ApiExpectation) -> Finding {
    match expectation {
        ApiExpectation::Read { who, kind, .. } => {
            let message = format!("the receiver has not read the {kind} of {who}");
            read(stage, (who, kind), 0, message).await
        }
        ApiExpectation::ReadAfterLast { who, kind } => {
            let message =
                format!("the receiver has not read the {kind} of {who} after the last webhook");
            read(stage, (who, kind), last_webhook(stage, who, kind)?, message).await
        }
        ApiExpectation::Subscribed(trigger) => subscribed(stage, trigger).await,
        ApiExpectation::Calls(wanted) => count(stage, *wanted, *wanted).await,
        ApiExpectation::CallsAtMost(most) => count(stage, 0, *most).await,
    }
}

/// A call and its answer.
struct Call {
    entry: EntryId,
    call: RequestedCall,
    status: u16,
    body: String,
}

/// All calls, in order. Each has its answer, which is given at once.
fn calls(stage: &Stage) -> Vec<Call> {
    let journal = stage.driver.journal();
    let mut calls: Vec<Call> = Vec::new();
    for entry in journal.entries() {
        match &entry.kind {
            EntryKind::Requested(call) => {
                let (entry, call) = (entry.id, call.clone());
                calls.push(Call { entry, call, status: 0, body: String::new() });
            }
            EntryKind::Answered { status, body } => {
                if let Some(last) = calls.last_mut() {
                    last.status = *status;
                    last.body.clone_from(body);
                }
            }
            _ => {}
        }
    }
    calls
}

/// A subject of this name and kind was read, after this entry.
async fn read(
    stage: &Stage,
    (who, kind): (&str, &str),
    after: EntryId,
    message: String,
) -> Finding {
    let (account, _) = stage.account()?;
    let (_, index) = stage.named(who, Some(kind))?;
    let subject = stage.driver.sim().subject(account, index);
    let has_read = || {
        let mut calls = calls(stage).into_iter();
        calls.any(|one| one.entry >= after && one.shows(&subject))
    };
    if eventually(stage, has_read).await {
        return Ok(());
    }
    let field = format!("calls of the API{}", if after > 0 { " since then" } else { "" });
    let made = calls(stage).into_iter().filter(|one| one.entry >= after).collect();
    let expected = format!("one that shows the {kind} {}", subject.id);
    Err(differs(message, difference(&field, expected, shown(made)), last_exchange(stage)))
}

impl Call {
    /// Whether its answer shows a subject: it was read by its id, or is among what was read.
    fn shows(&self, subject: &Subject) -> bool {
        let reads = Method::of(&self.call.method).is_some_and(Method::reads);
        if !reads || !(200..300).contains(&self.status) {
            return false;
        }
        let last = self.call.path.rsplit('/').next().unwrap_or_default();
        last == subject.id
            || serde_json::from_str(&self.body).is_ok_and(|body| holds(&body, &subject.id))
    }
}

/// Whether an object with this id is in a body.
fn holds(body: &Json, id: &str) -> bool {
    match body {
        Json::Array(all) => all.iter().any(|one| holds(one, id)),
        Json::Object(keys) => {
            let is_it = match keys.get("id") {
                Some(Json::String(text)) => text == id,
                Some(Json::Number(number)) => number.to_string() == id,
                _ => false,
            };
            is_it || keys.values().any(|value| holds(value, id))
        }
        _ => false,
    }
}

/// The entry with which the last webhook about a subject began to be sent.
fn last_webhook(
    stage: &Stage,
    who: &str,
    kind: &str,
) -> Result<EntryId, Box<crate::model::result::ScenarioFailure>> {
    let (_, vendor) = stage.account()?;
    let mut subjects = vendor.catalogue().subjects.iter();
    let reported_by = subjects.find(|one| one.kind == kind).map_or(kind, |one| one.reported_by);
    let journal = stage.driver.journal();
    let deliveries = stage.driver.deliveries();
    let about = |delivery: u64| {
        let webhook = &deliveries.get(delivery)?.webhook;
        let is_it = webhook.subject.kind == reported_by && webhook.name.as_deref() == Some(who);
        is_it.then_some(webhook.seq)
    };
    let mut last: Option<(u64, EntryId)> = None;
    for entry in journal.entries() {
        let webhook =
            matches!(entry.kind, EntryKind::Intended { request: RequestKind::Webhook, .. });
        let seq = entry.context.delivery.filter(|_| webhook).and_then(about);
        // Sent again, it tells nothing new.
        if let Some(seq) = seq.filter(|seq| last.is_none_or(|(last, _)| *seq > last)) {
            last = Some((seq, entry.id));
        }
    }
    Ok(last.map_or(0, |(_, entry)| entry))
}

/// The receiver has registered an endpoint for this trigger.
async fn subscribed(stage: &Stage, trigger: &str) -> Finding {
    let (account, _) = stage.account()?;
    let triggers = || -> Vec<&'static str> {
        let sim = stage.driver.sim();
        let hooks = sim.subscriptions(account).iter().flat_map(|one| &one.hooks);
        hooks.map(|(trigger, _)| *trigger).collect()
    };
    if eventually(stage, || triggers().contains(&trigger)).await {
        return Ok(());
    }
    let actual = match triggers().as_slice() {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    };
    let message = format!("the receiver has not subscribed to {trigger}");
    let difference = difference("subscribed to", trigger, format!("{actual}; {}", made(stage)));
    Err(differs(message, difference, last_exchange(stage)))
}

/// There were so many calls, and no more come while the receiver is quiet.
async fn count(stage: &Stage, least: usize, most: usize) -> Finding {
    let number = || calls(stage).len();
    let enough = eventually(stage, || number() >= least).await;
    let watch = Stopwatch::start();
    let quiet_for = stage.under_test.quiet_for;
    while number() <= most && watch.elapsed() < quiet_for {
        stage.driver.pump().changed_within(quiet_for.saturating_sub(watch.elapsed())).await;
    }
    if enough && number() <= most {
        return Ok(());
    }
    let wanted = if least < most { format!("at most {most}") } else { most.to_string() };
    let difference = difference("calls of the API", wanted, made(stage));
    Err(differs("wrong number of calls of the API", difference, last_exchange(stage)))
}

/// Whether a test passes within the receiver's time.
async fn eventually(stage: &Stage, test: impl Fn() -> bool) -> bool {
    let (watch, within) = (Stopwatch::start(), stage.under_test.believes_within);
    while !test() {
        let left = within.saturating_sub(watch.elapsed());
        if left.is_zero() {
            return false;
        }
        stage.driver.pump().changed_within(left).await;
    }
    true
}

fn made(stage: &Stage) -> String {
    shown(calls(stage))
}

/// Calls in a few words: how many, and the last of them.
fn shown(calls: Vec<Call>) -> String {
    if calls.is_empty() {
        return "no call".to_owned();
    }
    let last = calls.iter().skip(calls.len().saturating_sub(SHOWN));
    let last: Vec<String> =
        last.map(|one| format!("{} {} → {}", one.call.method, one.call.path, one.status)).collect();
    format!("{} ({})", calls.len(), last.join(", "))
}

fn last_exchange(stage: &Stage) -> Option<usize> {
    stage.driver.journal().attempts().count().checked_sub(1)
}
