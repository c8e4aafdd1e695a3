//! When more of the same would show nothing new: no honest webhook of a vendor was accepted and all ended
//! alike, the receiver does not answer any more, or a probe never shows anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::cause::Endings;
use super::probed::Shown;
use crate::driver::Target;
use crate::model::result::{Exchange, FeatureResult, ScenarioFailure};
use crate::model::{Attempt, Failure, Outcome};
use crate::text::counted;

/// After so many honest webhooks of a vendor, of so many triggers, none of them accepted, and so many
/// failed scenarios, its other scenarios would show nothing new. A probe is given up after as many scenarios that failed
/// for it.
const ENOUGH: usize = 10;
const TRIGGERS: usize = 2;
const FAILED: usize = 3;
/// After so many requests of a vendor in a row without an answer, the receiver is dead. They are twice as many
/// as the scenarios that run at the same time by default.
const SILENT: usize = 32;
/// One that has never answered is dead after so many.
const NEVER_HEARD: usize = SILENT / 2;

/// How the reason begins why something was left out since it would have shown nothing new.
pub const STOPPED_EARLY: &str = "stopped early: ";

/// What a run has learnt about each vendor so far. All its scenarios share it, on whatever thread they are played.
#[derive(Default)]
pub struct Lookout {
    vendors: Mutex<BTreeMap<String, SoFar>>,
    /// Told when the receiver has fallen silent to a vendor.
    silence: Notify,
    /// What is known of each probe, and of each of its fields.
    probes: Mutex<BTreeMap<Sight, Looks>>,
    /// Whether something was not judged since a probe is given up.
    left_out: AtomicBool,
}

/// A probe, and one of its fields. `None`: any subject at all.
type Sight = (String, Option<String>);

/// What a probe has shown so far.
#[derive(Clone, Copy)]
enum Looks {
    /// It has shown a subject, or something at the place of the field.
    Sees,
    /// It has shown nothing, and so many scenarios have failed for it.
    Fails(usize),
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
    /// The requests that were answered.
    answered: usize,
}

impl Looks {
    fn is_blind(self) -> bool {
        matches!(self, Self::Fails(count) if count >= ENOUGH)
    }
}

impl SoFar {
    fn is_silent(&self) -> bool {
        self.unanswered >= if self.answered > 0 { SILENT } else { NEVER_HEARD }
    }

    /// What is said of a receiver that has fallen silent to this vendor.
    fn silence(&self, vendor: &str) -> String {
        match self.answered {
            1.. => format!("the receiver answered none of {vendor}'s last {SILENT} requests"),
            0 => {
                format!("the receiver answered none of {vendor}'s first {NEVER_HEARD} requests")
            }
        }
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

    /// Notes what the probes of a scenario that has ended have shown.
    pub fn look(&self, shown: &Shown, failure: Option<&ScenarioFailure>) {
        let mut probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
        for sight in shown.sights() {
            // What is given up stays so: later expectations rest on earlier ones.
            let looks = probes.entry(sight).or_insert(Looks::Sees);
            if !looks.is_blind() {
                *looks = Looks::Sees;
            }
        }
        // A receiver that is gone says nothing of its probes.
        let failed = failure.filter(|failure| !failure.unreachable);
        let Some(exchange) = failed.and_then(|failure| failure.probe.as_ref()) else { return };
        let fields = exchange.unmatched.iter().map(|(field, _)| Some(field.clone()));
        let missed = fields.chain((!exchange.is_known).then_some(None));
        for field in missed.map(|field| (exchange.probe.clone(), field)) {
            if let Looks::Fails(count) = probes.entry(field).or_insert(Looks::Fails(0)) {
                *count += 1;
            }
        }
    }

    /// Whether something was not judged since a probe is given up.
    pub fn left_something_out(&self) -> bool {
        self.left_out.load(Ordering::Relaxed)
    }

    /// Why nothing is judged any more by this probe, or by one of its fields, if it is given up. Then what asks is left
    /// out.
    pub fn blind(&self, probe: &str, field: Option<&str>) -> Option<String> {
        let probes = self.probes.lock().unwrap_or_else(PoisonError::into_inner);
        let sight = (probe.to_owned(), field.map(str::to_owned));
        probes.get(&sight).is_some_and(|looks| looks.is_blind()).then(|| {
            self.left_out.store(true, Ordering::Relaxed);
            let failed = format!("in {ENOUGH} scenarios that failed for it");
            match field {
                None => format!("{STOPPED_EARLY}the probe `{probe}` had found nothing {failed}"),
                Some(field) => format!(
                    "{STOPPED_EARLY}`{field}` of the probe `{probe}` was in no answer {failed}"
                ),
            }
        })
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
            one if attempt.answer.is_some() || one.is_the_receivers() => {
                so_far.unanswered = 0;
                so_far.answered += 1;
            }
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
            if let Some(so_far) = self.vendors().get(vendor).filter(|one| one.is_silent()) {
                return so_far.silence(vendor);
            }
            told.await;
        }
    }

    /// Why further scenarios of a vendor would show nothing new, if they would not.
    pub fn reason(&self, vendor: &str) -> Option<String> {
        let vendors = self.vendors();
        let so_far = vendors.get(vendor)?;
        if so_far.is_silent() {
            return Some(format!("{STOPPED_EARLY}{}", so_far.silence(vendor)));
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
            "{STOPPED_EARLY}no honest webhook of {vendor} had been accepted, and every {request} had ended with {how}"
        ))
    }

    /// Notes as the cause of failures that the receiver stopped answering. What is said of it is the first text.
    pub fn fallen_silent(&self, target: &Target, features: &mut [FeatureResult]) -> Vec<String> {
        let vendors = self.vendors();
        let is_gone = |one: &SoFar| one.is_silent() && one.answered > 0;
        if !vendors.values().any(is_gone) {
            return Vec::new();
        }
        let (mut after, mut explains) = (Vec::new(), false);
        for (name, so_far) in vendors.iter() {
            if is_gone(so_far) {
                let requests = counted(so_far.answered as u64, "request");
                after.push(format!("{requests} of {}", title(target, name)));
            } else if so_far.answered > 0 {
                continue;
            }
            // All vendors send to the same receiver: it is gone, too, for one that it has not answered yet.
            let said = so_far.silence(name);
            let unanswered =
                failures(features, name).filter(|(one, is)| one.message == said || *is);
            unanswered.for_each(|(one, _)| (one.cause, explains) = (Some(0), true));
        }
        if !explains {
            return Vec::new();
        }
        let last = if after.len() == 1 { "the last" } else { "of each the last" };
        vec![format!(
            "the receiver stopped answering, after {}: {last} {SILENT} had no answer in time. Its log may say why",
            after.join(", ")
        )]
    }

    /// Notes as the cause of failures that the receiver never answered, if they have no cause yet.
    pub fn never_heard(
        &self,
        target: &Target,
        features: &mut [FeatureResult],
        texts: &mut Vec<String>,
    ) {
        for (name, so_far) in self.vendors().iter().filter(|(_, one)| one.is_silent()) {
            if so_far.answered > 0 {
                continue;
            }
            let said = so_far.silence(name);
            let mut failures: Vec<_> = failures(features, name).map(|(one, _)| one).collect();
            // That no request was ever answered has been said.
            let known = failures.iter().find_map(|failure| failure.cause);
            let cause = known.unwrap_or(texts.len());
            failures.retain(|one| one.cause.is_none() && one.message == said);
            failures.iter_mut().for_each(|failure| failure.cause = Some(cause));
            if known.is_none() && !failures.is_empty() {
                texts.push(format!(
                    "{}: the receiver never answered: the first {NEVER_HEARD} requests had no answer in time. Its log \
                     may say why",
                    title(target, name)
                ));
            }
        }
    }
}

fn title<'a>(target: &Target, vendor: &'a str) -> &'a str {
    target.vendors.get(vendor).map_or(vendor, |one| one.vendor.catalogue().title)
}

/// The failures of a vendor's scenarios, each with whether it is about a request without an answer.
fn failures<'a>(
    features: &'a mut [FeatureResult],
    vendor: &str,
) -> impl Iterator<Item = (&'a mut ScenarioFailure, bool)> {
    let scenarios = features.iter_mut().flat_map(|feature| &mut feature.scenarios);
    let of_vendor = scenarios.filter(move |scenario| scenario.vendor == Some(vendor));
    of_vendor.filter_map(|scenario| {
        let failure = scenario.failure.as_mut()?;
        let exchange = failure.exchange.and_then(|place| scenario.exchanges.get(place));
        let gone = [
            Failure::Unreachable(String::new()),
            Failure::ClosedEarly(String::new()),
            Failure::TimedOut,
        ];
        let gone = gone.map(|failure| Outcome::Failed(failure).name());
        let ended = exchange.is_some_and(|one| gone.iter().any(|how| *how == one.outcome));
        // Or the probe had no answer.
        let is_unanswered = ended || failure.unreachable;
        Some((failure, is_unanswered))
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::model::RequestKind;
    use crate::model::address::Method;
    use crate::model::probed::ProbeExchange;

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

    fn attempt(outcome: Outcome) -> Attempt {
        Attempt {
            request: RequestKind::Webhook,
            delivery: 1,
            number: 1,
            at: Timestamp::UNIX_EPOCH,
            method: Method::Post,
            url: String::new(),
            signed_url: None,
            headers: Vec::new(),
            body: Bytes::new(),
            fault: None,
            outcome,
            answer: None,
            took: Duration::ZERO,
        }
    }

    /// The reason after these scenarios, all of which have failed.
    fn reason(scenarios: &[Vec<Exchange>]) -> Option<String> {
        let hopeless = Lookout::default();
        let failure = ScenarioFailure::default();
        scenarios.iter().for_each(|exchanges| hopeless.note(exchanges, Some(&failure)));
        hopeless.reason("a")
    }

    #[test]
    fn a_receiver_that_has_never_answered_is_given_up_sooner() {
        let given_up_after = |heard: bool| {
            let lookout = Lookout::default();
            if heard {
                lookout.hear("a", &attempt(Outcome::Accepted));
            }
            let late = || attempt(Outcome::Failed(Failure::TimedOut));
            let mut more = (1..100).skip_while(|_| {
                lookout.hear("a", &late());
                lookout.reason("a").is_none()
            });
            more.next()
        };
        assert_eq!((given_up_after(false), given_up_after(true)), (Some(16), Some(32)));
    }

    #[test]
    fn a_probe_that_never_showed_anything_is_given_up_and_stays_so() {
        let lookout = Lookout::default();
        let exchange = |is_known| ProbeExchange {
            probe: "a.b".to_owned(),
            is_known,
            ..ProbeExchange::default()
        };
        let failed = |is_known| ScenarioFailure {
            probe: Some(exchange(is_known)),
            ..ScenarioFailure::default()
        };
        (0..50).for_each(|_| lookout.look(&Shown::default(), Some(&failed(true))));
        (1..ENOUGH).for_each(|_| lookout.look(&Shown::default(), Some(&failed(false))));
        assert_eq!(lookout.blind("a.b", None), None);
        lookout.look(&Shown::default(), Some(&failed(false)));
        assert!(!lookout.left_something_out(), "nobody has asked");
        assert_eq!(
            lookout.blind("a.b", None).as_deref(),
            Some(
                "stopped early: the probe `a.b` had found nothing in 10 scenarios that failed for it"
            )
        );
        assert!(lookout.left_something_out() && lookout.blind("a.c", None).is_none());
    }

    #[test]
    fn a_field_that_was_in_no_answer_is_given_up_alone() {
        let lookout = Lookout::default();
        let failed = |field: &str| {
            let unmatched = vec![(field.to_owned(), "$.nowhere".to_owned())];
            let probe = "a.b".to_owned();
            let exchange =
                ProbeExchange { probe, is_known: true, unmatched, ..ProbeExchange::default() };
            ScenarioFailure { probe: Some(exchange), ..ScenarioFailure::default() }
        };
        (1..ENOUGH).for_each(|_| lookout.look(&Shown::default(), Some(&failed("name"))));
        assert_eq!(lookout.blind("a.b", Some("name")), None);
        lookout.look(&Shown::default(), Some(&failed("name")));
        assert_eq!(
            lookout.blind("a.b", Some("name")).as_deref(),
            Some(
                "stopped early: `name` of the probe `a.b` was in no answer in 10 scenarios that failed for it"
            )
        );
        assert!(lookout.blind("a.b", None).or(lookout.blind("a.b", Some("email"))).is_none());
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
                "stopped early: no honest webhook of a had been accepted, and every webhook had ended with refused"
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
