//! A defect that is there only sometimes is found too: in one handler, in one field, at one request in ten.
//!
//! A table lists what catches each variation that depends only on the request. It is looked for among
//! the scenarios that catch the defect itself, since no others can. Where nothing is found, the table has
//! no scenario, and `NOWHERE` says why none can be. By default a sample is played; with `FULL=1` all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use standin::contract::Source;
use standin::receiver::{self, BUSY, Defect, Variation, variations};

use crate::assertions;
use crate::built_in::built_in;
use crate::defects::catchers;
use crate::play::{self, features_of, receiver_with};
use crate::table::{Catchers, Table};
use crate::{full, played, update};

const FILE: &str = "tests/contract/variations.txt";
const LIMITS: &[(&str, &str)] =
    &[("ack_within: 5s", "ack_within: 3s"), ("believes_within: 5s", "believes_within: 1s")];
const SEED: u64 = 7;
/// How many variations are tested at the same time.
const AT_ONCE: usize = 4;
/// How many scenarios of a feature are tried. More would say the same again.
const OF_A_FEATURE: usize = 100;
/// How many are listed in the table.
const LISTED: usize = 3;
/// By default one variation of so many is played.
const SAMPLE: usize = 23;
/// In so many rounds, something that is there once in ten times and that one request can show is missed
/// once in eight hundred times.
const ROUNDS: u64 = 64;
/// The rounds stop early, so most variations need few of them.
const SAMPLE_OF_RARE: usize = 20;

fn is_certain(when: Variation) -> bool {
    !matches!(when, Variation::OnceInTen | Variation::UnderLoad)
}

fn wrong() -> impl Iterator<Item = (Defect, Variation)> {
    variations().filter(|(defect, _)| !defect.is_allowed())
}

fn name((defect, when): (Defect, Variation)) -> String {
    format!("{}@{}", defect.name(), when.name())
}

fn receiver_that(defect: Defect, when: Variation) -> receiver::Options {
    let varied = BTreeMap::from([(defect, when)]);
    receiver::Options { varied, ..receiver_with(BTreeSet::from([defect])) }
}

/// Scenarios of the table as they are played.
fn sources(defect: Defect, catchers: &Catchers, of_a_feature: usize) -> Vec<Source> {
    let shipped = features_of(defect.vendor());
    let chosen = |(file, lines): (&String, &BTreeSet<usize>)| {
        let source = shipped.iter().find(|source| source.file == *file).expect("it is shipped");
        // From the whole file, since neighbours often test the same.
        let step = lines.len().div_ceil(of_a_feature).max(1);
        Source { lines: lines.iter().copied().step_by(step).collect(), ..source.clone() }
    };
    catchers.iter().map(chosen).collect()
}

/// The first scenarios of a list.
fn first(catchers: Catchers) -> Catchers {
    let lines = catchers.into_iter().flat_map(|(file, lines)| {
        lines.into_iter().map(move |line| (file.clone(), line)).collect::<Vec<_>>()
    });
    let mut listed = Catchers::new();
    for (file, line) in lines.take(LISTED) {
        listed.entry(file).or_default().insert(line);
    }
    listed
}

fn in_turn<T: Send>(
    of: Vec<(Defect, Variation)>,
    work: impl AsyncFn(Defect, Variation) -> T + Sync,
) -> BTreeMap<(Defect, Variation), T> {
    let (queue, done) = (Mutex::new(of), Mutex::new(BTreeMap::new()));
    let next = || queue.lock().expect("nobody panics with it").pop();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                let runtime = runtime.expect("a runtime");
                while let Some((defect, when)) = next() {
                    let result = runtime.block_on(work(defect, when));
                    done.lock().expect("nobody panics with it").insert((defect, when), result);
                }
            });
        }
    });
    play::speak_up();
    done.into_inner().expect("nobody panics with it")
}

#[test]
fn the_table_has_every_variation_that_depends_only_on_the_request() {
    let table = Table::in_file(FILE);
    let known: BTreeSet<String> = wrong().filter(|one| is_certain(one.1)).map(name).collect();
    let listed: BTreeSet<String> = table.0.keys().cloned().collect();
    assert_eq!(listed, known, "UPDATE=1 cargo test --test contract variations:: finds it anew");
    let missed = table.0.iter().filter(|(_, catchers)| catchers.is_empty());
    let missed: BTreeSet<&str> = missed.map(|(name, _)| name.as_str()).collect();
    let explained: BTreeSet<&str> = NOWHERE.iter().flat_map(|(_, names)| *names).copied().collect();
    assert_eq!(missed, explained, "what nothing catches needs a reason");
}

#[test]
fn a_defect_in_one_handler_or_field_is_caught_where_the_table_says() {
    let limits = built_in(LIMITS);
    let (bases, table) =
        (Table::checked_in(), if update() { Table::default() } else { Table::in_file(FILE) });
    let step = if full() || update() { 1 } else { SAMPLE };
    let chosen = wrong().filter(|one| is_certain(one.1)).step_by(step).collect();
    let found = in_turn(chosen, async |defect, when| {
        let (base, listed) = (&bases.0[defect.name()], table.0.get(&name((defect, when))));
        let sources = match listed {
            Some(listed) if !listed.is_empty() => sources(defect, listed, LISTED),
            _ => sources(defect, base, OF_A_FEATURE),
        };
        let text = assertions::fit(defect, &limits);
        let run = play::some(&sources, receiver_that(defect, when), &text, SEED).await;
        first(catchers(defect, &run))
    });
    if update() {
        let all = found.into_iter().map(|(one, found)| (name(one), found));
        Table(all.collect()).write_to(FILE);
        return;
    }
    let wrong = found.into_iter().filter(|(one, found)| table.0[&name(*one)] != *found);
    let wrong: Vec<String> =
        wrong.map(|(one, found)| format!("{}: {found:?}", name(one))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_defect_that_strikes_once_in_ten_times_is_caught_by_checks_with_other_seeds() {
    let limits = built_in(LIMITS);
    let bases = Table::checked_in();
    let step = if full() { 1 } else { SAMPLE_OF_RARE };
    let rare = wrong().filter(|one| one.1 == Variation::OnceInTen);
    let chosen = rare.filter(|one| !HEALED.contains(&one.0)).step_by(step).collect();
    let found = in_turn(chosen, async |defect, when| {
        let sources = sources(defect, &bases.0[defect.name()], OF_A_FEATURE);
        let mut options = receiver_that(defect, when);
        (options.headers, options.waitwhile, options.doo) = play::logins();
        options.waitwhile_assertions = Some(assertions::wanted());
        let text = assertions::fit(defect, &limits);
        let running = receiver::start(options).await.expect("a free port");
        let mut round = 0;
        let found = loop {
            round += 1;
            let run = play::against(&running.url, &text, &sources, SEED + round).await;
            let found = catchers(defect, &run);
            if !found.is_empty() || round == ROUNDS {
                break !found.is_empty();
            }
        };
        running.stop().await;
        (found, round)
    });
    let missed = found.iter().filter(|(_, (found, _))| !found).map(|(one, _)| name(*one));
    let missed: Vec<String> = missed.collect();
    assert!(missed.is_empty(), "not in {ROUNDS} rounds: {missed:?}");
    let rounds: Vec<u64> = found.values().map(|(_, round)| *round).collect();
    assert!(rounds.iter().any(|round| *round <= 3), "{rounds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_sends_too_little_to_find_what_strikes_under_load() {
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    let exchanges = played(1).await.scenarios().flat_map(|scenario| &scenario.exchanges);
    for exchange in exchanges.filter(|exchange| exchange.request == "webhook") {
        *sent.entry(exchange.vendor.clone()).or_default() += 1;
    }
    assert!(sent.len() == 3 && sent.values().all(|sent| *sent < BUSY), "{sent:?}");
}

/// What answers with a refusal or an error to an honest webhook, whose next attempt is then accepted. Only a
/// load without retries shows it.
const HEALED: [Defect; 9] = [
    Defect::TrimmedFieldsRequired,
    Defect::EmptyNameRefused,
    Defect::VisitCreationRequired,
    Defect::OrderCreationRequired,
    Defect::AttendeeCancellationUnknown,
    Defect::FlaggedOrderUnknown,
    Defect::BookerOnlyAttendeesCrash,
    Defect::EventCreationRequired,
    Defect::UnknownFieldFails,
];

/// Where no scenario can catch a variation, since what it is about never happens there.
const NOWHERE: &[(&str, &[&str])] = &[
    (
        "Token requests create no subject.",
        &[
            "any-client-accepted@one-path",
            "any-grant-accepted@one-path",
            "assertion-audience-ignored@one-path",
            "assertion-expiry-ignored@one-path",
            "assertion-issuer-ignored@one-path",
            "assertion-subject-ignored@one-path",
            "assertion-unverified@one-path",
            "endless-assertion-accepted@one-path",
            "form-refused@one-path",
            "missing-secret-accepted@one-path",
            "secret-ignored@one-path",
            "secret-searched@one-path",
            "token-as-text@one-path",
            "token-created-201@one-path",
            "token-unnamed@one-path",
            "unsigned-assertion-accepted@one-path",
            "used-assertion-accepted@one-path",
            "wrong-secret-answered-200@one-path",
            "wrong-secret-crashes@one-path",
        ],
    ),
    (
        "Only a later change of the subject shows it.",
        &[
            "absent-keeps-old@one-path",
            "acknowledged-and-forgotten@one-path",
            "attendee-cancellation-unknown@one-path",
            "before-applied@one-path",
            "booking-removed-unknown@one-path",
            "called-off-event-ignored@one-path",
            "cancellation-forgotten@one-path",
            "cancellation-leaves-tickets@one-path",
            "cancelled-order-reopens@one-path",
            "checkin-ignored@one-path",
            "complete-is-final@one-path",
            "complete-is-removal@one-path",
            "creation-required@one-path",
            "deleted-event-revived@one-path",
            "delivery-failure-ignored@one-path",
            "denial-ignored@one-path",
            "early-feedback-refused@one-path",
            "event-creation-required@one-path",
            "event-deletion-forgotten@one-path",
            "feedback-lost-late@one-path",
            "flagged-order-unknown@one-path",
            "location-status-ignored@one-path",
            "long-text-fails@one-path",
            "missing-status-defaulted@one-path",
            "no-content-204@one-path",
            "null-station-crashes@one-path",
            "order-creation-required@one-path",
            "position-change-ignored@one-path",
            "removal-forgotten@one-path",
            "removal-ignored@one-path",
            "removed-order-revived@one-path",
            "retry-count-ignored@one-path",
            "retry-ignored@one-path",
            "same-moment-is-duplicate@one-path",
            "same-order-status-is-duplicate@one-path",
            "same-second-is-duplicate@one-path",
            "same-status-is-duplicate@one-path",
            "staff-cancellation-ignored@one-path",
            "synced-booking-fails@one-path",
            "undone-checkin-ignored@one-path",
            "visit-creation-required@one-path",
        ],
    ),
    (
        "Only a creation shows it.",
        &[
            "created-201@other-paths",
            "late-message-creation-wins@other-paths",
            "late-order-creation-wins@other-paths",
        ],
    ),
    (
        "A body with another trigger names no creation, and the defect is about nothing else.",
        &["unknown-trigger-fails@one-path", "unknown-type-fails@one-path"],
    ),
    (
        "The answer ends as timed out, so `every webhook is accepted` fails before the assertion about time.",
        &["slow-acknowledgement@other-paths"],
    ),
    (
        "A cached token that is refused is replaced, so the change arrives all the same.",
        &["token-used-once@other-paths"],
    ),
];
