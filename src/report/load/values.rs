//! Values as people read them.

use crate::model::load::{Aborted, BaselineResult, BaselineRow, LoadReport, Shards};
use crate::report::text::one_line;
use crate::text::some_of;

/// A value with its unit.
pub(super) fn of(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else { return "not known".to_owned() };
    match unit {
        "/s" => format!("{value:.0}/s"),
        _ => format!("{value:.2} {unit}"),
    }
}

/// How much a value has changed.
pub(super) fn change(row: &BaselineRow) -> String {
    match (row.change_percent, row.old, row.new) {
        (Some(percent), ..) => format!("{percent:+.1} %"),
        (None, Some(old), Some(new)) if old == new => "±0 %".to_owned(),
        (None, Some(_), Some(_)) => "from zero".to_owned(),
        _ => "–".to_owned(),
    }
}

/// A likelihood.
pub(super) fn chance(chance: Option<f64>) -> String {
    match chance {
        None => "–".to_owned(),
        Some(chance) if chance < 0.001 => "< 0.1 %".to_owned(),
        Some(chance) => format!("{:.1} %", chance * 100.0),
    }
}

/// What a run is compared with, and by which rule.
pub(super) fn about(compared: &BaselineResult) -> [String; 2] {
    let BaselineResult { limit_percent, seconds: [old, new], .. } = compared;
    let (file, began) = (one_line(&compared.file), one_line(&compared.started));
    let version = one_line(&compared.version);
    let noise = match compared.too_short {
        false => format!(
            "and a chance below 1 % that equal runs differ like that ({old} seconds before, {new} now)"
        ),
        true => {
            format!("alone: {old} whole seconds before and {new} now are too few to tell noise")
        }
    };
    [
        format!("{file}, begun {began}, Standin {version}"),
        format!("Worse is more than {limit_percent} %, {noise}"),
    ]
}

/// Why a run was ended early.
pub(super) fn aborted(one: &Aborted) -> String {
    let (text, value) = (one_line(&one.text), one_line(&one.value));
    format!("ended early after {:.1} s, because {text}: it was {value}", one.after_s)
}

/// Which shards the results are of.
pub(super) fn shards(found: &Shards) -> String {
    let Shards { of, joined } = found;
    match (joined.first(), joined.len()) {
        (_, all) if all == *of => format!("all {of} shards"),
        (Some(shard), 1) => format!("shard {shard}/{of}"),
        (_, some) => format!("{some} of {of} shards; missing: {}", some_of(&found.missing())),
    }
}

/// Milliseconds, three significant digits: `0.42`, `8.13`, `1240`.
pub(super) fn milliseconds(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// For how long the journal has held the load back, if it has.
pub(super) fn held_back(report: &LoadReport) -> Option<String> {
    let held = report.journal_held_s.filter(|held| *held > 0.0)?;
    Some(format!("the journal held the load back for {held:.1} s, and that counts as lateness"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_have_three_digits() {
        assert_eq!(
            [0.423, 8.126, 42.04, 1240.4].map(milliseconds),
            ["0.42", "8.13", "42.0", "1240"]
        );
    }
}
