//! When a run sends webhooks, and in which order, under faults and retries.
//!
//! Nothing listens at the URL of these webhooks, or the reference receiver does if an acceptance
//! matters. The journal shows the attempts with their virtual times.

#[path = "run/api_router.rs"]
mod api_router;
#[path = "run/forget.rs"]
mod forget;
#[path = "run/heard.rs"]
mod heard;
#[path = "run/many.rs"]
mod many;
#[path = "run/signing.rs"]
mod signing;
#[path = "run/tokens.rs"]
mod tokens;
#[path = "run/way.rs"]
mod way;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use standin::chance::Chance;
use standin::clock::{between, default_start};
use standin::delivery::{Allowed, Sender};
use standin::driver::Driver;
use standin::journal::Memory;
use standin::model::api_fault::Race;
use standin::model::{Ordering, Outcome, Release, Retries, Settings};
use standin::phrase;
use standin::policy::fault;
use standin::receiver;
use standin::run::{Delivery, Route};
use standin::sim::{AccountIndex, Opening};
use standin::vendors::api::GivenApiKeys;
use standin::vendors::{Vendor, registry};

/// The journal in memory never fails.
const WRITTEN: &str = "the journal is written";

struct Run {
    driver: Driver,
    account: AccountIndex,
    vendor: &'static dyn Vendor,
    route: Route,
}

/// A port on which nothing listens, on a loopback address that no other test uses: the port stays free.
fn silent() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.77:0").expect("a free port");
    format!("http://{}", listener.local_addr().expect("its address"))
}

impl Run {
    /// A run whose webhooks go to this URL, with this many retries, a minute apart.
    fn new(url: &str, retries: usize, ordering: Ordering) -> Self {
        let vendor = registry::shipped().find("ombori").expect("it is there");
        let catalogue = vendor.catalogue();
        let mut policy = vendor.policy();
        let waits = vec![Duration::from_secs(60); retries];
        policy.retries = Retries { waits, ..Retries::default() };
        policy.ordering = ordering;
        let to = format!("{url}/webhooks/ombori");
        let urls: BTreeMap<_, _> = catalogue
            .triggers
            .iter()
            .map(|trigger| (trigger.name.to_owned(), to.clone().into()))
            .collect();
        let route = Route {
            policy,
            urls,
            trigger_pointer: catalogue.trigger_pointer,
            api_keys: GivenApiKeys::default(),
            race: Race::default(),
        };
        Self::with(vendor, route)
    }

    fn with(vendor: &'static dyn Vendor, route: Route) -> Self {
        let catalogue = vendor.catalogue();
        let sender = Sender::new(Duration::from_secs(5), Allowed::default()).expect("a client");
        let run = standin::run::Run::new(&Chance::from_seed(1), default_start());
        let mut driver = Driver::new(run, sender, Memory::default());
        let opening = Opening {
            name: "a".to_owned(),
            profile: catalogue.default_profile(),
            settings: Settings::check(catalogue.settings, []).expect("defaults"),
        };
        let account = driver.open(vendor, opening, route.clone()).expect(WRITTEN);
        Self { driver, account, vendor, route }
    }

    /// The same with another route. Nothing has happened yet.
    fn set(&mut self, change: impl FnOnce(&mut Route)) {
        assert!(self.driver.deliveries().is_empty(), "it is too late to change the route");
        change(&mut self.route);
        *self = Self::with(self.vendor, self.route.clone());
    }

    async fn say(&mut self, text: &str) {
        if let Some(fault) = fault::read(text) {
            return self.driver.arm(fault.expect("a fault")).expect(WRITTEN);
        }
        let spoken = phrase::read(self.vendor.catalogue(), text).expect("a phrase");
        self.driver.say(self.account, &spoken, text).await.expect("it is legal");
    }

    async fn settle(&mut self) {
        self.driver.settle().await.expect(WRITTEN);
    }

    async fn pass(&mut self, length: Duration) {
        self.driver.pass(length).await.expect(WRITTEN);
    }

    async fn release(&mut self, release: Release) {
        self.driver.release(release).await.expect(WRITTEN);
    }

    async fn send_dead_letters(&mut self, name: Option<&str>) {
        self.driver.send_dead_letters(self.account, name).await.expect(WRITTEN);
    }

    async fn repeat(&mut self, delivery: u64) {
        self.driver.repeat(delivery).await.expect(WRITTEN);
    }

    fn hold(&mut self) {
        self.driver.hold().expect(WRITTEN);
    }

    fn disarm(&mut self) {
        self.driver.disarm().expect(WRITTEN);
    }

    fn reactivate(&mut self) {
        self.driver.reactivate(self.account).expect(WRITTEN);
    }

    fn delivery(&self, index: usize) -> Delivery {
        self.driver.deliveries().iter().nth(index).expect("so many deliveries").clone()
    }

    async fn story(&mut self, texts: &[&str]) {
        for text in texts {
            self.say(text).await;
        }
    }

    /// The webhook of each attempt, in order, as its index in the story.
    fn tried(&self) -> Vec<u64> {
        self.driver.journal().attempts().map(|attempt| attempt.delivery).collect()
    }

    /// When each attempt was made, in seconds since the beginning.
    fn times(&self) -> Vec<u64> {
        let since = |at: Timestamp| between(default_start(), at).as_secs();
        self.driver.journal().attempts().map(|attempt| since(attempt.at)).collect()
    }
}

const FOUR: &[&str] = &[
    "Anna takes a walk-in ticket",
    "Bo takes a walk-in ticket",
    "Cleo takes a walk-in ticket",
    "Dan takes a walk-in ticket",
];

#[tokio::test]
async fn webhooks_that_are_all_overtaken_change_places_in_pairs() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("every webhook is overtaken by the next one").await;
    run.story(FOUR).await;
    run.settle().await;
    assert_eq!(run.tried(), [1, 0, 3, 2]);
}

#[tokio::test]
async fn a_webhook_overtaken_by_three_arrives_fourth() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("the next webhook is overtaken by the next 3").await;
    run.story(FOUR).await;
    assert_eq!(run.tried(), [1, 2, 3, 0]);
}

#[tokio::test]
async fn a_webhook_that_nothing_overtakes_is_sent_at_the_end() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("every webhook of Dan is overtaken by the next one").await;
    run.story(FOUR).await;
    assert_eq!(run.tried(), [0, 1, 2]);
    run.settle().await;
    assert_eq!(run.tried(), [0, 1, 2, 3]);
}

#[tokio::test]
async fn a_webhook_that_is_never_sent_overtakes_nothing() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("every webhook of Anna is overtaken by the next one").await;
    run.say("every webhook of Bo is lost").await;
    run.story(FOUR).await;
    assert_eq!(run.tried(), [1, 2, 0, 3], "Bo's is recorded, and Cleo's is the one that overtakes");
}

#[tokio::test]
async fn held_webhooks_leave_once_and_in_the_order_of_their_release() {
    for (release, order) in [(Release::InOrder, [0, 1, 2, 3]), (Release::Reversed, [3, 2, 1, 0])] {
        let mut run = Run::new(&silent(), 0, Ordering::None);
        run.say("every webhook of Bo is overtaken by the next one").await;
        run.hold();
        run.story(FOUR).await;
        run.settle().await;
        assert!(run.tried().is_empty(), "what is held back stays so");
        run.release(release).await;
        run.settle().await;
        assert_eq!(run.tried(), order);
    }
}

#[tokio::test]
async fn a_held_webhook_keeps_its_delay() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("every webhook of Anna is delayed by 10 minutes").await;
    run.hold();
    run.story(FOUR).await;
    run.release(Release::InOrder).await;
    assert_eq!(run.tried(), [1, 2, 3]);
    run.pass(Duration::from_secs(700)).await;
    assert_eq!((run.tried(), run.times()), (vec![1, 2, 3, 0], vec![0, 0, 0, 600]));
}

#[tokio::test]
async fn settling_makes_every_retry_at_its_time_and_moves_nothing_at_the_vendor() {
    let mut run = Run::new(&silent(), 3, Ordering::None);
    // The slot begins while the retries are made.
    run.story(&["Anna books a slot in 1 minute"]).await;
    run.settle().await;
    assert_eq!(run.times(), [0, 60, 120, 180]);
    assert_eq!(run.driver.sim().now(), default_start());
    assert_eq!(run.driver.deliveries().len(), 1, "nothing has happened meanwhile");
    run.pass(Duration::from_secs(120)).await;
    assert_eq!(run.driver.deliveries().len(), 2, "the booking is activated in its own time");
}

#[tokio::test]
async fn a_retry_delays_the_webhooks_that_the_ordering_says() {
    let cases = [
        (Ordering::None, vec![0, 1, 2, 0, 1, 2]),
        (Ordering::PerSubject, vec![0, 2, 0, 2, 1, 1]),
        (Ordering::Global, vec![0, 0, 1, 1, 2, 2]),
    ];
    for (ordering, order) in cases {
        let mut run = Run::new(&silent(), 1, ordering);
        let story = ["Anna takes a walk-in ticket", "staff call Anna", "Bo takes a walk-in ticket"];
        run.story(&story).await;
        run.settle().await;
        assert_eq!(run.tried(), order, "{ordering:?}");
    }
}

#[tokio::test]
async fn a_lost_webhook_is_not_retried_but_a_lost_attempt_is() {
    let mut run = Run::new(&silent(), 2, Ordering::None);
    run.say("every webhook of Anna is lost").await;
    run.say("attempt 1 of every webhook of Bo is lost").await;
    run.story(&FOUR[..2]).await;
    run.settle().await;
    assert_eq!(run.tried(), [0, 1, 1, 1]);
    let lost = |attempt: &&standin::model::Attempt| attempt.outcome == Outcome::NeverSent;
    assert_eq!(run.driver.journal().attempts().filter(lost).count(), 2);
}

#[tokio::test]
async fn a_trigger_without_a_url_is_caused_and_not_sent() {
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.set(|route| drop(route.urls.remove("positionCreated")));
    run.story(&["Anna takes a walk-in ticket", "staff call Anna"]).await;
    assert_eq!(run.tried(), [1]);
}

#[tokio::test]
async fn shares_strike_the_same_webhooks_whatever_the_receiver_answers() {
    let receiver = receiver::start(receiver::Options::default()).await.expect("a free port");
    let mut struck = Vec::new();
    for url in [receiver.url.clone(), silent()] {
        let mut run = Run::new(&url, 2, Ordering::None);
        run.say("50% of webhooks is delivered twice").await;
        run.story(FOUR).await;
        run.settle().await;
        let journal = run.driver.journal();
        let attempts = journal.attempts().filter(|attempt| attempt.fault.is_some());
        let mut by_fault: Vec<u64> = attempts.map(|attempt| attempt.delivery).collect();
        by_fault.dedup();
        struck.push(by_fault);
    }
    assert_eq!(struck[0], struck[1]);
    receiver.stop().await;
}

#[tokio::test]
async fn a_lost_answer_is_retried_and_the_receiver_saw_it_twice() {
    let receiver = receiver::start(receiver::Options::default()).await.expect("a free port");
    let mut run = Run::new(&receiver.url, 1, Ordering::None);
    run.say("attempt 1 of every webhook arrives but its answer is lost").await;
    run.story(&FOUR[..1]).await;
    run.settle().await;
    let outcomes: Vec<_> =
        run.driver.journal().attempts().map(|attempt| attempt.outcome.clone()).collect();
    assert_eq!(outcomes, [Outcome::AcknowledgementLost, Outcome::Accepted]);
    // Without an answer, no answer can be lost.
    let mut run = Run::new(&silent(), 0, Ordering::None);
    run.say("every webhook arrives but its answer is lost").await;
    run.story(&FOUR[..1]).await;
    let attempt = run.driver.journal().attempts().next().cloned().expect("an attempt");
    assert_eq!(attempt.outcome.name(), "unreachable");
    receiver.stop().await;
}
