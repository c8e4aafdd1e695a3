//! The attempts of a run in readable form.

use super::stage::Stage;
use crate::model::result::Exchange;
use crate::model::{Attempt, Webhook};

/// The most bytes of a body that go into a report.
const SHOWN: usize = 20_000;

/// Every attempt of a run, in order.
pub fn all(stage: &Stage) -> Vec<Exchange> {
    let journal = stage.driver.journal();
    journal
        .attempts()
        .map(|attempt| {
            let webhook = journal.webhook(attempt.delivery);
            let webhook = webhook.unwrap_or_else(|| panic!("attempt of an unknown delivery"));
            exchange(webhook, attempt)
        })
        .collect()
}

/// The last attempt of a delivery, as an index into all of them.
pub fn last_of(stage: &Stage, delivery: u64) -> Option<usize> {
    let journal = stage.driver.journal();
    let attempts: Vec<&Attempt> = journal.attempts().collect();
    attempts.iter().rposition(|attempt| attempt.delivery == delivery)
}

/// The answer to an attempt, in a few words.
pub fn answer(stage: &Stage, index: usize) -> Option<String> {
    let journal = stage.driver.journal();
    let attempt = journal.attempts().nth(index)?;
    let milliseconds = attempt.took.as_millis();
    Some(match &attempt.answer {
        Some(answer) => format!("{} ({}) after {milliseconds} ms", answer.status, attempt.outcome),
        None => format!("{} after {milliseconds} ms", attempt.outcome),
    })
}

fn exchange(webhook: &Webhook, attempt: &Attempt) -> Exchange {
    let name = webhook.name.as_deref().map(str::to_owned);
    Exchange {
        request: attempt.request.name().to_owned(),
        at: attempt.at.to_string(),
        vendor: webhook.vendor.to_owned(),
        trigger: webhook.trigger.to_owned(),
        kind: webhook.subject.kind.to_owned(),
        id: webhook.subject.id.clone(),
        name,
        attempt: attempt.number,
        fault: attempt.fault.clone(),
        url: attempt.url.clone(),
        signed_url: attempt.signed_url.clone(),
        headers: attempt.headers.clone(),
        body: text(&attempt.body),
        outcome: attempt.outcome.name().to_owned(),
        outcome_text: attempt.outcome.to_string(),
        status: attempt.answer.as_ref().map(|answer| answer.status),
        answer: attempt.answer.as_ref().map(|answer| text(&answer.body)).unwrap_or_default(),
        milliseconds: attempt.took.as_secs_f64() * 1000.0,
        curl: curl(attempt),
    }
}

fn text(body: &[u8]) -> String {
    let mut text = String::from_utf8_lossy(body).into_owned();
    if text.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
    }
    text
}

/// The request as a line to paste into a shell; secrets are `***`.
pub fn curl(attempt: &Attempt) -> String {
    let mut line = format!("curl -i -X POST {}", quoted(&attempt.url));
    for (name, value) in &attempt.headers {
        line += &format!(" -H {}", quoted(&format!("{name}: {value}")));
    }
    line + &format!(" --data-binary {}", quoted(&text(&attempt.body)))
}

/// The text in single quotes for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
