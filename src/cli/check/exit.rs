//! The exit code of `standin check`.

use crate::cli::errors::{BROKEN, BUG, PASSED, UNREACHABLE, USAGE};
use crate::model::result::{Run, ScenarioResult, Verdict};

/// Whether a run passes in which a scenario was skipped or passed only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipping {
    /// It does.
    Passes,
    /// It does not.
    Fails,
}

/// The exit code of a run.
pub fn exit_code(run: &Run, skipping: Skipping) -> u8 {
    let totals = run.totals();
    let is_left_out =
        |one: &ScenarioResult| matches!(one.verdict, Verdict::PassedInPart | Verdict::Skipped(_));
    let left_out = run.scenarios().any(|scenario| scenario.set_up && is_left_out(scenario));
    let failed = run.scenarios().filter(|scenario| scenario.verdict == Verdict::Failed);
    let failures: Vec<_> = failed.filter_map(|scenario| scenario.failure.as_ref()).collect();
    if run.bug || failures.iter().any(|failure| failure.internal) {
        BUG
    } else if failures.iter().any(|failure| !failure.unreachable) {
        BROKEN
    } else if !failures.is_empty() {
        UNREACHABLE
    } else if run.interrupted {
        // Scenarios that did not run may be broken.
        BROKEN
    } else if totals.judged() == 0 {
        // If the settings cause every scenario to be skipped, that is not a success.
        USAGE
    } else if skipping == Skipping::Fails && left_out {
        BROKEN
    } else {
        PASSED
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::result::{FeatureResult, ScenarioFailure};

    /// A run of one scenario.
    fn run(verdict: Verdict, failure: Option<ScenarioFailure>, interrupted: bool) -> Run {
        let scenario = ScenarioResult {
            name: String::new(),
            line: 1,
            tags: Vec::new(),
            verdict,
            vendor: None,
            set_up: true,
            took: Duration::ZERO,
            steps: Vec::new(),
            failure,
            exchanges: Vec::new(),
            probes: Vec::new(),
            repeat: String::new(),
        };
        let file = || "f.feature".to_owned();
        Run {
            version: "",
            started: String::new(),
            took: Duration::ZERO,
            target: String::new(),
            seed: 1,
            repeat: String::new(),
            interrupted,
            bug: false,
            warnings: Vec::new(),
            hints: Vec::new(),
            features: vec![FeatureResult {
                name: file(),
                file: file(),
                rules: Vec::new(),
                scenarios: vec![scenario],
            }],
        }
    }

    #[test]
    fn the_exit_code_says_whose_fault_it_is() {
        let failed = |unreachable, internal| {
            let failure = ScenarioFailure { unreachable, internal, ..Default::default() };
            exit_code(&run(Verdict::Failed, Some(failure), false), Skipping::Passes)
        };
        assert_eq!(exit_code(&run(Verdict::Passed, None, false), Skipping::Passes), 0);
        assert_eq!(failed(false, false), 1);
        assert_eq!(
            exit_code(&run(Verdict::Passed, None, true), Skipping::Passes),
            1,
            "the rest was not judged"
        );
        assert_eq!(
            exit_code(&run(Verdict::Skipped(String::new()), None, false), Skipping::Passes),
            2
        );
        let in_part = run(Verdict::PassedInPart, None, false);
        assert_eq!(exit_code(&in_part, Skipping::Passes), 0);
        assert_eq!(exit_code(&in_part, Skipping::Fails), 1);
        assert_eq!(exit_code(&run(Verdict::Passed, None, false), Skipping::Fails), 0);
        let mut other_vendor = run(Verdict::Passed, None, false);
        other_vendor.features.extend(run(Verdict::Skipped(String::new()), None, false).features);
        assert_eq!(exit_code(&other_vendor, Skipping::Fails), 1);
        other_vendor.features[1].scenarios[0].set_up = false;
        assert_eq!(exit_code(&other_vendor, Skipping::Fails), 0);
        assert_eq!(failed(true, false), 3);
        assert_eq!(failed(false, true), 70);
        let ended_by_bug = Run { bug: true, ..run(Verdict::Passed, None, true) };
        assert_eq!(exit_code(&ended_by_bug, Skipping::Passes), 70);
    }
}
