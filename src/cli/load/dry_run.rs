//! Makes the webhooks of a load, and sends nothing.

use std::collections::BTreeMap;

use crate::cli::common;
use crate::cli::errors::{CliError, PASSED};
use crate::clock::Stopwatch;
use crate::load::{Pace, Plan, Population};
use crate::model::TriggerId;

/// Makes the webhooks and counts them.
pub(super) fn count(plan: &Plan, population: &Population<'_>) -> Result<u8, CliError> {
    let mut feed = population.share(plan.part(), 0, 1).in_turns_of(plan.turn());
    let asked = match &plan.pace {
        Pace::Open(schedule) => Some(schedule.count()),
        Pace::Saturate(_) => None,
    };
    let count = match (asked, plan.count) {
        (Some(asked), Some(count)) => asked.min(count),
        (asked, count) => asked
            .or(count)
            .ok_or_else(|| CliError::Usage("--dry-run with --saturate needs --count".to_owned()))?,
    };
    let clock = Stopwatch::start();
    let mut triggers: BTreeMap<(usize, TriggerId), (u64, u64)> = BTreeMap::new();
    let mut own: u64 = 0;
    while feed.number() < count {
        own += 1;
        if let Some(crowded) = feed.crowded() {
            feed.forget_ended(crowded, std::iter::empty());
        }
        let Some(made) = feed.pull() else { continue };
        let (count, bytes) = triggers.entry((made.vendor, made.trigger)).or_default();
        *count += 1;
        *bytes += made.body.len() as u64;
    }
    let shard = plan.shard.map_or(String::new(), |shard| format!(" of shard {shard}"));
    let mut text = format!(
        "{own} webhooks{shard}, {plan}; made in {:.2} s, nothing was sent\n{} subjects are not over yet\n\n",
        clock.elapsed().as_secs_f64(),
        feed.living(),
    );
    let named = triggers.into_iter().map(|((vendor, trigger), counted)| {
        let catalogue = population.vendors[vendor].target.vendor.catalogue();
        ((catalogue.vendor, catalogue.triggers[trigger.place()].name), counted)
    });
    for ((vendor, trigger), (made, bytes)) in named.collect::<BTreeMap<_, _>>() {
        let mean = bytes / made.max(1);
        text += &format!("{vendor:<10} {trigger:<28} {made:>9}   {mean:>6} bytes each\n");
    }
    common::print(&text);
    Ok(PASSED)
}
