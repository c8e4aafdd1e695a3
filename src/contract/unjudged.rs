//! Warnings about what a run did not judge: much of the contract, or everything about credentials.

use std::collections::BTreeMap;

use crate::model::result::{ScenarioResult, StepState, Verdict};

/// The tag of scenarios about credentials.
const CREDENTIALS: &str = "credentials";

/// How many reasons a warning names.
const NAMED: usize = 3;

/// What a reader must not take for judged. The scenarios are those of the vendors that are set up.
pub fn warnings(scenarios: &[&ScenarioResult]) -> Vec<String> {
    let unjudged: Vec<_> = scenarios.iter().filter(|one| one.verdict != Verdict::Passed).collect();
    let unjudged = unjudged.into_iter().filter(|one| one.verdict != Verdict::Failed);
    let unjudged: Vec<&ScenarioResult> = unjudged.copied().collect();
    let mut warnings = Vec::new();
    if unjudged.len() * 2 > scenarios.len() {
        warnings.push(format!(
            "most of the contract was not judged: {} of {} scenarios were skipped or passed only in part. {}",
            unjudged.len(),
            scenarios.len(),
            reasons(&unjudged)
        ));
    }
    let tagged = |one: &&&ScenarioResult| one.tags.iter().any(|tag| tag == CREDENTIALS);
    let skipped = |one: &&ScenarioResult| matches!(one.verdict, Verdict::Skipped(_));
    let credentials: Vec<&ScenarioResult> = scenarios.iter().filter(tagged).copied().collect();
    if !credentials.is_empty() && credentials.iter().all(skipped) {
        warnings.push(format!("nothing about credentials was judged. {}", reasons(&credentials)));
    }
    warnings
}

/// The most frequent reasons, with the number of scenarios that have them.
fn reasons(unjudged: &[&ScenarioResult]) -> String {
    let mut counts = BTreeMap::<&str, usize>::new();
    for scenario in unjudged {
        let mut reasons: Vec<&str> = match &scenario.verdict {
            Verdict::Skipped(reason) => vec![reason],
            _ => {
                let steps = scenario.steps.iter();
                let unjudged = steps.filter(|step| step.state == StepState::NotJudged);
                unjudged.filter_map(|step| step.reason.as_deref()).collect()
            }
        };
        reasons.sort_unstable();
        reasons.dedup();
        reasons.into_iter().for_each(|reason| *counts.entry(reason).or_default() += 1);
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let named = counts.iter().take(NAMED).map(|(reason, count)| format!("{reason} ({count})"));
    format!("Why: {}", named.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn scenario(verdict: Verdict, tags: &[&str]) -> ScenarioResult {
        ScenarioResult {
            name: String::new(),
            line: 1,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            verdict,
            took: Duration::ZERO,
            steps: Vec::new(),
            failure: None,
            exchanges: Vec::new(),
            repeat: String::new(),
        }
    }

    fn skipped(why: &str) -> Verdict {
        Verdict::Skipped(why.to_owned())
    }

    #[test]
    fn a_run_that_judged_little_says_so_and_why() {
        let (probe, secret) = (skipped("no probe `a.b` in standin.yaml"), skipped("no secret"));
        let all = [
            scenario(probe.clone(), &[]),
            scenario(probe, &[]),
            scenario(secret, &[CREDENTIALS]),
            scenario(Verdict::Passed, &[]),
            scenario(Verdict::Failed, &[]),
        ];
        let all: Vec<&ScenarioResult> = all.iter().collect();
        assert_eq!(
            warnings(&all),
            [
                "most of the contract was not judged: 3 of 5 scenarios were skipped or passed only \
                 in part. Why: no probe `a.b` in standin.yaml (2); no secret (1)",
                "nothing about credentials was judged. Why: no secret (1)"
            ]
        );
        assert!(warnings(&all[3..]).is_empty());
        assert!(warnings(&[]).is_empty());
    }
}
