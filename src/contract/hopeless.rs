//! When further scenarios of a vendor would show nothing new: no honest webhook was accepted and all
//! ended alike, or the receiver does not answer any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::cause::Endings;
use crate::driver::Target;
use crate::model::result::{Exchange, FeatureResult, ScenarioFailure};
use crate::model::{Attempt, Failure, Outcome};

/// After so many honest webhooks of a vendor, of so many triggers, none of them accepted, and so many
/// failed scenarios, its other scenarios would show nothing new.
const ENOUGH: usize = 10;
const TRIGGERS: usize = 2;
const FAILED: usize = 3;
/// After so many requests of a vendor in a row without an answer, the receiver is dead. They are twice as many
/// as the scenarios that run at the same time by default.
const SILENT: usize = 32;

/// What a run has learnt about each vendor so far. All its scenarios share it, on whatever thread they are played.
#[derive(Default)]
pub struct Lookout {
    vendors: Mutex<BTreeMap<String, SoFar>>,
    /// Told when the receiver has fallen silent to a vendor.
    silence: Notify,
}

/// What became of a vendor's requests so far.
#[derive(Default)]
struct SoFar {
    /// How the honest ones ended.
    endings: Endings,
    /// The webhooks for which they were made: kind and id of the subject, and trigger.
    webhooks: BTreeSet<(String, String, String)>,
    /// How many scenarios with such a request have failed.
    failed: usize,
    /// The requests in a row without an answer.
    unanswered: usize,
}

impl SoFar {
    fn is_silent(&self) -> bool {
        self.unanswered >= SILENT
    }
}

impl Lookout {
    fn vendors(&self) -> MutexGuard<'_, BTreeMap<String, SoFar>> {
        self.vendors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes the requests of a scenario that has ended, and whether it has failed.
    pub fn note(&self, exchanges: &[Exchange], failure: Option<&ScenarioFailure>) {
        // A scenario has one account, and so one vendor.
        let Some(first) = exchanges.first() else { return };
        let mut vendors = self.vendors();
        let so_far = vendors.entry(first.vendor.clone()).or_default();
        so_far.failed += usize::from(failure.is_some());
        for one in exchanges.iter().filter(|one| one.fault.is_none()) {
            so_far.endings.add(one);
            so_far.webhooks.insert((one.kind.clone(), one.id.clone(), one.trigger.clone()));
        }
    }

    /// Notes a request of a vendor as soon as its result is there.
    pub fn hear(&self, vendor: &str, attempt: &Attempt) {
        let mut vendors = self.vendors();
        let so_far = vendors.entry(vendor.to_owned()).or_default();
        if so_far.is_silent() {
            return;
        }
        match &attempt.outcome {
            Outcome::Failed(Failure::TimedOut | Failure::Unreachable(_)) => so_far.unanswered += 1,
            one if attempt.answer.is_some() || one.is_the_receivers() => so_far.unanswered = 0,
            // It says nothing of the receiver.
            _ => {}
        }
        if so_far.is_silent() {
            self.silence.notify_waiters();
        }
    }

    /// Waits until the receiver has fallen silent to this vendor. Returns what is said of it.
    pub async fn silence(&self, vendor: &str) -> String {
        loop {
            let told = self.silence.notified();
            if self.vendors().get(vendor).is_some_and(SoFar::is_silent) {
                return silent(vendor);
            }
            told.await;
        }
    }

    /// Why further scenarios of a vendor would show nothing new, if they would not.
    pub fn reason(&self, vendor: &str) -> Option<String> {
        let vendors = self.vendors();
        let so_far = vendors.get(vendor)?;
        if so_far.is_silent() {
            return Some(format!("stopped early: {}", silent(vendor)));
        }
        let SoFar { endings, webhooks, failed, .. } = so_far;
        let ((request, outcome, status), _) = endings.alike()?;
        let triggers: BTreeSet<&str> =
            webhooks.iter().map(|(.., trigger)| trigger.as_str()).collect();
        if webhooks.len() < ENOUGH || *failed < FAILED || triggers.len() < TRIGGERS {
            return None;
        }
        // Without the number of webhooks, so that the reason is the same for all scenarios.
        let how = status.map_or_else(|| outcome.clone(), |status| format!("{status} ({outcome})"));
        Some(format!(
            "stopped early: no honest webhook of {vendor} was accepted, and every {request} ended with {how}"
        ))
    }

    /// Notes the silence as the cause of the failures that it explains, and have no cause yet. Each cause is
    /// said once, among these texts.
    pub fn explain(
        &self,
        target: &Target,
        features: &mut [FeatureResult],
        texts: &mut Vec<String>,
    ) {
        let vendors = self.vendors();
        for name in vendors.iter().filter(|(_, one)| one.is_silent()).map(|(name, _)| name.as_str())
        {
            let said = silent(name);
            let scenarios = features.iter_mut().flat_map(|feature| &mut feature.scenarios);
            let of_it = scenarios.filter(|scenario| scenario.vendor == Some(name));
            let mut failures: Vec<_> = of_it.filter_map(|one| one.failure.as_mut()).collect();
            // That no request was ever answered has been said.
            let known = failures.iter().find_map(|failure| failure.cause);
            let cause = known.unwrap_or(texts.len());
            failures.retain(|one| one.cause.is_none() && one.message == said);
            failures.iter_mut().for_each(|failure| failure.cause = Some(cause));
            if known.is_none() && !failures.is_empty() {
                let title = target.vendors.get(name).map(|one| one.vendor.catalogue().title);
                texts.push(format!(
                    "{}: the receiver stopped answering: the last {SILENT} requests had no answer in time. Its log \
                     may say why",
                    title.unwrap_or(name)
                ));
            }
        }
    }
}

fn silent(vendor: &str) -> String {
    format!("the receiver answered none of {vendor}'s last {SILENT} requests")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RequestKind;

    /// Requests for as many webhooks.
    fn requests(request: RequestKind, outcome: &Outcome, count: usize) -> Vec<Exchange> {
        let one = |place: usize| Exchange {
            vendor: "a".to_owned(),
            request: request.name().to_owned(),
            outcome: outcome.name().to_owned(),
            id: place.to_string(),
            trigger: ["created", "updated"][place % 2].to_owned(),
            ..Exchange::default()
        };
        (0..count).map(one).collect()
    }

    /// The reason after these scenarios, all of which have failed.
    fn reason(scenarios: &[Vec<Exchange>]) -> Option<String> {
        let hopeless = Lookout::default();
        let failure = ScenarioFailure::default();
        scenarios.iter().for_each(|exchanges| hopeless.note(exchanges, Some(&failure)));
        hopeless.reason("a")
    }

    #[test]
    fn a_vendor_is_given_up_when_enough_honest_webhooks_ended_alike() {
        use Outcome::{Accepted, Refused};
        use RequestKind::{Token, Webhook};
        let refused = |count| requests(Webhook, &Refused, count);
        let three = |exchanges: Vec<Exchange>| [exchanges.clone(), exchanges.clone(), exchanges];
        assert_eq!(
            reason(&three(refused(ENOUGH))).as_deref(),
            Some(
                "stopped early: no honest webhook of a was accepted, and every webhook ended with refused"
            )
        );
        assert_eq!(reason(&three(refused(ENOUGH - 1))), None, "each is counted once");
        assert_eq!(reason(&[refused(ENOUGH), refused(ENOUGH)]), None, "two scenarios are too few");
        let with = |more: Vec<Exchange>| three([refused(ENOUGH), more].concat());
        assert_eq!(reason(&with(requests(Webhook, &Accepted, 1))), None);
        let redirected = Outcome::Failed(Failure::Redirected(None));
        assert_eq!(reason(&with(requests(Webhook, &redirected, 1))), None);
        let other = |one: Exchange| Exchange { vendor: "b".to_owned(), ..one };
        assert_eq!(reason(&three(refused(ENOUGH).into_iter().map(other).collect())), None);
        let struck = |one: Exchange| Exchange { fault: Some("it is struck".to_owned()), ..one };
        assert_eq!(reason(&three(refused(ENOUGH).into_iter().map(struck).collect())), None);
        let creation = |one: Exchange| Exchange { trigger: "created".to_owned(), ..one };
        let creations = refused(ENOUGH).into_iter().map(creation).collect();
        assert_eq!(reason(&three(creations)), None, "another trigger may have another URL");
        assert!(reason(&three(requests(Token, &Refused, ENOUGH))).is_some());
        let tokens = requests(Token, &Accepted, ENOUGH);
        assert!(reason(&with(tokens)).is_some(), "a token is no answer to a webhook");
        let passed = Lookout::default();
        (0..3).for_each(|_| passed.note(&refused(ENOUGH), None));
        assert_eq!(passed.reason("a"), None, "nothing has failed");
    }
}
