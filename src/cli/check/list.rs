//! `standin check --list`: what would be run, by feature and rule, without sending anything.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::contract::{Plan, ScenarioPlan};
use crate::model::rule::{Level, RULE_TAG, rule_id};
use crate::report::printable;

/// The features with their rules, scenarios and tags, and how many of each there are.
pub fn list(plans: &[Plan]) -> String {
    let mut out = String::new();
    for plan in plans {
        let _ = writeln!(out, "{}  {}", plan.name, plan.file);
        let mut last = None;
        for scenario in &plan.scenarios {
            let id = rule_id(&scenario.tags);
            if id != last {
                let rule = plan.rules.iter().find(|rule| Some(rule.id.as_str()) == id);
                let _ = match rule {
                    Some(rule) => {
                        writeln!(out, "  {} ({}): {}", rule.id, rule.level.name(), rule.title)
                    }
                    None => writeln!(out, "  no rule"),
                };
                last = id;
            }
            let _ =
                writeln!(out, "  {:>5}  {}{}", scenario.line, scenario.name, own_tags(scenario));
        }
        out += "\n";
    }
    out += &summary(plans);
    printable(&out)
}

/// Whether a tag says which rule a scenario belongs to.
fn is_of_rule(tag: &str) -> bool {
    tag.starts_with(RULE_TAG) || Level::ALL.iter().any(|level| level.name() == tag)
}

fn own_tags(scenario: &ScenarioPlan) -> String {
    let tags = scenario.tags.iter().filter(|tag| !is_of_rule(tag));
    tags.map(|tag| format!("  @{tag}")).collect()
}

fn summary(plans: &[Plan]) -> String {
    let scenarios = || plans.iter().flat_map(|plan| &plan.scenarios);
    let mut tags = BTreeMap::<&str, usize>::new();
    for tag in scenarios().flat_map(|one| &one.tags).filter(|tag| !tag.starts_with(RULE_TAG)) {
        *tags.entry(tag).or_default() += 1;
    }
    let rules: BTreeSet<&str> = scenarios().filter_map(|one| rule_id(&one.tags)).collect();
    let counted = |count: usize, what: &str| match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    };
    let tags: Vec<String> = tags.iter().map(|(tag, times)| format!("@{tag} {times}")).collect();
    format!(
        "{}, {}, {}\ntags: {}\n",
        counted(scenarios().count(), "scenario"),
        counted(rules.len(), "rule"),
        counted(plans.len(), "feature"),
        tags.join(", ")
    )
}
