//! The contract holds whenever virtual time begins, and wherever the account is.

use standin::cli::features;
use standin::cli::settings::{self, BUILT_IN, Overrides};
use standin::contract::{Selection, Source, plan};
use standin::vendors::registry;

use crate::full;
use crate::play::{failures, some_from};

/// Leap days, changes of the clocks, ends of days, weeks and years, and of 32-bit seconds.
const STARTS: [&str; 12] = [
    "2024-02-29T12:00:00Z",
    "2025-03-30T00:59:30Z",
    "2026-10-25T00:30:00Z",
    "2026-11-01T05:45:00Z",
    "2030-12-31T22:59:00Z",
    "2031-01-01T00:00:00Z",
    "2031-03-08T03:07:11Z",
    "2031-03-09T21:45:00Z",
    "2031-07-06T16:59:59Z",
    "2038-01-19T03:13:00Z",
    "2031-05-01T13:37:42.123Z",
    "1999-12-31T23:30:00Z",
];
const ZONES: [&str; 4] = ["UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Kiritimati"];

/// Why a shipped scenario cannot be played or judged.
fn gaps(text: &str, start: &str, seed: u64) -> Vec<String> {
    gaps_of(&features::shipped(), text, start, seed)
}

/// Why a scenario of these features cannot be played or judged.
fn gaps_of(sources: &[Source], text: &str, start: &str, seed: u64) -> Vec<String> {
    let overrides =
        Overrides { start: Some(start.parse().expect("a time")), ..Overrides::default() };
    let subject = settings::read(registry::shipped(), "standin.yaml", text, &overrides)
        .expect("right settings");
    let selection = Selection { seed, ..Selection::default() };
    let plans = match plan::read(sources, &selection, &subject) {
        Ok(plans) => plans,
        Err(problems) => {
            return problems.iter().map(|one| format!("{start}, seed {seed}: {one}")).collect();
        }
    };
    let plans = plans.iter().flat_map(|plan| plan.scenarios.iter().map(|one| (&plan.file, one)));
    plans
        .flat_map(|(file, one)| {
            let gaps = one.skip.iter().chain(one.unjudged.values());
            gaps.map(move |why| format!("{start}, {file}:{}: {why}", one.line))
        })
        .collect()
}

#[test]
fn no_story_depends_on_when_it_begins() {
    for (place, start) in STARTS.iter().enumerate() {
        let gaps = gaps(BUILT_IN, start, place as u64);
        assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    }
}

/// A fault that sets a field to what it is anyway changes nothing, and that is a mistake.
#[test]
fn no_fault_sets_what_the_vendor_may_draw_itself() {
    let mut sources = features::shipped();
    sources.retain(|source| source.text.contains(" with field "));
    assert!(sources.len() > 5, "{}", sources.len());
    for seed in 0..if full() { 300 } else { 10 } {
        let gaps = gaps_of(&sources, BUILT_IN, STARTS[0], seed);
        assert!(gaps.is_empty(), "{}", gaps.join("\n"));
    }
}

#[test]
fn no_story_depends_on_where_the_account_is() {
    for (zone, start) in ZONES.iter().zip(STARTS.iter().cycle().skip(3)) {
        for vendor in ["waitwhile", "doo"] {
            let begin = format!("\n  {vendor}:\n");
            let text = BUILT_IN.replace(&begin, &format!("{begin}    time_zone: {zone}\n"));
            assert_ne!(text, BUILT_IN);
            let gaps = gaps(&text, start, 1);
            assert!(gaps.is_empty(), "{zone}:\n{}", gaps.join("\n"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_receiver_passes_whenever_time_begins() {
    let starts = if full() { &STARTS[..] } else { &STARTS[..1] };
    for (place, start) in starts.iter().enumerate() {
        let overrides =
            Overrides { start: Some(start.parse().expect("a time")), ..Overrides::default() };
        let run = some_from(
            &features::shipped(),
            Default::default(),
            BUILT_IN,
            (place as u64, overrides),
        )
        .await;
        let failures = failures(&run);
        assert!(failures.is_empty(), "{start}:\n{}", failures.join("\n"));
        let totals = run.totals();
        assert_eq!(totals.skipped + totals.passed_in_part, 0, "{start}: {totals:?}");
    }
}
