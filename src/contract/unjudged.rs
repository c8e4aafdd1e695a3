//! Warnings about what a run did not judge: much of the contract, or everything about credentials.

use std::collections::BTreeMap;

use super::hopeless::STOPPED_EARLY;
use crate::model::result::{ScenarioResult, StepState, Verdict};

/// The tag of scenarios about credentials.
const CREDENTIALS: &str = "credentials";

/// How many reasons a warning names.
const NAMED: usize = 3;

/// What a reader must not take for judged. Scenarios of vendors that are not set up do not count.
pub fn warnings<'a>(scenarios: impl Iterator<Item = &'a ScenarioResult>) -> Vec<String> {
    let scenarios: Vec<&ScenarioResult> = scenarios.filter(|one| one.set_up).collect();
    let is_left_out =
        |one: &&&ScenarioResult| matches!(one.verdict, Verdict::Skipped(_) | Verdict::PassedInPart);
    let unjudged: Vec<_> = scenarios.iter().filter(is_left_out).copied().collect();
    let mut warnings = Vec::new();
    if unjudged.len() * 2 > scenarios.len() {
        warnings.push(format!(
            "most of the contract was not judged: {} of {} scenarios were skipped or passed only in part. {}",
            unjudged.len(),
            scenarios.len(),
            reasons(&unjudged)
        ));
    }
    let credentials: Vec<_> =
        scenarios.iter().copied().filter(|one| is_about_credentials(one)).collect();
    if !credentials.is_empty() && !judges_credentials(&credentials) {
        warnings.push(format!("nothing about credentials was judged. {}", reasons(&credentials)));
    }
    warnings
}

/// Whether a scenario is about credentials.
pub fn is_about_credentials(scenario: &ScenarioResult) -> bool {
    scenario.tags.iter().any(|tag| tag == CREDENTIALS)
}

/// Whether a run has judged whether wrong credentials are refused. That right ones are accepted says
/// nothing about it. A failure speaks for itself.
fn judges_credentials(scenarios: &[&ScenarioResult]) -> bool {
    let steps = scenarios.iter().flat_map(|one| &one.steps);
    let refusals: Vec<_> = steps.filter(|step| step.expects_refusal).collect();
    let is_judged = |one: &&ScenarioResult| match one.verdict {
        Verdict::Failed | Verdict::Warned | Verdict::Known(_) => true,
        Verdict::Passed | Verdict::PassedInPart => refusals.is_empty(),
        Verdict::Skipped(_) => false,
    };
    refusals.iter().any(|step| step.state == StepState::Passed) || scenarios.iter().any(is_judged)
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
    let (early, rest): (Vec<_>, Vec<_>) =
        counts.into_iter().partition(|(reason, _)| reason.starts_with(STOPPED_EARLY));
    let mut counts: Vec<(String, usize)> =
        rest.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    // They are long and much alike, so one speaks for all.
    if let [(first, _), others @ ..] = &early[..] {
        let like = if others.is_empty() { "" } else { ", and the like" };
        counts.push((format!("{first}{like}"), early.iter().map(|(_, count)| count).sum()));
    }
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let named = counts.iter().take(NAMED).map(|(reason, count)| format!("{reason} ({count})"));
    format!("Why: {}", named.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::result::StepResult;

    fn scenario(verdict: Verdict, tags: &[&str]) -> ScenarioResult {
        ScenarioResult {
            name: String::new(),
            line: 1,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            verdict,
            vendor: None,
            set_up: true,
            took: Duration::ZERO,
            steps: Vec::new(),
            failure: None,
            exchanges: Vec::new(),
            probes: Vec::new(),
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
        assert_eq!(
            warnings(all.iter()),
            [
                "most of the contract was not judged: 3 of 5 scenarios were skipped or passed only \
                 in part. Why: no probe `a.b` in standin.yaml (2); no secret (1)",
                "nothing about credentials was judged. Why: no secret (1)"
            ]
        );
        assert!(warnings(all[3..].iter()).is_empty());
        assert!(warnings([].iter()).is_empty());
    }

    #[test]
    fn a_vendor_that_is_not_set_up_is_no_gap() {
        let other = || ScenarioResult {
            set_up: false,
            ..scenario(skipped("a is not set up in standin.yaml"), &[CREDENTIALS])
        };
        let all = [other(), other(), scenario(Verdict::Passed, &[])];
        assert!(warnings(all.iter()).is_empty());
    }

    #[test]
    fn credentials_are_judged_only_where_a_refusal_is() {
        let refusal = |state, verdict| {
            let step = StepResult {
                keyword: "Then".to_owned(),
                text: "the last webhook is refused".to_owned(),
                line: 2,
                column: 1,
                state,
                reason: (state == StepState::NotJudged).then(|| "429".to_owned()),
                expects_refusal: true,
            };
            ScenarioResult { steps: vec![step], ..scenario(verdict, &[CREDENTIALS]) }
        };
        let accepted = || scenario(Verdict::Passed, &[CREDENTIALS]);
        let limited = refusal(StepState::NotJudged, Verdict::PassedInPart);
        let all = [accepted(), limited, accepted()];
        assert_eq!(warnings(all.iter()), ["nothing about credentials was judged. Why: 429 (1)"]);
        for refused in [
            refusal(StepState::Passed, Verdict::Passed),
            refusal(StepState::Passed, Verdict::PassedInPart),
            refusal(StepState::Failed, Verdict::Failed),
            refusal(StepState::NotRun, Verdict::Failed),
        ] {
            let all = [accepted(), refused, accepted()];
            assert!(warnings(all.iter()).is_empty());
        }
        assert!(warnings([accepted()].iter()).is_empty(), "no refusal is expected");
    }
}
