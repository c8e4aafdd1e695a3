//! Every shipped scenario, played without a Gherkin runner: its journal gives the same run again,
//! whole and cut.

use standin::journal::Memory;

use super::crash::crash;
use super::digest::digest;
use super::played::{Contract, Played};

#[tokio::test]
async fn the_journal_of_every_scenario_gives_its_run_again() {
    let contract = Contract::start().await;
    let played = contract.play(|_| Memory::default()).await;
    let mut entries = 0;
    let mut failures = Vec::new();
    for played in &played {
        entries += read_back(&contract, played);
        failures.extend(played.failure.as_deref());
    }
    let scenarios = played.len();
    assert!(scenarios > 600 && entries > 15_000, "{scenarios} scenarios, {entries} entries");
    // A busy machine may be late once in a while.
    assert!(failures.len() < 10, "{}", failures.join("\n"));
}

/// Reads the journal back, whole and cut: in three places, and with `FULL=1` before every entry.
/// Returns the number of entries.
fn read_back(contract: &Contract, played: &Played) -> usize {
    let lines: Vec<String> = played.journal.lines().map(|line| format!("{line}\n")).collect();
    let replay = |lines: &[String]| contract.again(played.scenario, lines);
    let name = played.name();
    let again = replay(&lines).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(digest(&again), played.state, "{name}");
    let step = if super::full() { 1 } else { (lines.len() / 4).max(1) };
    for cut in (1..lines.len()).step_by(step) {
        crash(&lines, cut, replay, &format!("{name}, cut at {cut}"));
    }
    lines.len()
}
