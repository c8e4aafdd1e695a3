//! The attempts of a run in readable form.

use super::cut::{SHOWN, text};
use super::stage::Stage;
use crate::driver::VendorTarget;
use crate::model::result::Exchange;
use crate::model::{Attempt, Authentication, Failure, Outcome, Webhook};

/// Every attempt of a run, in order.
pub fn all(stage: &Stage) -> Vec<Exchange> {
    let journal = stage.driver.journal();
    let vendor = stage.account().ok().map(|(_, vendor)| vendor.catalogue().vendor);
    let target = vendor.and_then(|vendor| stage.under_test.target.vendors.get(vendor));
    let signer = target.and_then(Signer::of);
    journal
        .attempts()
        .map(|attempt| {
            let webhook = journal.webhook(attempt.delivery);
            let webhook = webhook.unwrap_or_else(|| panic!("attempt of an unknown delivery"));
            let curl = signer.as_ref().and_then(|signer| signer.curl(attempt));
            let exchange = exchange(webhook, attempt);
            Exchange { curl: curl.unwrap_or_else(|| exchange.curl.clone()), ..exchange }
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

/// An attempt in readable form.
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
        curl: curl(attempt),
    }
}

/// The request as a line to paste into a shell; secrets are `***`.
pub fn curl(attempt: &Attempt) -> String {
    let mut line = format!("curl -i -X POST {}", quoted(&attempt.url));
    for (name, value) in &attempt.headers {
        line += &format!(" -H {}", quoted(&format!("{name}: {value}")));
    }
    line + &format!(" --data-binary {}", quoted(&text(&attempt.body)))
}

/// A vendor whose signatures `standin sign` can compute again.
struct Signer {
    vendor: &'static str,
    header: String,
}

impl Signer {
    fn of(target: &VendorTarget) -> Option<Self> {
        let Authentication::Signature(signature) = &target.policy.authentication else {
            return None;
        };
        let vendor = target.vendor.catalogue().vendor;
        signature.secret.as_ref()?;
        Some(Self { vendor, header: signature.header.clone() })
    }

    /// The request as a line that computes its signature. `None` if a fault has damaged the signature or
    /// what it covers.
    fn curl(&self, attempt: &Attempt) -> Option<String> {
        let damages = ["credential", "sign", "tamper", "token"];
        let is_damaged = |fault: &String| damages.iter().any(|word| fault.contains(word));
        if attempt.fault.as_ref().is_some_and(is_damaged) || attempt.body.contains(&0) {
            return None;
        }
        let body = std::str::from_utf8(&attempt.body).ok().filter(|body| body.len() <= SHOWN)?;
        let mut line = format!("body={}; curl -i -X POST {}", quoted(body), quoted(&attempt.url));
        let mut signed = false;
        for (name, value) in &attempt.headers {
            if name.eq_ignore_ascii_case(&self.header) {
                let url = quoted(attempt.signed_url.as_ref().unwrap_or(&attempt.url));
                let vendor = self.vendor;
                line += &format!(
                    " -H \"{name}: $(printf %s \"$body\" | standin sign --vendor {vendor} --url {url})\""
                );
                signed = true;
            } else {
                line += &format!(" -H {}", quoted(&format!("{name}: {value}")));
            }
        }
        signed.then(|| line + " --data-binary \"$body\"")
    }
}

/// The text in single quotes for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
