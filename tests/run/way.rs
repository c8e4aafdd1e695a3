//! Requests in transit: gateways, time-outs, and endpoints that the vendor deactivates because of
//! them.

use std::time::Duration;

use standin::journal::EntryKind;
use standin::model::{Ordering, Outcome};

use super::heard::Listener;
use super::{FOUR, Run, silent};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

impl Run {
    /// How each attempt ended, in order.
    fn outcomes(&self) -> Vec<&'static str> {
        self.driver.journal().attempts().map(|attempt| attempt.outcome.name()).collect()
    }

    /// The state of each delivery, in order.
    fn ends(&self) -> Vec<&'static str> {
        let journal = self.driver.journal();
        let ended = journal.entries().filter_map(|entry| match &entry.kind {
            EntryKind::Ended { seq, outcome, .. } => Some((*seq, outcome.name())),
            _ => None,
        });
        let mut ended: Vec<_> = ended.collect();
        ended.sort_by_key(|(delivery, _)| *delivery);
        ended.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// The same run with an endpoint that is deactivated after three days.
    fn disabling(mut self) -> Self {
        self.set(|route| route.policy.disable_after = Some(3 * DAY));
        self
    }

    fn is_deactivated(&self) -> bool {
        self.driver.run().is_deactivated(self.account)
    }
}

#[tokio::test]
async fn a_webhook_that_a_gateway_answers_is_retried_and_never_arrives() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 2, Ordering::None);
    run.say("attempt 1 of every webhook is answered 503 by a gateway").await;
    run.say("attempt 2 of every webhook times out on its way").await;
    run.story(&FOUR[..1]).await;
    run.settle().await;
    assert_eq!(run.outcomes(), ["by-gateway", "timed-out-on-its-way", "accepted"]);
    assert_eq!(run.times(), [0, 60, 120]);
    assert_eq!(listener.heard().len(), 1);
    assert!(run.driver.journal().attempts().take(2).all(|attempt| attempt.answer.is_none()));
}

#[tokio::test]
async fn a_gateway_stops_every_attempt_by_default() {
    let mut run = Run::new(&silent(), 2, Ordering::None);
    run.say("every webhook is answered 429 by a gateway").await;
    run.story(&FOUR[..1]).await;
    run.settle().await;
    assert_eq!(run.outcomes(), ["by-gateway"; 3]);
    assert_eq!(run.delivery(0).outcome(), Some(&Outcome::ByGateway(429)));
}

#[tokio::test]
async fn the_retry_after_of_a_gateway_counts_where_the_policy_honours_it() {
    for (honoured, times) in [(true, [0, 3600, 7200]), (false, [0, 60, 120])] {
        let mut run = Run::new(&silent(), 2, Ordering::None);
        run.set(|route| route.policy.retries.honour_retry_after = honoured);
        run.say("every webhook is answered 503 by a gateway with Retry-After 1h").await;
        run.story(&FOUR[..1]).await;
        run.settle().await;
        assert_eq!(run.times(), times);
    }
}

#[tokio::test]
async fn a_webhook_that_arrives_but_is_answered_by_a_gateway_is_retried() {
    let listener = Listener::start("retry-after: 3600\r\n").await;
    let mut run = Run::new(&listener.url, 1, Ordering::None);
    run.set(|route| route.policy.retries.honour_retry_after = true);
    run.say("attempt 1 of every webhook arrives but is answered 504 by a gateway").await;
    run.story(&FOUR[..1]).await;
    run.settle().await;
    assert_eq!(run.outcomes(), ["by-gateway", "accepted"]);
    assert_eq!(run.times(), [0, 60], "the vendor never saw the receiver's own Retry-After");
    let journal = run.driver.journal();
    let statuses = journal.attempts().map(|one| one.answer.as_ref().unwrap().status);
    assert_eq!(statuses.collect::<Vec<_>>(), [200, 200], "the true answer is kept");
    assert_eq!(listener.heard().len(), 2);
}

#[tokio::test]
async fn a_webhook_that_is_never_sent_meets_no_gateway() {
    let mut run = Run::new(&silent(), 2, Ordering::None);
    run.say("every webhook is lost").await;
    run.say("every webhook is answered 503 by a gateway").await;
    run.story(&FOUR[..1]).await;
    run.settle().await;
    assert_eq!(run.outcomes(), ["never-sent"]);
}

#[tokio::test]
async fn faults_that_are_over_strike_no_new_and_no_pending_delivery() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 2, Ordering::None);
    run.say("every webhook is answered 503 by a gateway").await;
    run.story(&FOUR[..1]).await;
    run.disarm();
    run.story(&FOUR[1..2]).await;
    run.settle().await;
    assert_eq!(run.tried(), [0, 1, 0]);
    assert_eq!(run.outcomes(), ["by-gateway", "accepted", "accepted"]);
}

#[tokio::test]
async fn an_endpoint_that_fails_for_too_long_gets_nothing_until_it_is_reactivated() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 2, Ordering::None).disabling();
    run.say("every webhook is answered 503 by a gateway").await;
    run.say("Anna takes a walk-in ticket").await;
    run.pass(3 * DAY).await;
    run.say("Bo takes a walk-in ticket").await;
    assert!(!run.is_deactivated(), "three days are not more than three days");
    run.pass(HOUR).await;
    assert!(run.is_deactivated(), "the retry a minute later is");
    assert_eq!(run.tried(), [0, 0, 0, 1, 1], "the second retry is not made");
    run.disarm();
    run.say("Cleo takes a walk-in ticket").await;
    run.repeat(0).await;
    run.settle().await;
    assert_eq!(run.tried().len(), 5, "nothing is sent to it");
    run.reactivate();
    run.say("Dan takes a walk-in ticket").await;
    run.settle().await;
    assert!(!run.is_deactivated());
    assert_eq!(run.tried(), [0, 0, 0, 1, 1, 3], "what was missed is not sent again");
    assert_eq!(listener.heard().len(), 1);
    let gone = "endpoint-deactivated";
    assert_eq!(run.ends(), ["by-gateway", gone, gone, gone, "accepted"]);
    let lines = run.driver.journal().to_json_lines();
    assert!(
        lines.contains(r#""entry":"deactivated""#) && lines.contains(r#""entry":"reactivated""#)
    );
}

#[tokio::test]
async fn retries_made_while_a_run_settles_deactivate_too() {
    let mut run = Run::new(&silent(), 4, Ordering::None).disabling();
    run.set(|route| route.policy.retries.waits = vec![DAY; 6]);
    run.say("Anna takes a walk-in ticket").await;
    run.settle().await;
    assert!(run.is_deactivated());
    assert_eq!(run.tried().len(), 5, "at 0, 1, 2, 3 and 4 days");
    assert_eq!(run.delivery(0).outcome().map(Outcome::name), Some("unreachable"));
}

#[tokio::test]
async fn one_success_between_is_enough_even_if_later_retries_were_made_before_it() {
    let listener = Listener::start("").await;
    let mut run = Run::new(&listener.url, 0, Ordering::None).disabling();
    run.set(|route| route.policy.retries.waits = vec![DAY; 3]);
    run.say("every webhook of Anna is answered 503 by a gateway").await;
    run.say("Anna takes a walk-in ticket").await;
    // Up to three days ahead of the simulation.
    run.settle().await;
    assert_eq!(run.times(), [0, 1, 2, 3].map(|day: u64| day * DAY.as_secs()));
    run.pass(36 * HOUR).await;
    run.say("Bo takes a walk-in ticket").await;
    run.pass(60 * HOUR).await;
    run.say("staff call Anna").await;
    assert!(!run.is_deactivated(), "it failed from the second day to the fourth");
    run.settle().await;
    assert!(run.is_deactivated(), "and then on to the fifth and more");
}

#[tokio::test]
async fn a_lost_webhook_is_neither_a_failure_nor_a_success() {
    let mut run = Run::new(&silent(), 0, Ordering::None).disabling();
    run.say("every webhook of Bo is lost").await;
    run.say("Bo takes a walk-in ticket").await;
    run.pass(2 * DAY).await;
    run.say("Anna takes a walk-in ticket").await;
    run.pass(2 * DAY).await;
    run.say("staff call Bo").await;
    run.say("staff call Anna").await;
    assert!(!run.is_deactivated(), "the first failure was two days ago");
    run.pass(2 * DAY).await;
    run.say("staff put Anna back in the queue").await;
    assert!(run.is_deactivated(), "and what was lost meanwhile was no success");
}

#[tokio::test]
async fn webhooks_behind_a_retry_end_once_when_the_endpoint_is_deactivated() {
    let mut run = Run::new(&silent(), 0, Ordering::Global).disabling();
    run.set(|route| route.policy.retries.waits = vec![2 * DAY; 3]);
    run.story(FOUR).await;
    run.settle().await;
    assert!(run.is_deactivated());
    assert_eq!(run.tried(), [0, 0, 0]);
    assert_eq!(run.ends(), ["endpoint-deactivated"; 4]);
    run.reactivate();
    run.settle().await;
    assert_eq!(run.ends().len(), 4, "and nothing comes back");
    assert_eq!(run.driver.next(), run.driver.sim().next(), "nothing is scheduled either");
}
