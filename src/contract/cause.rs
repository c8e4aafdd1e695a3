//! What many failures have in common: every honest request of a vendor ended in the same way, and
//! none was accepted. It is said once, with what to try.

use std::collections::{BTreeMap, BTreeSet};

use super::probed::{ProbeCause, Shown};
use crate::driver::{Target, VendorTarget};
use crate::model::policy::{Assertion, Signature, SignedPart};
use crate::model::result::{Exchange, FeatureResult, ScenarioResult};
use crate::model::{Authentication, Failure, Outcome, RequestKind};
use crate::policy::url;
use crate::text::names;

/// With fewer honest requests nothing is said.
const FEWEST: usize = 3;

/// A limiter is the cause of failures if it refused at least this part of the honest webhooks: one in so many.
const LIMITED: usize = 20;

/// What to try with a limiter.
const LIMITER: &str = "a limiter refuses what comes too fast. Raise its limit for the test, or send as fast as it allows \
                       (`receiver.rate: 100/m`, `receiver.concurrency`)";

/// How a request ended: its kind, its outcome, and the status of the answer.
type Ending = (String, String, Option<u16>);

fn ending(exchange: &Exchange) -> Ending {
    (exchange.request.clone(), exchange.outcome.clone(), exchange.status)
}

/// How the honest requests of a vendor ended so far, and how often.
#[derive(Default)]
pub struct Endings(BTreeMap<Ending, usize>);

impl Endings {
    /// Counts a request, unless it only asks for leave to send (OPTIONS).
    pub fn add(&mut self, exchange: &Exchange) {
        if exchange.method.is_some() {
            return;
        }
        *self.0.entry(ending(exchange)).or_default() += 1;
    }

    /// How all of them ended, if they ended alike and none was accepted.
    pub fn alike(&self) -> Option<(&Ending, usize)> {
        // A vendor that gets no token sends no webhook. Then only its token requests count.
        let is_webhook = |one: &Ending| one.0 == RequestKind::Webhook.name();
        let webhooks = self.0.iter().filter(|(one, _)| is_webhook(one));
        let counted: Vec<_> = if webhooks.clone().next().is_some() {
            webhooks.collect()
        } else {
            self.0.iter().collect()
        };
        match counted[..] {
            [(one, count)] if one.1 != Outcome::Accepted.name() => Some((one, *count)),
            _ => None,
        }
    }
}

/// The cause of a vendor's failures.
struct Cause {
    vendor: &'static str,
    ending: Ending,
    /// What is said of it: one or more sentences.
    text: String,
}

impl Cause {
    /// The cause, if all honest requests of this vendor ended alike and unaccepted.
    fn of(vendor: &VendorTarget, features: &[FeatureResult]) -> Option<Self> {
        let name = vendor.vendor.catalogue().vendor;
        let scenarios = features.iter().flat_map(|feature| &feature.scenarios);
        let all = scenarios.flat_map(|scenario| &scenario.exchanges);
        let mut honest: Vec<&Exchange> =
            all.filter(|one| one.vendor == name && one.fault.is_none()).collect();
        let mut endings = Endings::default();
        honest.iter().for_each(|one| endings.add(one));
        let Some((common, count)) = endings.alike().filter(|(_, count)| *count >= FEWEST) else {
            return Self::limited(vendor, &honest);
        };
        honest.retain(|one| ending(one) == *common);
        let text = text(vendor, &honest, count);
        Some(Self { vendor: name, ending: common.clone(), text })
    }

    /// A limiter that refused some of the honest webhooks of a vendor.
    fn limited(vendor: &VendorTarget, honest: &[&Exchange]) -> Option<Self> {
        let is_webhook =
            |one: &&&Exchange| one.request == RequestKind::Webhook.name() && one.method.is_none();
        let webhooks = honest.iter().filter(is_webhook);
        let all = webhooks.clone().count();
        let limited: Vec<_> = webhooks.filter(|one| one.status == Some(429)).collect();
        let first = limited.first()?;
        let (count, catalogue) = (limited.len(), vendor.vendor.catalogue());
        (count >= FEWEST && count * LIMITED >= all).then(|| Self {
            vendor: catalogue.vendor,
            ending: ending(first),
            text: format!(
                "{}: {count} of {all} requests with honest webhooks were answered with 429: {LIMITER}",
                catalogue.title
            ),
        })
    }

    /// Whether it explains the failure of a scenario.
    fn explains(&self, scenario: &ScenarioResult) -> bool {
        let is_of_it = |one: &Exchange| {
            one.vendor == self.vendor && one.fault.is_none() && ending(one) == self.ending
        };
        // A limiter does no harm to a webhook that a retry brings in.
        let is_mended = |place: usize, one: &Exchange| {
            one.status == Some(429)
                && scenario.exchanges[place + 1..].iter().any(|later| {
                    (&later.trigger, &later.id) == (&one.trigger, &one.id)
                        && later.attempt > one.attempt
                        && later.outcome == Outcome::Accepted.name()
                })
        };
        let is_of_the_receiver = scenario.failure.as_ref().is_some_and(|failure| !failure.internal);
        let mut exchanges = scenario.exchanges.iter().enumerate();
        is_of_the_receiver && exchanges.any(|(place, one)| is_of_it(one) && !is_mended(place, one))
    }
}

/// Finds what many failures have in common, and notes it in each of them. Returns the texts.
pub fn explain(target: &Target, features: &mut [FeatureResult], shown: &Shown) -> Vec<String> {
    let vendors = target.vendors.values();
    let causes: Vec<Cause> = vendors.filter_map(|vendor| Cause::of(vendor, features)).collect();
    note(features, |scenario| causes.iter().position(|cause| cause.explains(scenario)));
    // A receiver that accepts nothing has nothing to show: these are for the rest.
    let of_probes = ProbeCause::all(features, shown);
    note(features, |scenario| {
        let place = of_probes.iter().position(|cause| cause.explains(scenario))?;
        Some(causes.len() + place)
    });
    let texts = causes.into_iter().map(|cause| cause.text);
    texts.chain(of_probes.into_iter().map(|cause| cause.text)).collect()
}

/// Notes a cause in each failure that has none yet.
fn note(features: &mut [FeatureResult], cause: impl Fn(&ScenarioResult) -> Option<usize>) {
    for scenario in features.iter_mut().flat_map(|feature| &mut feature.scenarios) {
        let cause = cause(scenario);
        if let Some(failure) = &mut scenario.failure {
            failure.cause = failure.cause.or(cause);
        }
    }
}

/// What is said of a single honest request that was not accepted, with what to try.
pub fn advice(vendor: &VendorTarget, exchange: &Exchange) -> String {
    text(vendor, &[exchange], 1)
}

fn text(vendor: &VendorTarget, alike: &[&Exchange], count: usize) -> String {
    let title = vendor.vendor.catalogue().title;
    let Some(first) = alike.first() else { return String::new() };
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
    let setting = match (vendor.vendor.has_section(), is_webhook) {
        (false, _) => "`--deliver`",
        (true, true) => "`deliver` in standin.yaml",
        (true, false) => "`oauth.endpoint` in standin.yaml",
    };
    let status = first.status.map_or_else(String::new, |status| format!(" with {status}"));
    let is = |failure: Failure| first.outcome == Outcome::Failed(failure).name();
    match first.status {
        Some(400) if first.url.starts_with("http://") && first.answer.contains("HTTPS") => {
            format!("{what} {were} answered{status} by a server that speaks TLS. Write https://")
        }
        Some(code) if refusals(first).contains(&code) => refused(vendor, alike, count, &status),
        Some(404 | 405 | 410) => {
            format!("{what} {were} answered{status}. Check that {place} right ({setting})")
        }
        Some(300..=399) => {
            let leads = first.location.as_ref().map(|place| format!(" to {place}"));
            let leads = leads.unwrap_or_default();
            format!(
                "{what} {were} redirected{status}{leads}, and vendors follow no redirect. Give the URL that it \
                 leads to ({setting})"
            )
        }
        Some(409) if !vendor.vendor.has_section() => format!(
            "{what} {were} answered{status}: the receiver may take them for duplicates. Give --id, where the body \
             has the id of its event, so that each event has another one"
        ),
        Some(409) => format!(
            "{what} {were} answered{status}: the receiver may know them from an earlier run. Clear it, or use another \
             --seed"
        ),
        Some(419) => format!(
            "{what} {were} answered{status}: a framework expects the token of a form (CSRF). Exempt the \
             webhook's route from that check"
        ),
        Some(429) => format!("{what} {were} answered{status}: {LIMITER}"),
        Some(500..=599) => {
            format!("{what} {were} answered{status}. The receiver's log may say why")
        }
        Some(_) if is(Failure::NoToken(String::new())) => {
            format!("{what} {were} answered{status}, with {}", first.outcome_text)
        }
        Some(_) if is(Failure::UnexpectedStatus) => {
            format!("{what} {were} answered{status}, and {title} does not count that as accepted")
        }
        Some(_) => format!("{what} {were} answered{status}"),
        None => unanswered(first, &what, were, &place),
    }
}

/// What is said of requests without a status: how the first of them ended.
fn unanswered(first: &Exchange, what: &str, were: &str, place: &str) -> String {
    let is = |failure: Failure| first.outcome == Outcome::Failed(failure).name();
    let failed = format!("{what} failed: {}", first.outcome_text);
    if is(Failure::TimedOut) {
        format!(
            "{what} {were} answered too late or never. A receiver that works for long acknowledges first"
        )
    } else if is(Failure::Malformed(String::new())) {
        format!(
            "{what} {were} answered with something that is not HTTP. Check whether {place} served with TLS (https://)"
        )
    } else if is(Failure::ClosedEarly(String::new())) && first.url.starts_with("http://") {
        format!("{failed}. If {place} served with TLS, write https://")
    } else if is(Failure::Unreachable(String::new())) {
        format!("{failed}. Start the receiver, or give its address (`receiver.url` or --target)")
    } else {
        failed
    }
}

/// The statuses that refuse the credentials of such a request. Token endpoints say so with 400, too (RFC 6749,
/// section 5.2).
fn refusals(one: &Exchange) -> &'static [u16] {
    if one.request == RequestKind::Token.name() { &[400, 401, 403] } else { &[401, 403] }
}

/// What to check if every honest request was refused for its credentials.
fn refused(vendor: &VendorTarget, alike: &[&Exchange], count: usize, status: &str) -> String {
    let title = vendor.vendor.catalogue().title;
    match question(vendor, alike) {
        Ok(question) if count == 1 => {
            format!("{title}: the right credentials were refused{status}. {question}")
        }
        Ok(question) => format!(
            "{title}: all {count} requests with the right credentials were refused{status}. {question}"
        ),
        Err(_) if !vendor.vendor.has_section() => format!(
            "{title}: all {count} requests were refused{status}, and none had any credentials: set the variable \
             that `standin senders` names, or give --key-env or --key-file"
        ),
        Err(missing) => format!(
            "{title}: all {count} requests were refused{status}, and none had any credentials: give \
             `vendors.{}` {missing} in standin.yaml",
            vendor.vendor.catalogue().vendor
        ),
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
