//! The journal is what the run was told: read back, it gives the same run. Cut at any entry, as a
//! crash would cut it, it gives a run that goes on and owes nobody anything.
//!
//! Random walks over all vendors with many tickets out at once, and every shipped scenario.

#[path = "journal/digest.rs"]
mod digest;
#[path = "journal/features.rs"]
mod features;
#[path = "common/replaced.rs"]
mod replaced;
#[path = "journal/walk.rs"]
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use digest::digest;
use serde_json::Value as Json;
use standin::journal::JournalError;
use standin::run::Run;
use walk::Walk;

const VENDORS: [&str; 3] = ["ombori", "waitwhile", "doo"];

/// Walks of each vendor; more with `FULL=1`.
fn walks() -> u64 {
    if std::env::var_os("FULL").is_some_and(|value| value == "1") { 10 } else { 3 }
}

/// Cuts of each walk's journal.
const CUTS: usize = 24;

fn json(line: &str) -> Json {
    serde_json::from_str(line).expect("a line is JSON")
}

fn is(line: &Json, entry: &str) -> bool {
    line["entry"] == entry
}

/// The run that lines make.
fn replayed<'a>(
    walk: &Walk,
    lines: impl IntoIterator<Item = &'a String>,
) -> Result<Run, JournalError> {
    walk.fresh().replay(lines.into_iter().map(String::as_str), &walk.reopen())
}

#[test]
fn a_run_is_made_again_from_its_journal_and_goes_on_as_the_first_did() {
    let mut entries = 0;
    for vendor in VENDORS {
        for seed in 0..walks() {
            let mut walk = Walk::new(vendor, seed);
            walk.walk(400);
            let again = replayed(&walk, &walk.lines).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(digest(&again), digest(&walk.run), "{vendor}, seed {seed}");
            entries += walk.lines.len();
            let mut other = walk.with(again);
            let before = walk.lines.len();
            walk.walk(60);
            other.walk(60);
            assert_eq!(other.lines[..], walk.lines[before..], "{vendor}, seed {seed}");
        }
    }
    assert!(entries > 3_000, "{entries} entries");
}

#[test]
fn a_journal_that_was_cut_anywhere_owes_nobody_anything() {
    let (mut cuts, mut outstanding) = (0, 0);
    for vendor in VENDORS {
        for seed in 100..100 + walks() {
            let mut walk = Walk::new(vendor, seed);
            walk.walk(120);
            let step = (walk.lines.len() / CUTS).max(1);
            for cut in (1..walk.lines.len()).step_by(step) {
                cuts += 1;
                outstanding += crash(&walk, cut, &format!("{vendor}, seed {seed}, cut at {cut}"));
            }
        }
    }
    assert!(cuts > 200 && outstanding > 200, "{cuts} cuts, {outstanding} outstanding");
}

/// Cuts the journal of a walk, goes on until everything is over, and checks that nothing is missing.
/// Gives back how many tickets were out.
fn crash(walk: &Walk, cut: usize, name: &str) -> usize {
    let prefix: Vec<String> = walk.lines[..cut].to_vec();
    let mut run = replayed(walk, &prefix).unwrap_or_else(|error| panic!("{name}: {error}"));
    run.go_on_after_crash();
    let mut after = walk.with(run);
    let due = after.run.outstanding().cloned().collect::<Vec<_>>();
    // What was announced and did not come back is sent again, with the same bytes.
    let known: Vec<Json> = prefix.iter().map(|line| json(line)).collect();
    after.resume();
    let again = due.len();
    after.finish();
    let mut lines = prefix;
    lines.extend(after.lines.iter().cloned());
    let all: Vec<Json> = lines.iter().map(|line| json(line)).collect();
    let place = |one: &Json| (one["of"]["delivery"].as_u64(), one["of"]["attempt"].as_u64());
    let intended = known.iter().filter(|one| is(one, "intended"));
    let back: BTreeMap<u64, u64> = known
        .iter()
        .filter(|one| is(one, "attempted"))
        .filter_map(|one| one["ticket"].as_u64())
        .fold(BTreeMap::new(), |mut counts, ticket| {
            *counts.entry(ticket).or_default() += 1;
            counts
        });
    let tried: BTreeSet<_> =
        all[cut..].iter().filter(|one| is(one, "attempted")).map(place).collect();
    for one in intended {
        let ticket = one["ticket"].as_u64().expect("a ticket");
        if back.get(&ticket).copied().unwrap_or(0) < one["copies"].as_u64().expect("copies") {
            assert!(tried.contains(&place(one)), "{name}: {one} was never sent again");
        }
    }
    owes_nothing(&all, &known, name);
    // The journal of both lives is one journal.
    let third = replayed(walk, &lines).unwrap_or_else(|error| panic!("{name}, again: {error}"));
    assert_eq!(digest(&third), digest(&after.run), "{name}, again");
    again
}

/// Every webhook that has a URL was delivered as often as the policy promises, and what was
/// acknowledged before the crash is there after it.
fn owes_nothing(all: &[Json], before: &[Json], name: &str) {
    let mut ends: BTreeMap<u64, &Json> = BTreeMap::new();
    let mut attempts: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for one in all {
        let Some(delivery) = one["of"]["delivery"].as_u64() else { continue };
        if is(one, "attempted") {
            let number = one["of"]["attempt"].as_u64().expect("a number");
            attempts.entry(delivery).or_default().insert(number);
        }
        if is(one, "ended") {
            let before = ends.insert(delivery, one);
            assert!(before.is_none(), "{name}: delivery {delivery} ended twice");
        }
    }
    for (delivery, numbers) in &attempts {
        let end = ends.get(delivery).unwrap_or_else(|| panic!("{name}: {delivery} is not over"));
        let count = end["attempts"].as_u64().expect("a count");
        let every: BTreeSet<u64> = (1..=count).collect();
        // Who waited for a token that another asked for in vain has made no request of its own.
        let waited = name.starts_with("doo") && numbers.is_subset(&every);
        assert!(waited || *numbers == every, "{name}: delivery {delivery}: {numbers:?} of {count}");
    }
    for one in before.iter().filter(|one| is(one, "ended")) {
        let delivery = one["of"]["delivery"].as_u64().expect("a delivery");
        assert_eq!(ends[&delivery], one, "{name}: what had ended is as it was");
    }
}

#[test]
fn a_journal_of_another_run_is_refused_with_the_entry_that_differs() {
    let mut walk = Walk::new("ombori", 1);
    walk.walk(60);
    let mut lines = walk.lines.clone();
    let place = lines.iter().position(|line| line.contains("\"caused\"")).expect("a webhook");
    lines[place] = lines[place].replace("\"seq\":", "\"seq\":1");
    match replayed(&walk, &lines) {
        Err(JournalError::Differs { id, .. }) => assert_eq!(id as usize, place),
        other => panic!("{:?}", other.map(|_| ())),
    }
    lines[place] = "{\"entry\":\"caused\"".to_owned();
    assert!(matches!(replayed(&walk, &lines), Err(JournalError::Unreadable { .. })));
}
