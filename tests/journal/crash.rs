//! A crash: the journal is cut, and the run continues from it until everything is over. Then
//! nothing may be missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value as Json;
use standin::journal::{JournalError, line};
use standin::model::{Answer, Outcome, Release, RequestKind, Secret};
use standin::policy::token::Token;
use standin::policy::wire::SendResult;
use standin::run::{Run, Ticket};

use super::digest::digest;

/// Cuts a journal before this entry, continues until everything is over, and checks that nothing is
/// missing. Returns how many requests were under way.
pub fn crash(
    lines: &[String],
    cut: usize,
    replay: impl Fn(&[String]) -> Result<Run, JournalError>,
    name: &str,
) -> usize {
    let replay = |lines| replay(lines).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut run = replay(&lines[..cut]);
    run.resume_after_crash();
    let outstanding: Vec<Ticket> = run.outstanding().cloned().collect();
    let mut both = lines[..cut].to_vec();
    both.extend(finish(&mut run, outstanding.clone()));
    let all: Vec<Json> =
        both.iter().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    sends_again(&all[..cut], &all[cut..], name);
    owes_nothing(&all, cut, name);
    // The entries before and after the crash are one journal.
    assert_eq!(digest(&replay(&both)), digest(&run), "{name}, of both lives");
    outstanding.len()
}

/// Ends all deliveries with a receiver that accepts everything. Returns the entries.
fn finish(run: &mut Run, mut out: Vec<Ticket>) -> Vec<String> {
    run.disarm();
    run.release(Release::InOrder);
    run.nothing_overtakes();
    loop {
        out.extend(std::iter::from_fn(|| run.poll(Timestamp::MAX)));
        let Some(ticket) = out.pop() else { break };
        let results = (0..ticket.copies).map(|_| accepted(&ticket)).collect();
        run.returned(ticket.id, results);
    }
    run.take_entries().iter().map(line).collect()
}

fn accepted(ticket: &Ticket) -> SendResult {
    let asks = ticket.kind == RequestKind::Token;
    let token = asks.then(|| Token { secret: Secret::new("a new one"), lives: None });
    let answer = Answer { status: 200, retry_after: None, body: "ok".into(), granted: None };
    SendResult { answer: Some(answer), token, ..SendResult::unsent(Outcome::Accepted) }
}

fn is(line: &Json, entry: &str) -> bool {
    line["entry"] == entry
}

/// Every request with an intent and no result before the crash was sent again after it.
fn sends_again(before: &[Json], after: &[Json], name: &str) {
    let mut back: BTreeMap<u64, u64> = BTreeMap::new();
    for ticket in before.iter().filter(|one| is(one, "attempted")) {
        if let Some(ticket) = ticket["ticket"].as_u64() {
            *back.entry(ticket).or_default() += 1;
        }
    }
    let place = |one: &Json| (one["of"]["delivery"].as_u64(), one["of"]["attempt"].as_u64());
    let tried: BTreeSet<_> = after.iter().filter(|one| is(one, "attempted")).map(place).collect();
    for one in before.iter().filter(|one| is(one, "intended")) {
        let ticket = one["ticket"].as_u64().expect("a ticket");
        if back.get(&ticket).copied().unwrap_or(0) < one["copies"].as_u64().expect("copies") {
            assert!(tried.contains(&place(one)), "{name}: {one} was never sent again");
        }
    }
}

/// Every delivery has ended once, after the recorded number of attempts, and no webhook is missing.
/// Deliveries that ended before the crash have not changed.
fn owes_nothing(all: &[Json], cut: usize, name: &str) {
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
        // A delivery that waited for another's failed token request has made no request of its own.
        let waited = name.contains("doo") && numbers.is_subset(&every);
        assert!(waited || *numbers == every, "{name}: delivery {delivery}: {numbers:?} of {count}");
    }
    let ended: BTreeSet<_> = ends.values().map(|end| end["delivery"].as_u64()).collect();
    for webhook in all.iter().filter(|one| is(one, "caused")) {
        // doo sends nothing for these unless a setting names them.
        let is_sent = !webhook["trigger"].as_str().expect("a trigger").starts_with("attendee_");
        let over = ended.contains(&webhook["seq"].as_u64());
        assert_eq!(over, is_sent, "{name}: webhook {} of {}", webhook["seq"], webhook["trigger"]);
    }
    for one in all[..cut].iter().filter(|one| is(one, "ended")) {
        let delivery = one["of"]["delivery"].as_u64().expect("a delivery");
        assert_eq!(ends[&delivery], one, "{name}: what had ended is as it was");
    }
}
