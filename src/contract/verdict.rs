//! What a failure of a scenario counts as: a failure, a warning, or a known failure.

use std::collections::{BTreeMap, BTreeSet};

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
        match self.tolerance.known(one, failure.kind, self.today) {
            Some(known) => Verdict::Known(known.in_words()),
            None if self.tolerance.warns(one) => Verdict::Warned,
            None => Verdict::Failed,
        }
    }

    /// What to say of the list of known failures: entries that are over, entries whose scenarios fail in
    /// another way, and entries whose scenarios all pass.
    pub fn notes(&self, scope: Scope, listed: &Listed, features: &[FeatureResult]) -> Vec<String> {
        let scenarios = features
            .iter()
            .flat_map(|feature| feature.scenarios.iter().map(move |scenario| (feature, scenario)));
        // A vendor that is not set up says nothing about its scenarios.
        let set_up = scenarios.filter(|(_, one)| one.set_up);
        let named = set_up.filter_map(|(feature, one)| Some((listed.named(feature, one)?, one)));
        let named: Vec<(Named<'_>, &ScenarioResult)> = named.collect();
        let note = |known: &Known| {
            let meant = named.iter().filter(|(named, _)| known.has(named)).map(|(_, one)| *one);
            let note = self.note(known, scope, &meant.collect::<Vec<_>>())?;
            Some(format!("{}:{}: {note}", known.place.0, known.place.1))
        };
        self.tolerance.known.iter().filter_map(note).collect()
    }

    /// What to say of an entry that means these scenarios.
    fn note(&self, known: &Known, scope: Scope, meant: &[&ScenarioResult]) -> Option<String> {
        let which = &known.which;
        let failures = meant.iter().filter_map(|one| Some((*one, one.failure.as_ref()?)));
        let failures = failures.filter(|(_, failure)| !failure.internal && !failure.unreachable);
        let (listed, other): (Vec<_>, Vec<_>) =
            failures.partition(|(_, failure)| known.means(failure.kind));
        let counts = |all: &[(&ScenarioResult, &ScenarioFailure)]| {
            all.iter().filter(|(one, _)| one.verdict == Verdict::Failed).count()
        };
        if let (Some(until), true, false) =
            (known.until, known.is_over(self.today), listed.is_empty())
        {
            let over = format!("the failures of {which} were known until {until}, which is over");
            return Some(match counts(&listed) {
                // Another entry, or the level of their rule, tolerates them.
                0 => format!("{over}: remove it from the list"),
                count => format!("{over}: they count again ({count})"),
            });
        }
        if let (Some(kind), count @ 1..) = (known.failure, counts(&other)) {
            let kinds: BTreeSet<&str> = other.iter().map(|(_, one)| one.kind.name()).collect();
            let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ");
            return Some(format!(
                "{which} fails in another way than was listed ({kinds}, not {}), which counts ({count})",
                kind.name()
            ));
        }
        // Of a rule, or of several scenarios of a name or a line, others may still fail.
        let is_one = match which {
            KnownScenarios::Line(_, line) => meant.iter().all(|one| one.line == *line),
            KnownScenarios::NameIn(_, name) => meant.iter().all(|one| one.name == *name),
            KnownScenarios::Rule(_) | KnownScenarios::Name(_) => false,
        };
        let all_ran = scope == Scope::Whole || is_one;
        let is_mended =
            all_ran && !meant.is_empty() && meant.iter().all(|one| one.verdict == Verdict::Passed);
        is_mended.then(|| format!("{which} no longer fails: remove it from the list"))
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
