//! What was counted of generated webhooks, in each format.

mod drawings;
pub mod html;
mod numbers;
#[cfg(test)]
mod sample;
pub mod svg;
pub mod terminal;

use numbers::grouped;

use crate::model::summary::Summary;
use crate::report::text::one_line;

/// What the summary is of, in one line.
fn heading(summary: &Summary) -> String {
    let one = if summary.webhooks == 1 { "" } else { "s" };
    one_line(&format!("{}: {} webhook{one}", summary.vendor, grouped(summary.webhooks)))
}

/// What was generated.
fn facts(summary: &Summary) -> Vec<(&'static str, String)> {
    let Summary { account, profile, period, zone, seed, .. } = summary;
    let mut facts = vec![
        ("Account", one_line(account)),
        ("Profile", one_line(profile)),
        ("Virtual time", one_line(period)),
        ("Hours are", one_line(&format!("local ({zone})"))),
        ("Seed", seed.to_string()),
    ];
    facts.extend(summary.scenario.as_ref().map(|file| ("Scenario", one_line(file))));
    facts
}
