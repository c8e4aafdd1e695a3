//! What a failure of a scenario counts as: a failure, a warning, or a known failure.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::plan::{Key, Plan, ScenarioPlan};
use crate::model::result::{FeatureResult, ScenarioFailure, ScenarioResult, Verdict};
use crate::model::rule::{Level, Rule, rule_id};
use crate::model::tolerance::{Known, KnownScenarios, Named, Tolerance};

/// How much of the contract a run is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Whole features.
    Whole,
    /// Chosen scenarios. A rule may have others.
    Part,
}

/// What failures count as.
pub struct Counted<'a> {
    /// What is tolerated.
    pub tolerance: &'a Tolerance,
    /// The day of the run.
    pub today: Date,
}

impl Counted<'_> {
    /// What failures count as in a run that began at this time (RFC 3339, UTC).
    pub fn new<'a>(tolerance: &'a Tolerance, began: &str) -> Counted<'a> {
        let today = began.get(..10).and_then(|date| date.parse().ok());
        Counted { tolerance, today: today.unwrap_or(Date::MIN) }
    }

    /// The scenarios of these plans, to ask while they run.
    pub fn by_key<'a>(&'a self, plans: &'a [Plan]) -> ByKey<'a> {
        let scenarios = plans.iter().enumerate().flat_map(|(place, plan)| {
            let one =
                move |one: &'a ScenarioPlan| ((place, one.scenario.position.col), named(plan, one));
            plan.scenarios.iter().map(one)
        });
        ByKey { counted: self, named: scenarios.collect() }
    }

    /// Gives the scenarios that have failed their verdicts.
    pub fn judge(&self, listed: &Listed, features: &mut [FeatureResult]) {
        for feature in features {
            let verdict = |one: &ScenarioResult| {
                let (failure, named) = (one.failure.as_ref()?, listed.named(feature, one)?);
                Some(self.as_verdict(&named, failure))
            };
            let verdicts: Vec<Option<Verdict>> = feature.scenarios.iter().map(verdict).collect();
            for (scenario, verdict) in feature.scenarios.iter_mut().zip(verdicts) {
                if let (Verdict::Failed, Some(verdict)) = (&scenario.verdict, verdict) {
                    scenario.verdict = verdict;
                }
            }
        }
    }

    /// The verdict of a scenario that has failed like this. A bug of ours, or a receiver that cannot be
    /// reached, is never tolerated.
    fn as_verdict(&self, one: &Named<'_>, failure: &ScenarioFailure) -> Verdict {
        if failure.internal || failure.unreachable {
            return Verdict::Failed;
        }
        match self.tolerance.known(one, self.today) {
            Some(known) => Verdict::Known(known.in_words()),
            None if self.tolerance.warns(one) => Verdict::Warned,
            None => Verdict::Failed,
        }
    }

    /// What to say of the list of known failures: entries that are over, and entries whose scenarios
    /// all pass.
    pub fn notes(&self, scope: Scope, plans: &Listed, features: &[FeatureResult]) -> Vec<String> {
        let known = self.tolerance.known.iter();
        known.filter_map(|known| self.note(known, scope, plans, features)).collect()
    }

    fn note(
        &self,
        known: &Known,
        scope: Scope,
        listed: &Listed,
        features: &[FeatureResult],
    ) -> Option<String> {
        let mut all = features
            .iter()
            .flat_map(|feature| feature.scenarios.iter().map(move |scenario| (feature, scenario)));
        let meant = all.by_ref().filter(|(feature, one)| {
            listed.named(feature, one).is_some_and(|named| known.has(&named))
        });
        let meant: Vec<&ScenarioResult> = meant.map(|(_, scenario)| scenario).collect();
        let (file, line) = &known.place;
        let (place, which) = (format!("{file}:{line}"), &known.which);
        let failed = meant.iter().filter(|one| one.failure.is_some()).count();
        if let (true, Some(until)) = (known.is_over(self.today) && failed > 0, known.until) {
            return Some(format!(
                "{place}: the failures of {which} were known until {until}, which is over: they count again ({failed})"
            ));
        }
        let passes =
            |one: &&ScenarioResult| matches!(one.verdict, Verdict::Passed | Verdict::PassedInPart);
        // Of a rule, other scenarios may still fail.
        let all_ran = scope == Scope::Whole || matches!(which, KnownScenarios::Line(..));
        let is_mended = all_ran && !meant.is_empty() && meant.iter().all(passes);
        is_mended.then(|| format!("{place}: {which} no longer fails: remove it from the list"))
    }
}

/// The scenarios of a run that is under way.
pub struct ByKey<'a> {
    counted: &'a Counted<'a>,
    named: BTreeMap<Key, Named<'a>>,
}

impl ByKey<'_> {
    /// Whether this failure of a scenario fails the run.
    pub fn fails(&self, key: &Key, failure: &ScenarioFailure) -> bool {
        let named = self.named.get(key);
        named.is_none_or(|one| self.counted.as_verdict(one, failure) == Verdict::Failed)
    }
}

/// What of a plan a list of known failures can name, by file and line of the scenario.
pub struct Listed(BTreeMap<(String, usize), About>);

struct About {
    outline: Option<usize>,
    vendor: Option<&'static str>,
}

impl Listed {
    /// The scenarios of these plans.
    pub fn of(plans: &[Plan]) -> Self {
        let scenarios = plans.iter().flat_map(|plan| {
            plan.scenarios.iter().map(move |one| {
                let about = About { outline: one.outline, vendor: one.vendor };
                ((plan.file.clone(), one.line), about)
            })
        });
        Self(scenarios.collect())
    }

    /// A scenario with its result.
    pub fn named<'a>(
        &self,
        feature: &'a FeatureResult,
        scenario: &'a ScenarioResult,
    ) -> Option<Named<'a>> {
        let about = self.0.get(&(feature.file.clone(), scenario.line))?;
        let (rule, level) = rule(&feature.rules, &scenario.tags);
        Some(Named {
            file: &feature.file,
            lines: (scenario.line, about.outline),
            name: &scenario.name,
            vendor: about.vendor,
            rule,
            level,
        })
    }
}

/// A scenario that is planned.
pub fn named<'a>(plan: &'a Plan, scenario: &'a ScenarioPlan) -> Named<'a> {
    let (rule, level) = rule(&plan.rules, &scenario.tags);
    Named {
        file: &plan.file,
        lines: (scenario.line, scenario.outline),
        name: &scenario.name,
        vendor: scenario.vendor,
        rule,
        level,
    }
}

/// The id and the level of the rule that these tags name. Without a rule, a scenario is a must.
fn rule<'a>(rules: &'a [Rule], tags: &[String]) -> (Option<&'a str>, Level) {
    let rule = rule_id(tags).and_then(|id| rules.iter().find(|rule| rule.id == id));
    rule.map_or((None, Level::Must), |rule| (Some(rule.id.as_str()), rule.level))
}
