//! A run that forgets what is over needs the same memory however long it lasts, and goes on with the
//! same bytes.

use std::hash::{DefaultHasher, Hash, Hasher};

use standin::chance::Chance;
use standin::clock::default_start;
use standin::journal::{EntryKind, line};
use standin::model::{Ordering, Outcome, SubjectIndex};
use standin::policy::wire::SendResult;
use standin::run::Run;
use standin::run::replay::ReplaySetup;
use standin::vendors::registry;

use super::many::{busy, route};

/// The vendors whose accounts forget.
const VENDORS: [&str; 3] = ["ombori", "waitwhile", "doo"];

/// A run with traffic whose webhooks are all accepted at once.
struct Played {
    run: Run,
    lines: Vec<String>,
    /// A hash of every webhook so far.
    told: u64,
    webhooks: usize,
    /// The most subjects and deliveries that it had at any time.
    most: (usize, usize),
}

impl Played {
    fn new(vendor: &str, keep: Option<usize>) -> Self {
        let mut run = busy(vendor, Ordering::PerSubject);
        if let Some(keep) = keep {
            run.limit(keep);
        }
        Self { run, lines: Vec::new(), told: 0, webhooks: 0, most: (0, 0) }
    }

    /// Lets time pass until there are this many webhooks.
    fn until(mut self, webhooks: usize) -> Self {
        while self.webhooks < webhooks {
            let next = self.run.next().expect("traffic goes on");
            self.run.advance(next);
            let now = self.run.sim().now();
            while let Some(ticket) = self.run.poll(now) {
                self.run.returned(ticket.id, vec![SendResult::unsent(Outcome::Accepted)]);
            }
            self.run.forget_ended();
            self.write();
        }
        self
    }

    fn write(&mut self) {
        for entry in self.run.take_entries() {
            if let EntryKind::Caused(webhook) = &entry.kind {
                let mut hasher = DefaultHasher::new();
                (self.told, webhook.seq, webhook.at, &webhook.body).hash(&mut hasher);
                self.told = hasher.finish();
                self.webhooks += 1;
            }
            if self.webhooks < 6_000 {
                self.lines.push(line(&entry));
            }
        }
        let now = (self.run.subjects_kept(0), self.run.deliveries().len());
        self.most = (self.most.0.max(now.0), self.most.1.max(now.1));
    }

    fn known(&self) -> Vec<SubjectIndex> {
        let sim = self.run.sim();
        sim.subjects(0).filter(|subject| sim.knows(0, *subject)).collect()
    }
}

#[test]
fn a_long_run_keeps_a_bounded_number_of_subjects_and_deliveries() {
    for vendor in VENDORS {
        let played = Played::new(vendor, Some(500)).until(60_000);
        let had = played.run.sim().subjects(0).len();
        println!("{vendor}: {had} subjects, the most at any time {:?}", played.most);
        assert_eq!(played.known().len(), played.run.subjects_kept(0), "{vendor}");
        assert!(had > 10_000, "{vendor}: {had} subjects");
        // Each of Waitwhile's locations also remembers a hundred guests, with all their messages. doo keeps
        // all orders and tickets of an event until the event is over.
        let most = if vendor == "doo" { 12_000 } else { 5_000 };
        assert!(played.most.0 < most, "{vendor}: {} subjects are kept", played.most.0);
        assert!(played.most.1 < 600, "{vendor}: {} deliveries are kept", played.most.1);
    }
}

#[test]
fn whoever_forgets_goes_on_with_the_same_bytes() {
    for vendor in VENDORS {
        let all = Played::new(vendor, None).until(40_000);
        let few = Played::new(vendor, Some(100)).until(40_000);
        assert_eq!(all.run.subjects_kept(0), all.run.sim().subjects(0).len(), "{vendor}");
        assert!(few.run.subjects_kept(0) * 2 < all.run.subjects_kept(0), "{vendor}");
        assert_eq!(all.run.sim().subjects(0).len(), few.run.sim().subjects(0).len(), "{vendor}");
        assert_eq!((all.told, all.webhooks), (few.told, few.webhooks), "{vendor}");
    }
}

#[test]
fn a_subject_that_was_forgotten_is_unknown_and_one_with_a_name_is_not() {
    let mut played = Played::new("ombori", Some(100));
    let catalogue = registry::shipped().find("ombori").expect("a vendor").catalogue();
    for text in [
        "Anna takes a walk-in ticket",
        "staff call Anna",
        "staff check in Anna",
        "staff check out Anna",
    ] {
        let spoken = standin::phrase::read(catalogue, text).expect("a phrase");
        played.run.act(0, &spoken, text).expect("it is legal");
    }
    let played = played.until(200);
    let ids: Vec<_> =
        played.known().into_iter().map(|one| (one, played.run.sim().subject(0, one))).collect();
    let mut run = played.until(3_000).run;
    let anna = run.sim().named(0, "position", "Anna").expect("Anna has a name");
    let (mut forgotten, mut kept) = (0, 0);
    for (index, subject) in ids {
        let found = run.find(0, subject.kind, &subject.id);
        let asked = run.ask(0, subject.kind, &subject.id);
        assert_eq!(
            (found.is_some(), asked.is_some()),
            (found == Some(index), found == Some(index))
        );
        assert!(run.sim().legal(0, index).is_empty() || found.is_some());
        if found.is_some() {
            kept += 1
        } else {
            forgotten += 1
        }
        assert!(index != anna || found == Some(anna), "Anna is remembered");
    }
    assert!(forgotten > 20 && kept > 0, "{forgotten} are forgotten, {kept} are kept");
}

#[test]
fn a_replay_forgets_the_same_subjects_even_if_it_keeps_more_deliveries() {
    for vendor in VENDORS {
        let played = Played::new(vendor, Some(200)).until(5_000);
        assert!(played.lines.iter().any(|line| line.contains(r#""entry":"forgot""#)), "{vendor}");
        for keep in [Some(200), Some(1_000), None] {
            let mut fresh = Run::new(&Chance::from_seed(3), default_start());
            if let Some(keep) = keep {
                fresh.limit(keep);
            }
            let to = route(vendor, "http://127.0.0.1:9");
            let setup = ReplaySetup {
                vendor: &|name| registry::shipped().find(name),
                route: &|_, _| {
                    let mut route = to.clone();
                    route.policy.ordering = Ordering::PerSubject;
                    Some(route)
                },
            };
            let again = fresh.replay(played.lines.iter().map(String::as_str), &setup);
            let run = again.unwrap_or_else(|error| panic!("{vendor}, {keep:?}: {error}"));
            let again = Played { run, lines: Vec::new(), told: 0, webhooks: 0, most: (0, 0) };
            assert_eq!(again.known(), played.known(), "{vendor}, {keep:?}");
        }
    }
}
