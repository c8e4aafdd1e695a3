//! Every defect of the reference receiver is caught by an assertion about it.
//!
//! A table lists the scenarios that catch it. By default the first of them run, each from another
//! feature. With `FULL=1` all scenarios of the vendor run, and exactly those in the table must catch
//! it. The same scenarios run against a receiver without the defect, at the same time and with the
//! same limits: a scenario that fails there too says nothing about the defect.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use standin::contract::Source;
use standin::model::result::{Run, ScenarioResult, Verdict};
use standin::receiver::{Defect, defects};
use standin::vendors::registry;

use crate::assertions;
use crate::built_in::built_in;
use crate::play::{self, features_of, keeps, receiver_with};
use crate::table::{Catchers, Table};
use crate::{full, update};

/// Long enough for a receiver without a defect on a busy machine, and short enough for waits that
/// must time out.
const LIMITS: &[(&str, &str)] =
    &[("ack_within: 5s", "ack_within: 2s"), ("believes_within: 5s", "believes_within: 1s")];
/// The same with `FULL=1`, which makes the machine busy.
const LONGER_LIMITS: &[(&str, &str)] =
    &[("ack_within: 5s", "ack_within: 3s"), ("believes_within: 5s", "believes_within: 2s")];
const SEED: u64 = 7;
/// How many defects are tested at the same time. Most of the time is spent on waits that time out.
const AT_ONCE: usize = 6;
/// The same with `FULL=1`.
const AT_ONCE_OF_ALL: usize = 2;
/// How many of the scenarios that catch a defect run by default, each from another feature.
const SCENARIOS: usize = 1;
/// A vendor with fewer has lost some.
const DEFECTS_AT_LEAST: usize = 30;

/// The defects that are about time. Only these may be caught by an answer that comes too late.
const OF_TIME: &[Defect] = &[Defect::SlowAcknowledgement];
/// The message of the assertion about time.
const TOO_LATE: &str = "an answer came too late";

/// What no receiver may do.
fn wrong() -> impl Iterator<Item = Defect> {
    defects().iter().copied().filter(|defect| !defect.is_allowed())
}

#[test]
fn the_table_has_every_defect_and_each_is_caught() {
    let table = Table::checked_in();
    let known: BTreeSet<String> = wrong().map(|one| one.name().to_owned()).collect();
    let listed: BTreeSet<String> = table.0.keys().cloned().collect();
    assert_eq!(listed, known, "UPDATE=1 cargo test --test contract defects:: finds it anew");
    for (defect, catchers) in &table.0 {
        assert!(!catchers.is_empty(), "no scenario catches {defect}");
    }
    for vendor in registry::shipped().names() {
        let known = wrong().filter(|defect| defect.vendor() == vendor).count();
        assert!(known >= DEFECTS_AT_LEAST, "only {known} defects for {vendor}");
    }
}

#[test]
fn the_scenarios_of_the_table_catch_every_defect_and_pass_without_it() {
    let table = Table::checked_in();
    let everything = full() || update();
    let (limits, at_once) =
        if everything { (LONGER_LIMITS, AT_ONCE_OF_ALL) } else { (LIMITS, AT_ONCE) };
    let limits = built_in(limits);
    let play_against = |defect: Defect| {
        let sources = match table.0.get(defect.name()) {
            Some(catchers) if !everything => first_of(catchers, defect),
            _ => features_of(defect.vendor()),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(caught_by(defect, &sources, &limits))
    };
    let found = for_each_defect(at_once, play_against);
    assert_eq!(found.len(), wrong().count());
    if update() {
        let all = found.into_iter().map(|(defect, found)| (defect.name().to_owned(), found));
        Table(all.collect()).check_in();
        return;
    }
    let mut wrong = Vec::new();
    for (defect, found) in found {
        let listed = table.0.get(defect.name()).cloned().unwrap_or_default();
        let wanted = if everything { listed } else { first(&listed) };
        // A busy machine may be late, so a failed case is repeated alone.
        let found = if found == wanted { found } else { play_against(defect) };
        if found != wanted || found.is_empty() {
            wrong.push(format!("{}: caught by {found:?}, not by {wanted:?}", defect.name()));
        }
    }
    play::speak_up();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Tests each defect, this many at the same time.
fn for_each_defect(
    at_once: usize,
    work: impl Fn(Defect) -> Catchers + Sync,
) -> BTreeMap<Defect, Catchers> {
    let queue = Mutex::new(wrong());
    let found = Mutex::new(BTreeMap::new());
    let next = || queue.lock().expect("nobody panics with it").next();
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(defect) = next() {
                    let catchers = work(defect);
                    found.lock().expect("nobody panics with it").insert(defect, catchers);
                }
            });
        }
    });
    found.into_inner().expect("nobody panics with it")
}

/// One scenario from each of the first features.
fn first(catchers: &Catchers) -> Catchers {
    let firsts = catchers.iter().take(SCENARIOS);
    firsts.map(|(file, lines)| (file.clone(), lines.iter().copied().take(1).collect())).collect()
}

fn first_of(catchers: &Catchers, defect: Defect) -> Vec<Source> {
    let shipped = features_of(defect.vendor());
    let source = |(file, lines): (String, BTreeSet<usize>)| {
        let source = shipped.iter().find(|source| source.file == file);
        let source = source.unwrap_or_else(|| panic!("{}: there is no {file}", defect.name()));
        Source { lines, ..source.clone() }
    };
    first(catchers).into_iter().map(source).collect()
}

/// The scenarios of these that catch the defect. All of them pass on a receiver without it, which is
/// played at the same time.
async fn caught_by(defect: Defect, sources: &[Source], limits: &str) -> Catchers {
    let text = assertions::fit(defect, limits);
    let (with, without) = futures::join!(
        play::some(sources, receiver_with(BTreeSet::from([defect])), &text, SEED),
        play::some(sources, receiver_with(BTreeSet::new()), &text, SEED),
    );
    keeps(&without, &format!("without {}", defect.name()));
    play::speak_up();
    assert_eq!(without.totals().passed, with.scenarios().count(), "{}", defect.name());
    catchers(defect, &with)
}

pub fn catchers(defect: Defect, run: &Run) -> Catchers {
    let mut catchers: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for feature in &run.features {
        let caught = feature.scenarios.iter().filter(|scenario| is_caught(defect, scenario));
        let lines: BTreeSet<usize> = caught.map(|scenario| scenario.line).collect();
        if !lines.is_empty() {
            catchers.insert(feature.file.clone(), lines);
        }
    }
    catchers
}

/// Whether a scenario failed by an assertion about the defect. A wait for an answer that timed out
/// says nothing, unless the defect and the assertion are about time.
fn is_caught(defect: Defect, scenario: &ScenarioResult) -> bool {
    let Some(failure) = scenario.failure.as_ref().filter(|_| scenario.verdict == Verdict::Failed)
    else {
        return false;
    };
    if failure.internal || failure.unreachable {
        return false;
    }
    if OF_TIME.contains(&defect) {
        return failure.message == TOO_LATE;
    }
    let unanswered = scenario.exchanges.iter().any(|exchange| exchange.outcome == "timed-out");
    let unseen = failure.polls.last().is_some_and(|poll| poll.saw.starts_with("no answer within"));
    failure.message != TOO_LATE && !unanswered && !unseen
}
