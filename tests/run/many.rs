//! A run with many requests under way at once: which delivery requests a token, which may overtake,
//! what is kept, and what a receiver gets if it asks the vendor from inside its webhook handler.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use standin::chance::Chance;
use standin::cli::settings::{self, Overrides};
use standin::clock::default_start;
use standin::delivery::{Allowed, Sender};
use standin::driver::{Core, Driver};
use standin::journal::{Entry, Journal, JournalError, Memory};
use standin::model::policy::TokenUse;
use standin::model::{Ordering, Outcome, PolicyChange, RequestKind, Secret, Settings};
use standin::policy::token::Token;
use standin::policy::wire::SendResult;
use standin::run::{Route, Run, Ticket};
use standin::sim::Opening;
use standin::vendors::registry;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const HOUR: Duration = Duration::from_secs(3600);

/// The route of a vendor to this URL, with the built-in settings.
pub fn route(vendor: &str, url: &str) -> Route {
    let overrides = Overrides { target: Some(url.to_owned()), ..Overrides::default() };
    let read = settings::read(registry::shipped(), "standin.yaml", settings::BUILT_IN, &overrides);
    read.unwrap_or_else(|_| panic!("right settings")).target.vendors[vendor].route()
}

/// A run with one account of a vendor and its traffic.
pub fn busy(vendor: &str, ordering: Ordering) -> Run {
    let vendor = registry::shipped().find(vendor).expect("a vendor");
    let catalogue = vendor.catalogue();
    let mut run = Run::new(&Chance::from_seed(3), default_start());
    let mut route = route(catalogue.vendor, "http://127.0.0.1:9");
    route.policy.ordering = ordering;
    let opening = Opening {
        name: "a".to_owned(),
        profile: catalogue.default_profile(),
        settings: Settings::check(catalogue.settings, []).expect("defaults"),
    };
    run.open(vendor, opening, route);
    run.populate(0, &Settings::check(catalogue.traffic, []).expect("defaults"));
    run
}

/// Lets time pass until this many webhooks are due, and takes all tickets.
fn tickets(run: &mut Run, webhooks: usize) -> Vec<Ticket> {
    while run.deliveries().len() < webhooks {
        let next = run.next().expect("traffic goes on");
        run.advance(next.max(run.sim().now()));
        // Time passes even if due attempts have not been taken yet.
        if run.sim().next().is_none_or(|at| at > next) && run.next() == Some(next) {
            let at = run.sim().next().expect("traffic goes on");
            run.advance(at);
        }
    }
    let now = run.sim().now();
    std::iter::from_fn(|| run.poll(now)).collect()
}

fn accepted(token: Option<&str>) -> SendResult {
    let token = token.map(|text| Token { secret: Secret::new(text), lives: Some(HOUR) });
    SendResult { token, ..SendResult::unsent(Outcome::Accepted) }
}

#[test]
fn a_run_can_be_handed_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Run>();
    is_send::<Ticket>();
}

#[test]
fn a_burst_that_needs_a_token_requests_one_once() {
    let mut run = busy("doo", Ordering::None);
    let cached = TokenUse::Cached { margin: Duration::from_secs(30) };
    run.change_policy(0, PolicyChange::TokenUse(cached));
    let first = tickets(&mut run, 20);
    assert_eq!(first.len(), 1, "one asks, nineteen wait");
    assert_eq!(first[0].kind, RequestKind::Token);
    run.returned(first[0].id, vec![accepted(Some("t0k"))]);
    let now = run.sim().now();
    let then: Vec<Ticket> = std::iter::from_fn(|| run.poll(now)).collect();
    assert!(then.len() >= 20, "{} tickets", then.len());
    for ticket in &then {
        assert_eq!(ticket.kind, RequestKind::Webhook);
        let value = ticket.request.headers.iter().find(|one| one.name == "Authorization");
        assert_eq!(value.map(|header| header.value.reveal()), Some("Bearer t0k"));
    }
}

#[test]
fn a_burst_that_gets_no_token_requests_one_once_and_fails() {
    let mut run = busy("doo", Ordering::None);
    let cached = TokenUse::Cached { margin: Duration::ZERO };
    run.change_policy(0, PolicyChange::TokenUse(cached));
    let first = tickets(&mut run, 12);
    assert_eq!(first.len(), 1);
    run.returned(first[0].id, vec![SendResult::unsent(Outcome::Refused)]);
    let failed = run.deliveries().iter().filter(|one| one.outcome() == Some(&Outcome::Refused));
    assert!(failed.count() >= 12);
    // The retries that are due meanwhile form a burst again.
    let now = run.sim().now();
    let again: Vec<Ticket> = std::iter::from_fn(|| run.poll(now)).collect();
    assert!(again.len() <= 1 && again.iter().all(|ticket| ticket.kind == RequestKind::Token));
}

#[test]
fn webhooks_of_one_subject_are_never_sent_at_the_same_time() {
    let mut run = busy("waitwhile", Ordering::PerSubject);
    let (mut most, mut blocked) = (0, 0);
    let mut chance = Chance::from_seed(8);
    let mut out: Vec<Ticket> = Vec::new();
    for _ in 0..3_000 {
        let next = run.next().unwrap_or_else(|| run.sim().now());
        run.advance(next);
        let now = run.sim().now();
        out.extend(std::iter::from_fn(|| run.poll(now)));
        let mut subjects: BTreeMap<_, u64> = BTreeMap::new();
        for ticket in &out {
            let delivery = run.deliveries().get(ticket.delivery).expect("it is kept");
            let before = subjects.insert(delivery.webhook.subject.clone(), delivery.webhook.seq);
            assert_eq!(before, None, "{} is out twice", delivery.webhook.subject);
        }
        most = most.max(out.len());
        let waiting = run.deliveries().iter().filter(|one| !one.is_over()).count();
        blocked += usize::from(waiting > out.len());
        if out.len() > 30 {
            for _ in 0..10 {
                let place = chance.below(out.len() as u64) as usize;
                let ticket = out.swap_remove(place);
                run.returned(ticket.id, vec![accepted(None)]);
            }
        }
    }
    assert!(most >= 20 && blocked >= 100, "{most} out at once, {blocked} times one waited");
}

#[test]
fn an_endless_run_keeps_only_as_much_as_its_limit() {
    let mut run = busy("ombori", Ordering::PerSubject);
    run.limit(100);
    let (mut webhooks, mut entries) = (0, 0);
    while webhooks < 20_000 {
        let next = run.next().expect("traffic goes on");
        run.advance(next);
        let now = run.sim().now();
        while let Some(ticket) = run.poll(now) {
            run.returned(ticket.id, vec![accepted(None)]);
            webhooks += 1;
            let delivery = run.deliveries().of_webhook(webhooks - 1).next();
            assert!(delivery.is_some(), "the last one is found by its seq");
        }
        entries += run.take_entries().len();
        assert!(run.deliveries().len() <= 101, "{}", run.deliveries().len());
    }
    assert!(run.deliveries().of_webhook(0).next().is_none(), "the first one is gone");
    assert!(entries > 60_000, "{entries} entries went by");
}

/// The vendor's answer about a subject: a plain function over the run.
type Api = Rc<RefCell<Core<Memory>>>;

fn state(api: &Api, id: &str) -> Option<String> {
    let truth = api.borrow_mut().apply(|run| run.ask(0, "position", id)).expect("it is written")?;
    Some(truth["status"].as_str().expect("a state").to_owned())
}

/// Asks the vendor before and after it answers each webhook, from inside the handler.
async fn curious(listener: TcpListener, api: Api, told: Rc<RefCell<Vec<Option<String>>>>) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut read = Vec::new();
        let body = loop {
            assert!(stream.read_buf(&mut read).await.expect("a request") > 0, "it broke off");
            let text = String::from_utf8_lossy(&read).into_owned();
            let Some((_, body)) = text.split_once("\r\n\r\n") else { continue };
            if let Ok(json) = serde_json::from_str::<serde_json::Value>(body) {
                break json;
            }
        };
        let id = body["data"]["position"]["id"].as_str().expect("an id");
        told.borrow_mut().push(state(&api, id));
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer).await.expect("it is read");
        told.borrow_mut().push(state(&api, id));
    }
}

#[tokio::test]
async fn a_receiver_that_asks_the_vendor_inside_its_handler_is_answered_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let vendor = registry::shipped().find("ombori").expect("a vendor");
    let catalogue = vendor.catalogue();
    let sender = Sender::new(Duration::from_secs(5), Allowed::default()).expect("a client");
    let run = Run::new(&Chance::from_seed(5), default_start());
    let mut driver = Driver::new(run, sender, Memory::default());
    let opening = Opening {
        name: "a".to_owned(),
        profile: catalogue.default_profile(),
        settings: Settings::check(catalogue.settings, []).expect("defaults"),
    };
    let account = driver.open(vendor, opening, route("ombori", &url)).expect("it is written");
    let told = Rc::new(RefCell::new(Vec::new()));
    let local = tokio::task::LocalSet::new();
    local.spawn_local(curious(listener, driver.handle(), Rc::clone(&told)));
    local
        .run_until(async {
            for text in ["Anna takes a walk-in ticket", "staff call Anna", "staff check in Anna"] {
                let parsed = standin::phrase::read(catalogue, text).expect("a phrase");
                driver.say(account, &parsed, text).await.expect("it is legal");
            }
        })
        .await;
    let id = driver.sim().subject(account, driver.sim().subjects(account).next().expect("Anna")).id;
    let after = state(&driver.handle(), &id);
    let outcomes: Vec<_> =
        driver.journal().attempts().map(|attempt| attempt.outcome.clone()).collect();
    assert_eq!(outcomes, vec![Outcome::Accepted; 3]);
    let told: Vec<String> = told.borrow().iter().flatten().cloned().collect();
    assert_eq!(told, ["pending", "pending", "notified", "notified", "fulfilled", "fulfilled"]);
    assert_eq!(after.as_deref(), Some("fulfilled"));
    assert_eq!(state(&driver.handle(), "nobody"), None);
}

/// A journal on a full disk: it accepts only this many entries.
struct Full {
    left: usize,
}

impl Journal for Full {
    fn write(&mut self, _: &Entry) -> Result<(), JournalError> {
        if self.left == 0 {
            return Err(JournalError::Unwritten("no space left".to_owned()));
        }
        self.left -= 1;
        Ok(())
    }
}

#[tokio::test]
async fn nothing_is_sent_if_the_journal_cannot_be_written() {
    // Opened, acted, caused, polled, intended: the sixth entry is the first attempt's.
    for (entries, sent) in [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 1)] {
        let listener = super::heard::Listener::start("").await;
        let vendor = registry::shipped().find("ombori").expect("a vendor");
        let catalogue = vendor.catalogue();
        let sender = Sender::new(Duration::from_secs(5), Allowed::default()).expect("a client");
        let run = Run::new(&Chance::from_seed(5), default_start());
        let mut driver = Driver::new(run, sender, Full { left: entries });
        let opening = Opening {
            name: "a".to_owned(),
            profile: catalogue.default_profile(),
            settings: Settings::check(catalogue.settings, []).expect("defaults"),
        };
        let opened = driver.open(vendor, opening, route("ombori", &listener.url));
        assert_eq!(opened.is_ok(), entries > 0);
        for text in ["Anna takes a walk-in ticket", "staff call Anna"] {
            let parsed = standin::phrase::read(catalogue, text).expect("a phrase");
            let error = driver.say(0, &parsed, text).await.expect_err("the disk is full");
            assert!(error.to_string().contains("nothing more is sent"), "{error}");
        }
        assert!(driver.settle().await.is_err());
        assert_eq!(listener.heard().len(), sent, "with room for {entries} entries");
    }
}
