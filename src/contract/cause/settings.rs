//! Values that differ only in form: a setting of the probe would make them equal.

use std::collections::BTreeMap;

use super::failures::{Cause, FEWEST, Place, unexplained};
use crate::model::result::{Difference, FeatureResult};
use crate::text::counted;

/// A cause for each setting of a probe that would make all values of failures equal.
pub fn causes(features: &[FeatureResult]) -> Vec<Cause> {
    let mut found = BTreeMap::<(&str, &str), (Vec<Place>, &Difference)>::new();
    for (place, _, failure) in unexplained(features) {
        let Some(probe) = &failure.probe else { continue };
        let hints = || failure.differences.iter().map(|one| one.hint.as_deref());
        if let [first, ..] = &failure.differences[..]
            && let Some(hint) = &first.hint
            && hints().all(|hint| hint.is_some())
        {
            found.entry((&probe.probe, hint)).or_insert_with(|| (Vec::new(), first)).0.push(place);
        }
    }
    let enough = found.into_iter().filter(|(_, (failures, _))| failures.len() >= FEWEST);
    let cause = |((probe, hint), (failures, first)): ((&str, &str), (Vec<Place>, &Difference))| {
        let Difference { field, expected, actual, .. } = first;
        let (expected, actual) = (short(expected), short(actual));
        let text = format!(
            "`{field}` of the probe `{probe}` has another form than the vendor's value in {}, such as {actual} for \
             {expected}: {hint}",
            counted(failures.len() as u64, "scenario")
        );
        Cause { text, failures }
    };
    enough.map(cause).collect()
}

/// The most characters of a value.
const VALUE: usize = 60;

fn short(value: &str) -> String {
    let rest = if value.chars().count() > VALUE { "…" } else { "" };
    value.chars().take(VALUE).collect::<String>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::probed::ProbeExchange;
    use crate::model::result::{ScenarioFailure, ScenarioResult, Verdict};

    fn failed(differences: &[(&str, Option<&str>)]) -> ScenarioResult {
        let difference = |(field, hint): &(&str, Option<&str>)| Difference {
            field: (*field).to_owned(),
            expected: "91.50".to_owned(),
            actual: "9150".to_owned(),
            hint: hint.map(str::to_owned),
        };
        let failure = ScenarioFailure {
            differences: differences.iter().map(difference).collect(),
            probe: Some(ProbeExchange { probe: "a.b".to_owned(), ..ProbeExchange::default() }),
            ..ScenarioFailure::default()
        };
        ScenarioResult {
            name: String::new(),
            line: 1,
            tags: Vec::new(),
            verdict: Verdict::Failed,
            vendor: None,
            set_up: true,
            took: std::time::Duration::ZERO,
            steps: Vec::new(),
            failure: Some(failure),
            exchanges: Vec::new(),
            probes: Vec::new(),
            repeat: String::new(),
        }
    }

    #[test]
    fn values_that_a_setting_would_make_equal_are_one_cause() {
        let cents = Some("`factor: 100` would make them equal");
        let of = |scenarios| FeatureResult {
            name: String::new(),
            file: String::new(),
            rules: Vec::new(),
            scenarios,
        };
        let alike = || failed(&[("amount", cents), ("fee", Some("another"))]);
        let lost = || failed(&[("amount", cents), ("name", None)]);
        let features = [of(vec![alike(), lost(), alike()]), of(vec![alike(), lost()])];
        let found = causes(&features);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].failures, [(0, 0), (0, 2), (1, 0)]);
        assert_eq!(
            found[0].text,
            "`amount` of the probe `a.b` has another form than the vendor's value in 3 scenarios, such as 9150 for 91.50: \
             `factor: 100` would make them equal"
        );
        assert!(causes(&[of(vec![alike(), alike(), lost()])]).is_empty(), "two are too few");
    }
}
