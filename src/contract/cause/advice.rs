//! What is said of honest requests that all ended alike and were not accepted, with what to try.

use std::collections::BTreeSet;

use crate::driver::VendorTarget;
use crate::model::policy::{Assertion, Signature, SignedPart};
use crate::model::result::Exchange;
use crate::model::{Accepted, Authentication, Failure, Outcome, RequestKind};
use crate::policy::url;
use crate::text::names;

/// What to try with a limiter.
pub const LIMITER: &str = "A limiter refuses what comes too fast. Raise its limit for the test, or send as fast as it allows \
                           (`receiver.rate: 100/m`, `receiver.concurrency`)";

/// What is said of honest requests that were not accepted.
pub struct Advice {
    /// How they ended.
    pub found: String,
    /// What to ask or to try. Empty if nothing is known.
    pub mend: String,
}

impl Advice {
    fn new(found: String, mend: impl Into<String>) -> Self {
        Self { found, mend: mend.into() }
    }

    /// Both, as sentences.
    pub fn text(&self) -> String {
        match self.mend.as_str() {
            "" => self.found.clone(),
            mend => format!("{}. {mend}", self.found),
        }
    }
}

/// What to try if a single honest request was not accepted. `None` if nothing is known.
pub fn mend(vendor: &VendorTarget, exchange: &Exchange) -> Option<String> {
    let Advice { mend, .. } = advice(vendor, &[exchange], 1);
    (!mend.is_empty()).then_some(mend)
}

/// What is said of so many honest requests that ended alike.
pub fn advice(vendor: &VendorTarget, alike: &[&Exchange], count: usize) -> Advice {
    let title = vendor.vendor.catalogue().title;
    let Some(first) = alike.first() else { return Advice::new(String::new(), "") };
    let is_webhook = first.request == RequestKind::Webhook.name();
    let what = match (is_webhook, count) {
        (true, 1) => format!("{title}: the honest webhook"),
        (false, 1) => format!("{title}: the honest {}", first.request),
        (true, _) => format!("{title}: all {count} requests with honest webhooks"),
        (false, _) => format!("{title}: all {count} honest {}s", first.request),
    };
    let were = if count == 1 { "was" } else { "were" };
    let urls: BTreeSet<&str> = alike.iter().map(|one| one.url.as_str()).collect();
    let place = match urls.first() {
        Some(url) if urls.len() == 1 => format!("{url} is"),
        _ => "the URLs are".to_owned(),
    };
    let Some(code) = first.status else { return unanswered(first, &what, were, &place) };
    if refusals(first).contains(&code) {
        return refused(vendor, alike, count, code);
    }
    let setting = match (vendor.vendor.has_section(), is_webhook) {
        (false, _) => "`--deliver`",
        (true, true) => "`deliver` in standin.yaml",
        (true, false) => "`oauth.endpoint` in standin.yaml",
    };
    let is = |failure: Failure| first.outcome == Outcome::Failed(failure).name();
    let answered = format!("{what} {were} answered with {code}");
    match code {
        400 if first.url.starts_with("http://") && first.answer.contains("HTTPS") => {
            Advice::new(format!("{answered} by a server that speaks TLS"), "Write https://")
        }
        404 | 405 | 410 => Advice::new(answered, format!("Check that {place} right ({setting})")),
        300..=399 => {
            let leads = first.location.as_ref().map(|place| format!(" to {place}"));
            Advice::new(
                format!("{what} {were} redirected with {code}{}", leads.unwrap_or_default()),
                format!("Vendors follow no redirect: give the URL that it leads to ({setting})"),
            )
        }
        409 if !vendor.vendor.has_section() => Advice::new(
            answered,
            "The receiver may take them for duplicates. Give --id, where the body has the id of its event, so that \
             each event has another one",
        ),
        409 => Advice::new(
            answered,
            "The receiver may know them from an earlier run. Clear it, or use another --seed",
        ),
        419 => Advice::new(
            answered,
            "A framework expects the token of a form (CSRF). Exempt the webhook's route from that check",
        ),
        429 => Advice::new(answered, LIMITER),
        500..=599 => Advice::new(answered, "The receiver's log may say why"),
        _ if is(Failure::NoToken(String::new())) => {
            Advice::new(format!("{answered}, with {}", first.outcome_text), "")
        }
        _ if is(Failure::UnexpectedStatus) => Advice::new(
            format!("{answered}, and {title} does not count that as accepted"),
            match vendor.policy.accepted {
                Accepted::Exactly200 => "Answer 200, exactly",
                Accepted::Any2xx => "Answer 200, or another 2xx",
            },
        ),
        _ => Advice::new(answered, ""),
    }
}

/// What is said of requests without a status: how the first of them ended.
fn unanswered(first: &Exchange, what: &str, were: &str, place: &str) -> Advice {
    let is = |failure: Failure| first.outcome == Outcome::Failed(failure).name();
    let failed = format!("{what} failed: {}", first.outcome_text);
    if is(Failure::TimedOut) {
        Advice::new(
            format!("{what} {were} answered too late or never"),
            "A receiver that works for long acknowledges first",
        )
    } else if is(Failure::Malformed(String::new())) {
        Advice::new(
            format!("{what} {were} answered with something that is not HTTP"),
            format!("Check whether {place} served with TLS (https://)"),
        )
    } else if is(Failure::ClosedEarly(String::new())) && first.url.starts_with("http://") {
        Advice::new(failed, format!("If {place} served with TLS, write https://"))
    } else if is(Failure::Unreachable(String::new())) && first.outcome_text.contains("TLS") {
        // It is there, and the text says what to write.
        Advice::new(failed, "")
    } else if is(Failure::Unreachable(String::new())) {
        Advice::new(failed, "Start the receiver, or give its address (`receiver.url` or --target)")
    } else {
        Advice::new(failed, "")
    }
}

/// The statuses that refuse the credentials of such a request. Token endpoints say so with 400, too (RFC 6749,
/// section 5.2).
fn refusals(one: &Exchange) -> &'static [u16] {
    if one.request == RequestKind::Token.name() { &[400, 401, 403] } else { &[401, 403] }
}

/// What to check if every honest request was refused for its credentials.
fn refused(vendor: &VendorTarget, alike: &[&Exchange], count: usize, code: u16) -> Advice {
    let catalogue = vendor.vendor.catalogue();
    let title = catalogue.title;
    match question(vendor, alike) {
        Ok(question) => {
            let all = match count {
                1 => "the right credentials".to_owned(),
                _ => format!("all {count} requests with the right credentials"),
            };
            Advice::new(format!("{title}: {all} were refused with {code}"), question)
        }
        Err(missing) => {
            let none = vendor.policy.authentication == Authentication::None;
            let (why, mend) = match (vendor.vendor.has_section(), none) {
                (true, _) => (
                    "none had any credentials",
                    format!("Give `vendors.{}` {missing} in standin.yaml", catalogue.vendor),
                ),
                (false, true) => (
                    "this sender has no credentials",
                    "Give its section a `header`".to_owned(),
                ),
                (false, false) => (
                    "none had any credentials",
                    "Set the variable that `standin senders` names, or give --key-env or --key-file"
                        .to_owned(),
                ),
            };
            Advice::new(
                format!("{title}: all {count} requests were refused with {code}, and {why}"),
                mend,
            )
        }
    }
}

/// What may be wrong with the credentials, or what is missing if there are none.
fn question(vendor: &VendorTarget, valid: &[&Exchange]) -> Result<String, &'static str> {
    match &vendor.policy.authentication {
        Authentication::None => Err("credentials"),
        Authentication::Headers(headers) if headers.is_empty() => Err("`headers`"),
        Authentication::Headers(headers) => Ok(match headers.len() {
            1 => format!("Is the value of {} the same?", names(headers.keys().map(String::as_str))),
            _ => {
                format!("Are the values of {} the same?", names(headers.keys().map(String::as_str)))
            }
        }),
        Authentication::Signature(Signature { secret: None, .. }) => Err("a `secret`"),
        Authentication::Signature(signature) => {
            let parts: Vec<String> =
                signature.over.iter().map(|part| signed(part, valid)).collect();
            let same = match signature.algorithm.is_symmetric() {
                true => "Is the secret the same?",
                false => "Does it have the public key of `secret`?",
            };
            Ok(format!("{same} It signs {}.", parts.join(" followed by ")))
        }
        Authentication::Token(oauth) => match &oauth.endpoint {
            None => Err("an `oauth`"),
            Some(endpoint)
                if valid.iter().all(|one| one.url == url::shown(&endpoint.sent, &[])) =>
            {
                Ok(match &oauth.assertion {
                    None => format!("Is the secret of the client `{}` the same?", oauth.client.id),
                    Some(Assertion { issuer, subject, audience, .. }) => format!(
                        "Does it have the public key of `oauth.assertion`, and does it expect the issuer `{issuer}`, \
                         the subject `{subject}` and the audience `{audience}`?"
                    ),
                })
            }
            Some(endpoint) => Ok(format!(
                "It sends the tokens that {} issues in the header {}: `{}`. Is that right, and does what answers \
                 there (the receiver, or a gateway before it) issue tokens that the receiver knows?",
                url::shown(&endpoint.sent, &[]),
                oauth.header,
                oauth.header_value
            )),
        },
    }
}

fn signed(part: &SignedPart, valid: &[&Exchange]) -> String {
    let urls: BTreeSet<&str> = valid
        .iter()
        .map(|exchange| exchange.signed_url.as_deref().unwrap_or(&exchange.url))
        .collect();
    match (part, urls.first()) {
        (SignedPart::Url, Some(url)) if urls.len() == 1 => (*url).to_owned(),
        (SignedPart::Url, _) => "the URL".to_owned(),
        (SignedPart::Literal(_), _) => part.in_words(),
        _ => format!("the {}", part.in_words()),
    }
}
