//! The attempts of a run in readable form.

use std::path::Path;

use super::cut::text;
use super::stage::Stage;
use crate::driver::VendorTarget;
use crate::model::address::Method;
use crate::model::result::Exchange;
use crate::model::signature::Signature;
use crate::model::{Attempt, Authentication, Failure, Outcome, Webhook};
use crate::text::shell::{self, quoted};

/// Every attempt of a run, in order.
pub fn all(stage: &Stage) -> Vec<Exchange> {
    let journal = stage.driver.journal();
    let readable = |attempt: &Attempt| {
        let webhook = journal.webhook(attempt.delivery);
        exchange(webhook.unwrap_or_else(|| panic!("attempt of an unknown delivery")), attempt)
    };
    journal.attempts().map(readable).collect()
}

/// Gives all attempts of a run a line for a shell.
pub fn add_curl(stage: &Stage, exchanges: &mut [Exchange]) {
    let vendor = stage.account().ok().map(|(_, vendor)| vendor.catalogue().vendor);
    let target = vendor.and_then(|vendor| stage.under_test.target.vendors.get(vendor));
    let signer = target.and_then(|one| Signer::of(one, stage.under_test.named.as_deref()));
    for (exchange, attempt) in exchanges.iter_mut().zip(stage.driver.journal().attempts()) {
        let signed = signer.as_ref().and_then(|signer| signer.curl(attempt));
        exchange.curl = signed.unwrap_or_else(|| curl(attempt));
    }
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

/// An attempt in readable form, without a line for a shell.
pub fn exchange(webhook: &Webhook, attempt: &Attempt) -> Exchange {
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
        method: Some(attempt.method)
            .filter(|one| *one != Method::Post)
            .map(|one| one.name().to_owned()),
        url: attempt.url.clone(),
        signed_url: attempt.signed_url.clone(),
        headers: attempt.headers.clone(),
        body: text(&attempt.body),
        outcome: attempt.outcome.name().to_owned(),
        outcome_text: attempt.outcome.to_string(),
        status: attempt.answer.as_ref().map(|answer| answer.status),
        location: match &attempt.outcome {
            Outcome::Failed(Failure::Redirected(location)) => location.clone(),
            _ => None,
        },
        answer: attempt.answer.as_ref().map(|answer| text(&answer.body)).unwrap_or_default(),
        milliseconds: attempt.took.as_secs_f64() * 1000.0,
        ..Default::default()
    }
}

/// The request as a line to paste into a shell; secrets are `***`.
fn curl(attempt: &Attempt) -> String {
    let headers = attempt.headers.iter().map(|(name, value)| (&**name, &**value));
    shell::request(attempt.method.name(), &attempt.url, headers, &attempt.body)
}

/// A vendor whose signatures `standin sign` can compute again.
struct Signer {
    vendor: &'static str,
    signature: Signature,
    /// The argument that names the settings with the secret, if it is needed.
    settings: String,
}

impl Signer {
    fn of(target: &VendorTarget, settings: Option<&Path>) -> Option<Self> {
        let Authentication::Signature(signature) = &target.policy.authentication else {
            return None;
        };
        let vendor = target.vendor.catalogue().vendor;
        // A hash in the URL is masked with its query, so the line could not have it.
        let is_in_url = signature.body_hash.is_some();
        if is_in_url || signature.secret.is_none() || !target.vendor.has_section() {
            return None;
        }
        let argument =
            |file: &Path| format!(" --config {}", shell::word(&file.display().to_string()));
        let settings = settings.map(argument).unwrap_or_default();
        Some(Self { vendor, signature: signature.clone(), settings })
    }

    /// The request as a line that computes its signature. `None` if a fault has damaged the signature or
    /// what it covers.
    fn curl(&self, attempt: &Attempt) -> Option<String> {
        let damages = ["credential", "sign", "tamper", "token"];
        let is_damaged = |fault: &String| damages.iter().any(|word| fault.contains(word));
        if attempt.fault.as_ref().is_some_and(is_damaged) {
            return None;
        }
        let body = shell::holdable(&attempt.body)?;
        let signature = &self.signature;
        let is = |name: &str, other: &str| name.eq_ignore_ascii_case(other);
        let told = |header: Option<&String>| {
            let mut headers = attempt.headers.iter();
            headers.find(|(name, _)| header.is_some_and(|header| is(name, header)))
        };
        told(Some(&signature.header))?;
        let url = quoted(attempt.signed_url.as_ref().unwrap_or(&attempt.url));
        let mut sign =
            format!("standin sign --vendor {}{} --url {url}", self.vendor, self.settings);
        if let Some((_, id)) = told(signature.id_header.as_ref()) {
            sign += &format!(" --id {}", shell::word(id));
        }
        let time = told(signature.time_header.as_ref());
        if time.is_some() {
            sign += " --time $time";
        }
        let headers = attempt.headers.iter().map(|(name, value)| {
            if is(name, &signature.header) {
                format!("\"{name}: $(printf %s \"$body\" | {sign})\"")
            } else if time.is_some_and(|(time, _)| time == name) {
                format!("\"{name}: $time\"")
            } else {
                quoted(&format!("{name}: {value}"))
            }
        });
        let line = shell::curl(&attempt.url, headers, "\"$body\"");
        // An old time would be refused, so the line asks for the present one.
        let time = time.map_or("", |_| "time=$(date +%s); ");
        Some(format!("{time}body={}; {line}", quoted(body)))
    }
}
