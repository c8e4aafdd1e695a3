//! The journal has all inputs of a run: read back, it gives the same run. Cut at any entry, as by a
//! crash, it gives a run that continues and loses no webhook.
//!
//! Random walks over all vendors with many requests under way at once, and every shipped scenario.

#[path = "common/built_in.rs"]
mod built_in;
#[path = "journal/crash.rs"]
mod crash;
#[path = "journal/digest.rs"]
mod digest;
#[path = "journal/features.rs"]
mod features;
#[path = "journal/played.rs"]
mod played;
#[path = "journal/walk.rs"]
mod walk;

use crash::crash;
use digest::digest;
use standin::journal::JournalError;
use standin::run::Run;
use walk::Walk;

const VENDORS: [&str; 3] = ["ombori", "waitwhile", "doo"];

/// Whether to test everything, as CI does.
fn full() -> bool {
    std::env::var_os("FULL").is_some_and(|value| value == "1")
}

/// Walks of each vendor.
fn walks() -> u64 {
    if full() { 10 } else { 3 }
}

/// Cuts of each walk's journal.
const CUTS: usize = 24;

/// The run that these lines give.
fn replayed<'a>(
    walk: &Walk,
    lines: impl IntoIterator<Item = &'a String>,
) -> Result<Run, JournalError> {
    walk.fresh().replay(lines.into_iter().map(String::as_str), &walk.reopen())
}

#[test]
fn a_run_read_back_from_its_journal_continues_like_the_first() {
    let mut entries = 0;
    for vendor in VENDORS {
        for seed in 0..walks() {
            let mut walk = Walk::new(vendor, seed);
            walk.walk(400);
            let again = replayed(&walk, &walk.lines()).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(digest(&again), digest(&walk.run), "{vendor}, seed {seed}");
            let before = walk.entries.len();
            entries += before;
            let mut other = walk.with(again);
            walk.walk(60);
            other.walk(60);
            assert_eq!(other.lines()[..], walk.lines()[before..], "{vendor}, seed {seed}");
        }
    }
    assert!(entries > 3_000, "{entries} entries");
}

#[test]
fn a_journal_cut_anywhere_gives_a_run_that_loses_no_webhook() {
    let (mut cuts, mut outstanding) = (0, 0);
    for vendor in VENDORS {
        for seed in 100..100 + walks() {
            let mut walk = Walk::new(vendor, seed);
            walk.walk(120);
            let lines = walk.lines();
            let step = (lines.len() / CUTS).max(1);
            for cut in (1..lines.len()).step_by(step) {
                cuts += 1;
                let name = format!("{vendor}, seed {seed}, cut at {cut}");
                outstanding += crash(&lines, cut, |lines| replayed(&walk, lines), &name);
            }
        }
    }
    assert!(cuts > 200 && outstanding > 200, "{cuts} cuts, {outstanding} outstanding");
}

#[test]
fn a_journal_of_another_run_is_refused_with_the_entry_that_differs() {
    let mut walk = Walk::new("ombori", 1);
    walk.walk(60);
    let mut lines = walk.lines();
    let place = lines.iter().position(|line| line.contains("\"caused\"")).expect("a webhook");
    lines[place] = lines[place].replace("\"seq\":", "\"seq\":1");
    match replayed(&walk, &lines) {
        Err(JournalError::Differs { id, .. }) => assert_eq!(id as usize, place),
        other => panic!("{:?}", other.map(|_| ())),
    }
    lines[place] = "{\"entry\":\"caused\"".to_owned();
    assert!(matches!(replayed(&walk, &lines), Err(JournalError::Unreadable { .. })));
}
