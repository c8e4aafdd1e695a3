//! Each shipped scenario belongs to a rule that says why and how it is known. A rule that is
//! malformed is a mistake with its place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use standin::cli::features;
use standin::cli::settings::{self, BUILT_IN, Overrides};
use standin::contract::{Origin, Plan, Selection, Source, plan};
use standin::model::Problem;
use standin::model::rule::{EvidenceKind, Level, Rule, rule_id};
use standin::vendors::registry;

fn read(sources: &[Source]) -> Result<Vec<Plan>, Vec<Problem>> {
    let subject =
        settings::read(registry::shipped(), "standin.yaml", BUILT_IN, &Overrides::default());
    let subject = subject.unwrap_or_else(|_| panic!("right settings"));
    plan::read(sources, &Selection::default(), &subject)
}

fn shipped() -> Vec<Plan> {
    read(&features::shipped()).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

/// The vendor that a shipped feature is about: its folder.
fn vendor_of(plan: &Plan) -> String {
    plan.file.split('/').nth(1).expect("a folder").to_owned()
}

#[test]
fn every_shipped_scenario_belongs_to_a_rule() {
    let mut scenarios = 0;
    for plan in shipped() {
        let ids: BTreeSet<&str> = plan.rules.iter().map(|rule| rule.id.as_str()).collect();
        for scenario in &plan.scenarios {
            let place = format!("{}:{}", plan.file, scenario.line);
            let id = rule_id(&scenario.tags).unwrap_or_else(|| panic!("{place} has no rule"));
            assert!(ids.contains(id), "{place}: {id}");
            scenarios += 1;
        }
    }
    assert!(scenarios >= crate::SCENARIOS_AT_LEAST, "only {scenarios} scenarios");
}

#[test]
fn every_shipped_rule_says_why_and_names_documents_that_the_vendors_page_lists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for plan in shipped() {
        let vendor = vendor_of(&plan);
        let page = root.join(format!("docs/vendors/{vendor}.md"));
        let page = std::fs::read_to_string(page).expect("the vendor's page");
        for rule in &plan.rules {
            assert!(rule.why.len() > 40, "{}: {}", plan.file, rule.id);
            assert!(!rule.evidence.is_empty(), "{}: {}", plan.file, rule.id);
            for source in rule.evidence.iter().filter_map(|one| one.source.as_deref()) {
                // A page of a wiki stands there without its host.
                let address = source.split_once("/wiki/").map_or(source, |(_, page)| page);
                let listed = page.contains(&format!("`{address}`"));
                assert!(listed, "{}: {} is from {source}", plan.file, rule.id);
            }
        }
    }
}

#[test]
fn a_rule_that_nothing_documents_or_implies_is_no_more_than_good_practice_or_prevents_harm() {
    let rules: Vec<Rule> = shipped().into_iter().flat_map(|plan| plan.rules).collect();
    let order = rules.iter().filter(|rule| rule.id == "order-without-time");
    assert!(order.clone().count() > 1 && order.clone().all(|rule| rule.level == Level::Should));
    for level in Level::ALL {
        assert!(rules.iter().any(|rule| rule.level == level), "{}", level.name());
    }
    for kind in EvidenceKind::ALL {
        let known = rules.iter().flat_map(|rule| &rule.evidence).any(|one| one.kind == kind);
        assert!(known, "{}", kind.label());
    }
}

/// What a rule says, without its place.
fn text(rule: &Rule) -> Rule {
    Rule { line: 0, explain: String::new(), ..rule.clone() }
}

#[test]
fn an_id_is_one_rule_of_one_level_and_of_one_text_for_each_vendor() {
    let mut by_id = BTreeMap::<String, (Level, String)>::new();
    let mut by_vendor = BTreeMap::<(String, String), Rule>::new();
    for plan in shipped() {
        for rule in &plan.rules {
            let own = (rule.level, rule.title.clone());
            let first = by_id.entry(rule.id.clone()).or_insert_with(|| own.clone());
            assert_eq!(*first, own, "{} in {}", rule.id, plan.file);
            let place = (vendor_of(&plan), rule.id.clone());
            let first = by_vendor.entry(place).or_insert_with(|| text(rule));
            assert_eq!(*first, text(rule), "{} in {}", rule.id, plan.file);
        }
    }
    assert!(by_id.len() > 25, "only {} rules", by_id.len());
}

/// A user's own feature with this text before its scenario.
fn own(rule: &str) -> Source {
    let text = format!(
        "Feature: own\n\n{rule}\n  Scenario: a ticket\n    Given an Ombori account\n    When Anna takes a walk-in ticket\n    Then every webhook is accepted\n"
    );
    Source {
        file: "own.feature".to_owned(),
        text: text.into(),
        lines: BTreeSet::new(),
        origin: Origin::Own,
    }
}

const RIGHT: &str = "  @rule:one-effect @should\n  Rule: Once is enough\n    Why: Twice is\n    too much.\n    Documented: it may\n    come twice.\n    Source: the contract with\n    the vendor\n    Inferred: it will.\n    # A comment is no part of it.\n";

#[test]
fn a_users_own_rule_is_read() {
    let plans = read(&[own(RIGHT)]).unwrap_or_else(|problems| panic!("{}", problems[0]));
    let rule = &plans[0].rules[0];
    assert_eq!((rule.id.as_str(), rule.level, rule.line), ("one-effect", Level::Should, 4));
    assert_eq!((rule.title.as_str(), rule.why.as_str()), ("Once is enough", "Twice is too much."));
    let evidence = rule.evidence.iter().map(|one| (one.kind, &*one.text, one.source.as_deref()));
    assert_eq!(
        evidence.collect::<Vec<_>>(),
        [
            (EvidenceKind::Documented, "it may come twice.", Some("the contract with the vendor")),
            (EvidenceKind::Inferred, "it will.", None),
        ]
    );
    assert_eq!(rule.explain, "standin explain one-effect own.feature");
    let tags = &plans[0].scenarios[0].tags;
    assert_eq!(rule_id(tags), Some("one-effect"));
}

#[test]
fn a_rule_that_only_groups_scenarios_is_no_rule_of_the_contract() {
    for plain in ["", "  Rule: Tickets\n", "  @slow\n  Rule: Tickets\n    They are of paper.\n"] {
        let plans = read(&[own(plain)]).unwrap_or_else(|problems| panic!("{}", problems[0]));
        assert!(plans[0].rules.is_empty(), "{plain}");
        assert_eq!(rule_id(&plans[0].scenarios[0].tags), None, "{plain}");
    }
}

#[test]
fn a_malformed_rule_is_a_mistake_with_its_place() {
    let change = |from: &str, to: &str| RIGHT.replace(from, to);
    for (rule, place, title) in [
        (change("one-effect", "One_Effect"), (3, 3), "of small letters and digits"),
        (change("one-effect", "one--effect"), (3, 3), "of small letters and digits"),
        (change("@should", ""), (3, 3), "neither `@must` nor `@should`"),
        (change("@should", "@should @must"), (3, 3), "both `@must` and `@should`"),
        (change("@should", "@rule:two @must"), (3, 3), "two ids"),
        (change("@rule:one-effect ", ""), (3, 3), "a level and no id"),
        (change("Rule: Once is enough", "Rule:"), (4, 1), "no text behind"),
        (change("Why: Twice", "Twice"), (5, 1), "begins with `Why:`"),
        (change("Why: Twice is\n    too much.\n", ""), (4, 1), "no `Why:`"),
        (change("Why: Twice is\n    too much.", "Why:"), (4, 1), "no `Why:`"),
        (change("Inferred:", "Why:"), (11, 1), "two reasons"),
        (change("    Source: the contract with\n    the vendor\n", ""), (7, 1), "has a `Source:`"),
        (change("Documented:", "Assumed:"), (7, 1), "nothing else has one"),
        (change("Inferred: it will.", "Inferred:"), (11, 1), "says nothing"),
        (change("Inferred: it", "Source: it"), (11, 1), "a source stands behind"),
        (RIGHT.split("    Documented").next().expect("a start").to_owned(), (4, 1), "no evidence"),
        ("  @rule:one-effect\n".to_owned(), (3, 3), "is not on a rule"),
    ] {
        let problems = read(&[own(&rule)]).err().unwrap_or_else(|| panic!("{title}: it passes"));
        let [problem] = &problems[..] else { panic!("{title}: {problems:?}") };
        assert!(problem.title.contains(title), "{title}: {problem}");
        assert_eq!((problem.line, problem.column), place, "{title}: {problem}");
    }
}

#[test]
fn a_level_belongs_to_a_rule() {
    let scenario = own("").text.replace("  Scenario:", "  @slow @should\n  Scenario:");
    let feature = own("").text.replace("Feature:", "@must\nFeature:");
    for (text, line, tag) in [(scenario, 4, "@should"), (feature, 1, "@must")] {
        let source = Source { text: text.into(), ..own("") };
        let problems = read(&[source]).err().expect("a level without a rule");
        assert_eq!((problems.len(), problems[0].line), (1, line), "{}", problems[0]);
        assert!(
            problems[0].title.contains(&format!("`{tag}` is not on a rule")),
            "{}",
            problems[0]
        );
    }
}

#[test]
fn each_row_of_a_long_outline_is_a_scenario_of_its_line() {
    let rows: String = (0..120).map(|row| format!("      | Guest{row} |\n")).collect();
    let text = format!(
        "Feature: own\n\n  Scenario Outline: <who>\n    Given an Ombori account\n    When <who> takes a walk-in ticket\n    Then every webhook is accepted\n\n    Examples: some\n      | who |\n{rows}\n    Examples: more\n      | who |\n      | Nina |\n"
    );
    let plans = read(&[Source { text: text.clone().into(), ..own("") }]);
    let plans = plans.unwrap_or_else(|problems| panic!("{}", problems[0]));
    let scenarios = &plans[0].scenarios;
    assert_eq!(scenarios.len(), 121);
    let lines: Vec<&str> = text.lines().collect();
    for scenario in scenarios {
        assert_eq!(lines[scenario.line - 1].trim(), format!("| {} |", scenario.name));
        assert_eq!(scenario.outline, Some(3), "{}", scenario.name);
        assert_eq!(scenario.steps[1].text, format!("{} takes a walk-in ticket", scenario.name));
    }
}

#[test]
fn an_id_has_one_level_and_one_rule_in_a_file() {
    let other =
        Source { file: "other.feature".to_owned(), ..own(&RIGHT.replace("@should", "@must")) };
    let problems = read(&[own(RIGHT), other.clone()]).err().expect("two levels");
    assert_eq!(
        problems[0].to_string(),
        "other.feature:3:3: the rule `one-effect` has the level `should` in own.feature"
    );
    let scenario = "  Scenario: one\n    Given an Ombori account\n    When Anna takes a walk-in ticket\n    Then every webhook is accepted\n";
    let twice = own(&format!("{RIGHT}{scenario}\n{RIGHT}"));
    let problems = read(&[twice]).err().expect("twice");
    assert!(problems[0].title.contains("twice"), "{}", problems[0]);
    assert_eq!(problems[0].line, 18);
}
