//! A random walk over a run: stories, traffic, faults and answers of an invented receiver, with
//! several requests under way at once.

use std::time::Duration;

use standin::chance::Chance;
use standin::cli::features;
use standin::cli::settings::{self, Overrides};
use standin::clock::{after, default_start};
use standin::journal::{Entry, line};
use standin::model::policy::TokenUse;
use standin::model::{
    Answer, Failure, Outcome, PolicyChange, Release, RequestKind, Secret, Settings,
};
use standin::policy::fault;
use standin::policy::judge::judge;
use standin::policy::token::Token;
use standin::policy::wire::SendResult;
use standin::run::replay::ReplaySetup;
use standin::run::{Route, Run, Ticket};
use standin::scenario::file;
use standin::scenario::words::Instruction;
use standin::sim::Opening;
use standin::vendors::{Vendor, registry};

/// The most requests under way at the same time.
const OUT: usize = 5;

const FAULTS: &[&str] = &[
    "the next webhook is delivered twice",
    "every webhook is delivered 3 times at the same instant",
    "the next webhook is overtaken by the next 2",
    "40% of webhooks is delayed by 5 minutes",
    "the next webhook is lost",
    "attempt 1 of every webhook arrives but its answer is lost",
    "the next webhook is answered 503 by a gateway with Retry-After 2m",
    "the next webhook arrives truncated",
    "attempt 1 of the next webhook times out on its way",
];

/// A walk.
pub struct Walk {
    /// The run.
    pub run: Run,
    /// Its journal, so far.
    pub entries: Vec<Entry>,
    out: Vec<Ticket>,
    chance: Chance,
    steps: u64,
    vendor: &'static dyn Vendor,
    route: Route,
    seed: u64,
    /// The story, and the next step.
    story: Vec<String>,
    told: usize,
}

impl Walk {
    /// A walk of this vendor by this seed, with one account and its traffic.
    pub fn new(vendor: &str, seed: u64) -> Self {
        let registry = registry::shipped();
        let vendor = registry.find(vendor).expect("a vendor");
        let catalogue = vendor.catalogue();
        let overrides =
            Overrides { target: Some("http://127.0.0.1:9".into()), ..Default::default() };
        let under_test = settings::read(registry, "standin.yaml", settings::BUILT_IN, &overrides)
            .unwrap_or_else(|_| panic!("the built-in settings are right"));
        let mut route = under_test.target.vendors[catalogue.vendor].route();
        route.policy.retries.waits = vec![Duration::from_secs(60), Duration::from_secs(300)];
        route.policy.retries.jitter = 0.3;
        let (name, text) = features::story(catalogue.vendor).expect("a story");
        let story = file::read(registry, &name, &text).expect("a scenario");
        let story =
            story.steps.iter().filter(|step| matches!(step.instruction, Instruction::Action(_)));
        let mut walk = Self {
            run: fresh(seed),
            entries: Vec::new(),
            out: Vec::new(),
            chance: Chance::from_seed(seed).child("walk"),
            steps: 0,
            vendor,
            route: route.clone(),
            seed,
            story: story.map(|step| step.text.clone()).collect(),
            told: 0,
        };
        let opening = Opening {
            name: "alone".to_owned(),
            profile: catalogue.default_profile(),
            settings: Settings::check(catalogue.settings, []).expect("defaults"),
        };
        walk.run.open(vendor, opening, route);
        walk.run.populate(0, &Settings::check(catalogue.traffic, []).expect("defaults"));
        walk.write();
        walk
    }

    /// The same walk with another run, which has no journal yet.
    pub fn with(&self, run: Run) -> Self {
        let mut walk = Self {
            run,
            entries: Vec::new(),
            out: Vec::new(),
            chance: self.chance.clone(),
            steps: self.steps,
            vendor: self.vendor,
            route: self.route.clone(),
            seed: self.seed,
            story: self.story.clone(),
            told: self.told,
        };
        walk.out = self
            .out
            .iter()
            .filter_map(|out| walk.run.outstanding().find(|one| one.id == out.id).cloned())
            .collect();
        walk.write();
        walk
    }

    /// A new run with the same seed.
    pub fn fresh(&self) -> Run {
        fresh(self.seed)
    }

    /// The settings that the journal does not have.
    pub fn reopen(&self) -> ReplaySetup<'_> {
        ReplaySetup {
            vendor: &|name| registry::shipped().find(name),
            route: Box::leak(Box::new({
                let route = self.route.clone();
                move |_: &str, _: &str| Some(route.clone())
            })),
        }
    }

    /// Takes this many steps.
    pub fn walk(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
            self.write();
        }
    }

    fn write(&mut self) {
        self.entries.extend(self.run.take_entries());
    }

    /// Its journal, so far, as lines.
    pub fn lines(&self) -> Vec<String> {
        self.entries.iter().map(line).collect()
    }

    fn step(&mut self) {
        self.steps += 1;
        let now = self.run.sim().now();
        match self.chance.below(100) {
            0..25 => {
                let next = self.run.next().unwrap_or(now);
                self.run.advance(next.min(after(now, Duration::from_secs(3 * 86_400))));
            }
            25..52 => {
                if self.out.len() < OUT {
                    let now = self.run.sim().now();
                    self.out.extend(self.run.poll(now));
                }
            }
            52..76 => self.answer(),
            76..84 => self.tell(),
            84..89 => {
                let text = *self.chance.pick(FAULTS);
                self.run.arm(fault::read(text).expect("a fault").expect("a right one"));
            }
            89 if self.chance.happens(0.5) => self.run.disarm(),
            89 => {
                let fault = self.run.faults().last().map(|fault| fault.text.clone());
                if let Some(text) = fault {
                    assert!(self.run.remove_fault(&text));
                }
            }
            90 => self.run.hold(),
            91..93 => {
                let order = *self.chance.pick(&Release::ALL);
                self.run.release(order);
            }
            93 => {
                let last = self.run.deliveries().last().map(|delivery| delivery.id);
                match last {
                    Some(id) if self.chance.below(3) == 0 => self.edit(id),
                    Some(id) => assert!(self.run.repeat(id)),
                    None => {}
                }
            }
            94 if self.steps > 300 && self.chance.happens(0.3) => self.run.stop_traffic(0),
            94 => self.run.nothing_overtakes(),
            95 => {
                let keeps = self.chance.happens(0.7);
                let margin = Duration::from_secs(30);
                let token_use =
                    if keeps { TokenUse::Cached { margin } } else { TokenUse::PerAttempt };
                self.run.change_policy(0, PolicyChange::TokenUse(token_use));
            }
            96 => {
                let apart = Duration::from_secs(120);
                self.run.change_policy(0, PolicyChange::Retries { times: 2, apart });
            }
            97 => {
                self.run.send_dead_letters(0, None);
            }
            98 if self.chance.happens(0.5) => {
                let lives = self.chance.happens(0.5).then(|| Duration::from_secs(600));
                // Another one each time: a journal has no tokens, so it cannot tell that two are the same.
                let secret = Secret::new(format!("held {}", self.steps));
                self.run.hold_token(0, &Token { secret, lives });
            }
            98 => self.run.reactivate(0),
            _ => self.ask(),
        }
    }

    /// Sends a webhook again with another body, with or without a fault.
    fn edit(&mut self, id: u64) {
        let text = "the next webhook is delivered twice";
        let fault = fault::read(text).expect("a fault").expect("a right one");
        let fault = self.chance.happens(0.5).then_some(fault);
        let edited = self.run.send_edited(id, "{\"edited\": true".to_owned(), fault);
        assert!(edited.is_some(), "the last delivery is kept");
    }

    fn tell(&mut self) {
        let Some(text) = self.story.get(self.told).cloned() else { return };
        self.told += 1;
        let parsed = standin::phrase::read(self.vendor.catalogue(), &text).expect("a phrase");
        // A step may be refused if it is not legal now. Then nothing has changed.
        let _ = self.run.act(0, &parsed, &text);
    }

    fn ask(&mut self) {
        let subjects: Vec<_> = self.run.sim().subjects(0).collect();
        if subjects.is_empty() {
            return;
        }
        let subject = *self.chance.pick(&subjects);
        let (truth, subject) =
            (self.run.sim().truth(0, subject), self.run.sim().subject(0, subject));
        assert_eq!(self.run.ask(0, subject.kind, &subject.id), Some(truth));
        assert_eq!(self.run.ask(0, subject.kind, "nobody"), None);
    }

    /// Returns the result of one of the requests under way to the run.
    fn answer(&mut self) {
        if self.out.is_empty() {
            return;
        }
        let place = self.chance.below(self.out.len() as u64) as usize;
        let ticket = self.out.remove(place);
        let results = (0..ticket.copies).map(|_| self.result(&ticket)).collect();
        self.run.returned(ticket.id, results);
    }

    fn result(&mut self, ticket: &Ticket) -> SendResult {
        let took = Duration::from_micros(self.chance.below(5_000_000));
        let status = if self.chance.happens(0.6) {
            200
        } else {
            *self.chance.pick(&[201, 401, 404, 429, 500, 503, 302, 0])
        };
        if status == 0 {
            return SendResult { took, ..SendResult::unsent(Outcome::Failed(Failure::TimedOut)) };
        }
        let outcome = judge(ticket.route.policy.accepted, status);
        let gives = ticket.kind == RequestKind::Token && outcome == Outcome::Accepted;
        let lives = self.chance.happens(0.8).then_some(Duration::from_secs(600));
        let number = self.chance.below(1_000_000);
        let token = gives.then(|| Token { secret: Secret::new(format!("tok{number}")), lives });
        let retry_after = (status == 429).then_some(Duration::from_secs(90));
        let body = format!("said {status}").into();
        let answer = Answer { status, retry_after, body, granted: None };
        SendResult { outcome, answer: Some(answer), took, token }
    }
}

fn fresh(seed: u64) -> Run {
    Run::new(&Chance::from_seed(seed).child("run"), default_start())
}
